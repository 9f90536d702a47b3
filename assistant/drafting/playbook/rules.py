"""Rules as data: what a playbook file may say, read and checked strictly.

A file holds `topic` and `rules`. A rule is only parsed when one of its signs stands in the evidence, so that hundreds of
rules cost next to nothing. Each rule:

    id            kebab-case, unique; the first key
    signs         JSON list of small-letter words, one of which stands in whatever the rule fits; the second key, on one line
    when          conditions that must all hold: language, exception, message, text, frame, code, ran, package
                  (`ran` looks at the lines of our functions that ran before the failing one)
    unless        the same keys; none may hold
    severity      Low, Medium, High or Blocking (optional)
    background    one or two sentences of known fact; becomes a note in the ledger
    hypotheses    list of theory, quotes, against, test, if_true, if_false, solution
    questions     primary, technical, architecture
    queries       exact, general, change
    information, criteria   lists

`matches` and `near_misses` stand in `<topic>.examples.yaml`, which only the tests read.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from assistant.drafting.playbook.parsing import parsed
from assistant.drafting.playbook.shape import Fields
from assistant.drafting.playbook.versions import is_range
from assistant.drafting.playbook.wording import KNOWN, placeholders
from assistant.errors import TemplateError

FOLDER = Path(__file__).parent
FAMILIES = "families"
"""The folder of rules about a whole kind of failure: they give way to a rule that knows the very message."""

EXAMPLES = ".examples.yaml"
FORMAT = "the format is told in assistant/drafting/playbook/rules.py"
SHORTEST_SIGN = 3
HEAD = re.compile(r"(?:#[^\n]*\n){0,20}topic: (?P<topic>[^\n]{1,80})\nrules:\n(?=- )")
ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
RULE = re.compile(r"^- id: (?P<id>\S{1,80})\n  signs: (?P<signs>\[[^\n]{2,2000}\])$", re.MULTILINE)
QUOTED_KINDS = ("error", "log", "code", "config", "environment", "history")
SEVERITIES = ("Low", "Medium", "High", "Blocking")


class When(NamedTuple):
    """Conditions on a case; an empty one holds for all."""

    language: str = ""
    exception: tuple[str, ...] = ()
    message: str = ""
    text: str = ""
    frame: str = ""
    code: str = ""
    ran: str = ""
    package: tuple[tuple[str, str], ...] = ()


class Sought(NamedTuple):
    """A quote to look for: a pattern, and the kind of evidence it must stand in (empty for any)."""

    match: str
    kind: str = ""


class Theory(NamedTuple):
    """One hypothesis of a rule, with placeholders."""

    theory: str
    quotes: tuple[Sought, ...]
    against: tuple[Sought, ...]
    test: str
    if_true: str
    if_false: str
    solution: str


class Rule(NamedTuple):
    """A known way to fail."""

    id: str
    topic: str
    when: When
    unless: When
    severity: str
    background: str
    hypotheses: tuple[Theory, ...]
    questions: Mapping[str, tuple[str, ...]]
    queries: tuple[str, ...]
    information: tuple[str, ...]
    criteria: tuple[str, ...]
    family: bool = False


class Unread(NamedTuple):
    """A rule that is not parsed yet: its text, and the signs that tell whether it is worth it."""

    where: str
    topic: str
    signs: tuple[str, ...]
    source: str


def rules_for(text: str, folder: Path = FOLDER) -> tuple[Rule, ...]:
    """The rules of which a sign stands in a text.

    Args:
        text: the evidence.
        folder: where the playbook's files lie.

    Raises:
        TemplateError: a file or one of these rules does not keep the format.
    """
    folded = text.lower()
    return tuple(read(unread) for unread in unread_rules(folder) if any(sign in folded for sign in unread.signs))


def all_rules(folder: Path = FOLDER) -> tuple[Rule, ...]:
    """Every rule of the playbook, ids checked to be unique.

    Raises:
        TemplateError: a file or rule does not keep the format, or two rules share an id.
    """
    rules = tuple(read(unread) for unread in unread_rules(folder))
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise TemplateError(f"playbook rule {rule.id}: two rules have this id", hint="ids are unique over all files")
        seen.add(rule.id)
    return rules


@cache
def unread_rules(folder: Path = FOLDER) -> tuple[Unread, ...]:
    """All rules of a folder, split but not parsed.

    Raises:
        TemplateError: a file has another shape than topic and rules with signs.
    """
    found: list[Unread] = []
    for path in (*sorted(folder.glob("*.yaml")), *sorted((folder / FAMILIES).glob("*.yaml"))):
        if not path.name.endswith(EXAMPLES):
            name = path.relative_to(folder).as_posix()
            found.extend(split(name, path.read_text(encoding="utf-8")))
    return tuple(found)


def split(where: str, source: str) -> Iterator[Unread]:
    """Split a file into its rules.

    Args:
        where: the file's name, for errors.
        source: its text.

    Raises:
        TemplateError: it has another shape.
    """
    head = HEAD.match(source)
    if head is None:
        raise TemplateError(f"{where}: it must begin with `topic: …` and `rules:`", hint=FORMAT)
    starts = [match.start() for match in re.finditer(r"^- ", source, re.MULTILINE)]
    for start, end in zip(starts, [*starts[1:], len(source)], strict=True):
        first = RULE.match(source, start)
        if first is None:
            raise TemplateError(
                f"{where}: {source[start : start + 60].splitlines()[0]}: a rule begins with `id` and `signs`, one line each", hint=FORMAT
            )
        yield Unread(f"{where}: rule {first['id']}", head["topic"], _signs(where, first), source[start:end])


@cache
def read(unread: Unread) -> Rule:
    """Parse one rule.

    Raises:
        TemplateError: it does not keep the format.
    """
    rule = _rule(Fields(parsed(unread.source, unread.where), unread.where), unread.topic)
    return rule._replace(family=unread.where.startswith(f"{FAMILIES}/"))


def _signs(where: str, first: re.Match[str]) -> tuple[str, ...]:
    try:
        signs = json.loads(first["signs"])
    except ValueError as error:
        raise TemplateError(f"{where}: rule {first['id']}: `signs` is no JSON list: {error}", hint=FORMAT) from error
    if not signs or not all(isinstance(sign, str) and len(sign) > SHORTEST_SIGN and sign == sign.lower() for sign in signs):
        raise TemplateError(f"{where}: rule {first['id']}: `signs` are texts of small letters, longer than {SHORTEST_SIGN}", hint=FORMAT)
    return tuple(signs)


def _rule(fields: Fields, topic: str) -> Rule:
    name = fields.text("id")
    if not ID.fullmatch(name):
        raise fields.error("the id is not kebab-case")
    fields.texts("signs")
    when, unless = _when(fields.inner("when")), _when(fields.inner("unless", needed=False))
    if when == When():
        raise fields.error("`when` has no condition")
    theories = tuple(_theory(Fields(record, fields.where)) for record in fields.records("hypotheses"))
    questions, queries = fields.inner("questions", needed=False), fields.inner("queries", needed=False)
    rule = Rule(
        id=name,
        topic=topic,
        when=when,
        unless=unless,
        severity=fields.one_of("severity", SEVERITIES),
        background=fields.text("background"),
        hypotheses=theories,
        questions={key: questions.texts(key, needed=False) for key in ("primary", "technical", "architecture")},
        queries=tuple(query for key in ("exact", "general", "change") for query in queries.texts(key, needed=False)),
        information=fields.texts("information", needed=False),
        criteria=fields.texts("criteria", needed=False),
    )
    for part in (fields, questions, queries):
        part.finish()
    _check_placeholders(rule, fields)
    return rule


def _when(fields: Fields) -> When:
    package = fields.mapping("package")
    for name, spec in package.items():
        if not is_range(spec):
            raise fields.error(f"`package` {name}: {spec!r} is no range as in `>=2,<3`")
    found = When(
        language=fields.text("language", needed=False),
        exception=fields.texts("exception", needed=False),
        message=fields.text("message", needed=False),
        text=fields.text("text", needed=False),
        frame=fields.text("frame", needed=False),
        code=fields.text("code", needed=False),
        ran=fields.text("ran", needed=False),
        package=tuple(package.items()),
    )
    fields.finish()
    return found


def _theory(fields: Fields) -> Theory:
    found = Theory(
        theory=fields.text("theory"),
        quotes=_sought(fields, "quotes"),
        against=_sought(fields, "against"),
        test=fields.text("test"),
        if_true=fields.text("if_true"),
        if_false=fields.text("if_false"),
        solution=fields.text("solution", needed=False),
    )
    fields.finish()
    return found


def _sought(fields: Fields, key: str) -> tuple[Sought, ...]:
    found = []
    for item in fields.anything(key):
        if isinstance(item, str):
            found.append(Sought(item))
            continue
        inner = Fields(item, fields.where)
        found.append(Sought(inner.text("match"), inner.one_of("in", QUOTED_KINDS)))
        inner.finish()
    return tuple(found)


def _check_placeholders(rule: Rule, fields: Fields) -> None:
    """Only known placeholders and the rule's own named groups may stand in its texts."""
    named = set(re.findall(r"\(\?P<(\w+)>", rule.when.message + rule.when.text))
    for text in texts_of(rule):
        for name, argument in placeholders(text):
            if name not in KNOWN | named or bool(argument) != (name == "version"):
                raise fields.error(f"unknown placeholder {{{name}{':' + argument if argument else ''}}}")


def texts_of(rule: Rule) -> tuple[str, ...]:
    """Every text of a rule that placeholders may stand in."""
    theories = (text for t in rule.hypotheses for text in (t.theory, t.test, t.if_true, t.if_false, t.solution))
    questions = (text for texts in rule.questions.values() for text in texts)
    return (*theories, *questions, *rule.queries, *rule.information, *rule.criteria)
