"""What the playbook writes for logs and code, the whole way from text: descriptions, evidence for and against, queries."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.drafting import Case, Drafted
from assistant.drafting.playbook import Playbook
from assistant.evidence import Kind, Ledger
from assistant.gathering import Given, gather
from assistant.mining import error_block, log_around, mine
from assistant.redaction import Redactor
from assistant.sections import Stance
from assistant.sources.source import Source

Draft = Callable[..., Drafted]

FLUSHED = """Traceback (most recent call last):
  File "/srv/app/outbox.py", line 3, in record
    session.add(Event(stamp=order.changed_at.isoformat()))
  File "/opt/venv/lib/python3.11/site-packages/sqlalchemy/orm/state.py", line 828, in _load_expired
    self.manager.expired_attribute_loader(self, toload, passive)
  File "/opt/venv/lib/python3.11/site-packages/sqlalchemy/util/_concurrency_py3k.py", line 123, in await_only
    raise exc.MissingGreenlet("greenlet_spawn has not been called; can't call await_only() here")
sqlalchemy.exc.MissingGreenlet: greenlet_spawn has not been called; can't call await_only() here. Was IO attempted in an unexpected place? (Background on this error at: https://sqlalche.me/e/20/xd2s)
"""
OUTBOX = """async def record(session, order: Order):
    await session.flush()
    session.add(Event(stamp=order.changed_at.isoformat()))
"""
MODELS = """class Order:
    changed_at = mapped_column(onupdate=func.now())
