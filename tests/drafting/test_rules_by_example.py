"""Every rule of the playbook fires on the logs it must match and on none of its near misses, the whole way from text.

An example is a log, or a mapping of `log` and `files` (path to text) where a rule also looks at the code.
"""

import json
import tempfile
from functools import cache
from pathlib import Path

import pytest
import yaml

from assistant.checking.grounding import Vocabulary, is_verbatim, unsupported
from assistant.drafting import Case, Drafted
from assistant.drafting.playbook import Playbook
from assistant.drafting.playbook.facts import facts_of
from assistant.drafting.playbook.matching import match_rule
from assistant.drafting.playbook.pattern import compiled
from assistant.drafting.playbook.rules import EXAMPLES, FOLDER, Rule, all_rules
from assistant.evidence import Ledger
from assistant.gathering import Given, gather
from assistant.mining import error_block, log_around, mine
from assistant.redaction import Redactor
from assistant.sources.source import Source

RULES = {rule.id: rule for rule in all_rules()}


@cache
def examples() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for path in sorted(FOLDER.rglob(f"*{EXAMPLES}")):
        found.update(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
    return found


def logs(key: str) -> list[pytest.param]:
    return [
        pytest.param(rule_id, json.dumps(log), id=f"{rule_id}-{number}")
        for rule_id, held in examples().items()
        for number, log in enumerate(held[key])
    ]


def parts(example: str) -> tuple[str, dict[str, str]]:
    held = json.loads(example)
    return (held, {}) if isinstance(held, str) else (held["log"], held["files"])


@cache
def case_of(example: str) -> Case:
    with tempfile.TemporaryDirectory() as folder:
        log, files = parts(example)
        for path, text in files.items():
            (Path(folder) / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / path).write_text(text)
        return gathered_case(log, Path(folder) if files else None)


def gathered_case(log: str, repo: Path | None) -> Case:
    redactor = Redactor()
    mined = mine((Source("run.log", log),), redactor)
    assert mined.failures, "no failure was found in the example"
    failure = mined.failures[0]
    ledger, primary = Ledger().add(error_block(failure))
    ledger, _ = ledger.extend(log_around(failure, mined))
    held = failure.__class__(**{name: getattr(failure, name) for name in failure.__dataclass_fields__} | {"evidence": primary.id})
    gathered = gather(held, (), repo=repo, given=Given(logs=mined.logs), ledger=ledger, redactor=redactor)
    return Case(failure=held, others=(), ledger=gathered.ledger, versions=gathered.versions)


def fires(rule: Rule, log: str) -> bool:
    text = "\n".join(piece.text for piece in case_of(log).ledger).lower()
    drafted = Playbook().draft(case_of(log))
    shown = any(f"`{rule.id}`" in known for known in drafted.similar_issues)
    assert shown == (match_rule(rule, facts_of(case_of(log))) is not None and bool(text)), (
        "its signs or the limit keep the rule from firing"
    )
    return shown


def statements(drafted: Drafted) -> list[str]:
    hypotheses = [text for h in drafted.hypotheses for text in (h.theory, h.test, h.if_true, h.if_false) if text]
    questions = [*drafted.primary_questions, *drafted.technical_questions, *drafted.architecture_questions]
    return [
        drafted.brief_description,
        *hypotheses,
        *questions,
        *drafted.success_criteria,
        *drafted.information_needed,
        *drafted.potential_solutions,
    ]


def test_every_rule_has_examples_to_match_and_to_leave():
    lacking = [rule_id for rule_id in RULES if not examples().get(rule_id, {}).get("matches") or not examples()[rule_id].get("near_misses")]
    assert lacking == []
    assert set(examples()) <= set(RULES)


@pytest.mark.parametrize(("rule_id", "log"), logs("matches"))
def test_a_rule_fires_on_the_logs_it_must_match(rule_id, log):
    assert fires(RULES[rule_id], log)


@pytest.mark.parametrize(("rule_id", "log"), logs("near_misses"))
def test_a_rule_leaves_its_near_misses_alone(rule_id, log):
    if mine((Source("run.log", parts(log)[0]),), Redactor()).failures:
        assert not fires(RULES[rule_id], log)


@pytest.mark.parametrize(("rule_id", "log"), logs("matches"))
def test_what_a_rule_says_stands_in_the_evidence(rule_id, log):
    drafted = Playbook().draft(case_of(log))
    vocabulary = Vocabulary(drafted.ledger)
    assert [problem for text in statements(drafted) for problem in unsupported(text, vocabulary)] == []


@pytest.mark.parametrize(("rule_id", "log"), logs("matches"))
def test_every_draft_has_two_hypotheses_with_verbatim_quotes(rule_id, log):
    drafted = Playbook().draft(case_of(log))
    assert 2 <= len(drafted.hypotheses) <= 4
    for hypothesis in drafted.hypotheses:
        assert hypothesis.theory
        assert hypothesis.test
        assert hypothesis.evidence
        assert all(is_verbatim(quote.quote, drafted.ledger.get(quote.id)) and len(quote.quote) <= 200 for quote in hypothesis.evidence)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_pattern_of_a_rule_compiles(rule):
    patterns = [getattr(when, key) for when in (rule.when, rule.unless) for key in ("message", "text", "frame", "code", "ran")]
    sought = [quote.match for theory in rule.hypotheses for quote in (*theory.quotes, *theory.against)]
    for pattern in filter(None, [*patterns, *sought]):
        compiled(pattern)