"""
DB = "SessionLocal = async_sessionmaker(engine, expire_on_commit=False)\n"


@pytest.fixture
def drafted(tmp_path: Path) -> Draft:
    """What the playbook makes of a log and the files of a repository."""

    def make(log: str, files: Mapping[str, str] | None = None) -> Drafted:
        for path, text in (files or {}).items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
        redactor = Redactor()
        mined = mine((Source("run.log", log),), redactor)
        ledger, primary = Ledger().add(error_block(mined.failures[0]))
        ledger, _ = ledger.extend(log_around(mined.failures[0], mined))
        failure = replace(mined.failures[0], evidence=primary.id)
        found = gather(failure, (), repo=tmp_path if files else None, given=Given(logs=mined.logs), ledger=ledger, redactor=redactor)
        return Playbook().draft(Case(failure=failure, others=(), ledger=found.ledger, versions=found.versions))

    return make


def pytest_log(test: str, *block: str, summary: str = "") -> str:
    head = ["============================= test session starts ==============================", "collected 2 items", ""]
    failures = ["=================================== FAILURES ===================================", f"____ {test} ____", "", *block, ""]
    end = [
        "=========================== short test summary info ============================",
        summary,
        "=== 1 failed, 1 passed in 0.10s ===",
    ]
    return "\n".join([*head, *failures, *end])


def quoted(drafted: Drafted, number: int, stance: Stance) -> list[str]:
    return [quote.quote for quote in drafted.hypotheses[number].evidence if quote.stance is stance]


def test_what_ran_before_the_failing_line_decides_between_two_rules(drafted: Draft) -> None:
    assert "commit" in (drafted(FLUSHED).hypotheses[0].theory or "")
    moved = FLUSHED.replace("line 3, in record", "line 5, in record")
    found = drafted(moved, {"app/outbox.py": "from app.models import Order\n\n" + OUTBOX, "app/models.py": MODELS})
    assert (found.hypotheses[0].theory or "").startswith("A flush, not a commit, expired the attribute")
    assert quoted(found, 0, Stance.FOR)[:2] == ["await session.flush()", "changed_at = mapped_column(onupdate=func.now())"]


def test_a_hypothesis_that_the_code_speaks_against_comes_later_and_says_so(drafted: Draft) -> None:
    source = "from app.db import SessionLocal\n\n" + OUTBOX.replace("await session.flush()", "assert SessionLocal")
    found = drafted(FLUSHED.replace("line 3, in record", "line 5, in record"), {"app/outbox.py": source, "app/db.py": DB})
    theories = [hypothesis.theory or "" for hypothesis in found.hypotheses]
    against = next(number for number, theory in enumerate(theories) if "`expire_on_commit` is left at its default" in theory)
    assert against > 0
    assert quoted(found, against, Stance.AGAINST) == ["SessionLocal = async_sessionmaker(engine, expire_on_commit=False)"]


def test_what_a_rule_knows_is_no_evidence_for_its_hypothesis(drafted: Draft) -> None:
    found = drafted(FLUSHED)
    notes = {piece.id for piece in found.ledger if piece.kind is Kind.NOTE}
    assert notes
    assert not any(quote.id in notes for hypothesis in found.hypotheses for quote in hypothesis.evidence)
    assert any(note in issue for note in notes for issue in found.similar_issues)


def test_the_line_that_says_what_was_raised_is_quoted_rather_than_the_librarys_source(drafted: Draft) -> None:
    first = quoted(drafted(FLUSHED), 0, Stance.FOR)[0]
    assert (
        first
        == "sqlalchemy.exc.MissingGreenlet: greenlet_spawn has not been called; can't call await_only() here. Was IO attempted in an unexpected place?"
    )


def test_title_description_and_queries_leave_out_where_to_read_on(drafted: Draft) -> None:
    found = drafted(FLUSHED)
    assert not any("Background on this error" in text for text in (found.title, found.brief_description, *found.search_queries))
    assert (
        "The error says: `greenlet_spawn has not been called; can't call await_only() here. Was IO attempted in an unexpected place?` (E1)."
        in (found.brief_description)
    )


def test_a_plain_assertion_names_what_made_the_value_and_the_kind_of_difference(drafted: Draft) -> None:
    log = pytest_log(
        "test_total",
        "    def test_total():",
        "        total = discount(1000, 10)",
        ">       assert total == 900",
        "E       assert 899 == 900",
        "",
        "tests/test_shop.py:6: AssertionError",
        summary="FAILED tests/test_shop.py::test_total - assert 899 == 900",
    )
    files = {
        "tests/test_shop.py": "from shop import discount\n\n\ndef test_total():\n    total = discount(1000, 10)\n    assert total == 900\n",
        "shop.py": "def discount(total, percent):\n    return total - total * percent // 100 - 1\n",
    }
    found = drafted(log, files)
    assert "the two differ by one" in (found.hypotheses[0].theory or "")
    assert quoted(found, 0, Stance.FOR) == ["assert 899 == 900", "total = discount(1000, 10)", "return total - total * percent // 100 - 1"]
    assert found.primary_questions[0] == "Which change of `discount` or of its data leads to `899` where `900` is expected?"
    assert found.search_queries == ("off by one error inclusive exclusive boundary rounding",)


def test_a_missing_key_shows_the_container_that_lacks_it(drafted: Draft) -> None:
    log = "Traceback (most recent call last):\n  File \"/srv/shop.py\", line 5, in gross\n    return net * RATES[country]\nKeyError: 'at'\n"
    found = drafted(log, {"shop.py": 'RATES = {"de": 19}\n\n\ndef gross(net, country):\n    return net * RATES[country]\n'})
    assert 'RATES = {"de": 19}' in quoted(found, 0, Stance.FOR)


@pytest.mark.parametrize(
    ("log", "wanted"),
    [
        ("Fatal Python error: Segmentation fault\n", "Native code died (`Segmentation fault`)"),
        ("sh: 1: pnpm: not found\nERROR: the step failed with exit code 127\n", "The program `pnpm` is not installed"),
        (
            'Traceback (most recent call last):\n  File "/srv/rates.py", line 3, in fetch\n    response.raise_for_status()\n'
            "httpx.HTTPStatusError: Client error '404 Not Found' for url 'http://rates.test/usd'\n",
            "answers `404`",
        ),
        (
            'java.lang.NullPointerException: Cannot invoke "shop.Address.country()" because the return value of "shop.Customer.address()" is null\n'
            "\tat shop.Tax.rate(Tax.java:48)\n\tat org.springframework.web.Servlet.doGet(Servlet.java:5)\n",
            "`shop.Customer.address()` is null when",
        ),
        (
            'Traceback (most recent call last):\n  File "/srv/a.py", line 3, in load\n    return json.loads(text)\n'
            "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)\n",
            "the text is empty or no JSON at all",
        ),
    ],
)
def test_failures_that_no_rule_knows_get_a_theory_that_fits(drafted: Draft, log: str, wanted: str) -> None:
    assert wanted in (drafted(log).hypotheses[0].theory or "")


def test_a_compilers_message_is_told_without_the_program_and_place_before_it(drafted: Draft) -> None:
    log = "/usr/bin/ld: /build/src/gui/new.c:835:(.text+0x6003): undefined reference to `estimate'\ncollect2: error: ld returned 1 exit status\n"
    assert drafted(log).title == "undefined reference to estimate'"


def test_a_version_that_is_pinned_speaks_against_an_upgrade_by_chance(drafted: Draft) -> None:
    log = (
        'Traceback (most recent call last):\n  File "/srv/a.py", line 1, in run\n    tool.go()\n'
        '  File "/opt/venv/lib/python3.11/site-packages/toolbox/core.py", line 9, in go\n    raise Stop(1)\ntoolbox.Stop: no more\n'
    )
    found = drafted(log, {"a.py": "tool.go()\n", "requirements.txt": "toolbox==3.1.0\n"})
    moved = next(number for number, one in enumerate(found.hypotheses) if "was moved to another release" in (one.theory or ""))
    assert quoted(found, moved, Stance.AGAINST) == ["toolbox==3.1.0"]
