"""Lenses on values: nothing where something was expected, the wrong shape, or a rule of the database."""

import re

from assistant.drafting.playbook.facts import Facts
from assistant.drafting.playbook.lenses.common import again, quotes, where
from assistant.drafting.playbook.proposal import Asked, Proposal
from assistant.drafting.playbook.quoting import distinct, quote_of
from assistant.drafting.playbook.wording import clean
from assistant.evidence import Kind
from assistant.sections import Quote

NONE = re.compile(
    r"'NoneType' object (?:has no attribute '(?P<name>\w+)'|is not (?P<use>[a-z]{4,20}))"
    r"|because (?:the return value of )?\"(?P<java>[^\"\n]{1,160})\" is null|Cannot read propert(?:y|ies) (?:of (?:undefined|null) \(reading )?'(?P<script>\w{1,60})'(?:\)| of (?:undefined|null))"
    r"|nil pointer dereference|NullReferenceException|NullPointerException"
)
CALL_OF_OURS = r"^\s{0,8}at (?!(?:java|javax|jdk|sun|kotlin|scala|jakarta|node:|org\.(?:springframework|apache|junit|hibernate|gradle|eclipse))\b)(?![^\n]{0,300}node_modules)[^\n]{3,300}"
"""The first line of a Java or JavaScript stack trace that is no library's."""
KEY = re.compile(r"^'?(?P<key>[\w.\- ]{1,80})'?$")
CONSTRAINT = re.compile(r"(?i)(?:constraint|column|index)[: ]{1,3}[\"']?(?P<name>[\w.]{2,80})")
FORMATS = frozenset(
    {
        "UnicodeDecodeError",
        "UnicodeEncodeError",
        "JSONDecodeError",
        "ValueError",
        "TypeError",
        "ParserError",
        "InvalidOperation",
        "DecodeError",
        "JSONException",
        "JsonParseException",
        "NumberFormatException",
        "MalformedURLException",
        "URISyntaxException",
        "DateTimeParseException",
        "ParseException",
        "ArithmeticException",
        "SyntaxError",
        "RangeError",
    }
)
INPUT = re.compile(
    r"(?i)decode|encode|codec|invalid literal|could not convert|does not match format|Expecting|Invalid isoformat|offset-naive|parse|not JSON serializable|unsupported operand|can't multiply sequence|can only concatenate|must be \w+, not|not supported between instances|unhashable type|is not subscriptable|is not iterable|object is not callable|no protocol|overflow|For input string|Unexpected token|Unexpected end of|Unparseable|could not be parsed|out of range|Illegal character"
)
FORMS = (
    (
        r"Expecting value: line 1 column 1 ",
        "the text is empty or no JSON at all, as an HTML page, an error message or a body that was read before",
    ),
    (
        r"Expecting |Extra data|Invalid control character|Unterminated string",
        "the text is nearly JSON and breaks at the position that is named: a trailing comma, single quotes, a comment, two documents in one, a cut end",
    ),
    (r"codec can't|surrogate|utf-?8", "its bytes are in another encoding than the one assumed, or are no text"),
    (
        r"offset-naive|isoformat|does not match format",
        "a date has another format than the one assumed, or has a time zone where the other has none",
    ),
    (r"not JSON serializable", "it holds a type that JSON does not know (a date, a decimal, a model)"),
)
OTHER_FORM = "another type, encoding, date or number format, or time zone than the one assumed"


def none(facts: Facts) -> Proposal | None:
    """A value that is None where an object was expected."""
    found = NONE.search(facts.messages)
    if found is None:
        return None
    frame = facts.innermost
    code = clean(frame.code) if frame else ""
    value = clean(found["java"] or "") or (_before(frame.code, found["name"] or found["script"] or "") if frame else "")
    what = f"`{value}`" if value else "the value"
    read = clean(found["name"] or found["script"] or "")
    use = f"reads `{read}` of it" if read else "uses it as if it held something"
    nothing = "None" if facts.failure.language == "python" else "null"
    return Proposal(
        key="none",
        score=7.5,
        theory=(
            f"{what[0].upper() + what[1:] if not value else what} is {nothing} when {where(facts) or 'the code'} {use}: the call that should supply it found or returned nothing "
            "(no row, a missing key, a branch without `return`), and nothing checks for that."
        ),
        quotes=distinct([*quotes(facts, code), quote_of(facts, CALL_OF_OURS) if nothing == "null" else None]),
        test=f"{again(facts, '--showlocals -x')} and look at what made {what} {nothing}: print it right after it is assigned.",
        if_true=f"{what[0].upper() + what[1:] if not value else what} is {nothing} from the moment it is assigned.",
        if_false="It holds an object first and is emptied or replaced later.",
        solution="Make the supplier return a value or raise, or handle the missing case where it is used.",
        asked=Asked(
            primary=(
                f"Which call leaves {what} without a value before {where(facts) or 'it is used'}?"
                if facts.ours or value
                else f"Which call returns `{nothing}` here?",
            ),
            architecture=(f"Should a missing result be an error at its source rather than `{nothing}`?",),
        ),
    )


def missing_key(facts: Facts) -> Proposal | None:
    """A key or position that the data does not have."""
    if not facts.names & {"KeyError", "IndexError"}:
        return None
    found = KEY.match(facts.failure.cause.message.split("\n")[0].strip()) if "KeyError" in facts.names else None
    key = clean(found["key"]) if found else ""
    what = f"the key `{key}`" if key else "the key or position that is asked for"
    return Proposal(
        key="missing-key",
        score=7.0,
        theory=(
            f"The data that {where(facts) or 'the code'} reads does not hold {what}: its producer names it differently (it was renamed), leaves it out in this case (it is optional, or no longer sent), or filled the container later than it is read."
        ),
        quotes=distinct([*quotes(facts, facts.innermost.code if facts.innermost else ""), _container(facts)]),
        test=f"{again(facts, '--showlocals -x')} and print the keys (or the length) of the container just before the line that fails.",
        if_true=f"The container is there and lacks {what}.",
        if_false="The container is not the one that was expected, or is empty.",
        solution="Bring producer and reader to the same name, or give a default where the entry may be missing.",
        asked=Asked(
            primary=(
                f"Who should have put {what} into the data, and when?"
                if key
                else f"Which entry does `{facts.exception}` miss, and who should have put it there?",
            ),
            queries=(f"python {facts.exception} lookup of a value that is not listed yet, default or validation",)
            if facts.exception
            else (),
        ),
    )


def format_of_input(facts: Facts) -> Proposal | None:
    """Input in another encoding, format, type or time zone than the code expects."""
    if not facts.names & FORMATS or not INPUT.search(facts.messages):
        return None
    form = next((told for pattern, told in FORMS if re.search(pattern, facts.messages)), OTHER_FORM)
    return Proposal(
        key="format",
        score=5.5,
        theory=f"The input that {where(facts) or 'the code'} converts is not in the form it expects: {form}.",
        quotes=quotes(facts, facts.ours.code if facts.ours else facts.innermost.code if facts.innermost else ""),
        test=f"{again(facts, '--showlocals -x')} and print `repr()` and `type()` of the value just before the conversion.",
        if_true="The printed value shows the unexpected form.",
        if_false="The value has the expected form; the conversion itself changed.",
        solution="State the format, encoding or time zone explicitly where the value is made and where it is read.",
        asked=Asked(primary=(f"Where does the value come from that `{facts.exception}` refuses, and in which form is it produced?",)),
    )


def validation(facts: Facts) -> Proposal | None:
    """A model or schema that refuses data."""
    if not any("Validation" in name or name in {"SchemaError", "InvalidRequest"} for name in facts.names):
        return None
    return Proposal(
        key="validation",
        score=5.5,
        theory=(
            f"The data given to the model does not fit its declaration: a field is missing, has another type or name than {where(facts) or 'the schema'} declares, "
            "or the schema became stricter than the data's producer."
        ),
        quotes=quotes(facts),
        test=f"{again(facts, '--showlocals -x')} and compare the refused fields with the model's declaration, field by field.",
        if_true="At least one field of the input differs from the declaration.",
        if_false="All fields fit; then another model or version of the library validates.",
        solution="Change the declaration or the producer so that both name and type agree.",
        asked=Asked(primary=(f"Which field does `{facts.exception}` refuse, and which side is right: the data or the declaration?",)),
    )


def constraint(facts: Facts) -> Proposal | None:
    """A row that breaks a rule of the database."""
    if not facts.names & {
        "IntegrityError",
        "UniqueViolation",
        "UniqueViolationError",
        "ForeignKeyViolation",
        "ForeignKeyViolationError",
        "NotNullViolation",
        "NotNullViolationError",
    }:
        return None
    found = CONSTRAINT.search(facts.messages)
    name = f" (`{clean(found['name'])}`)" if found else ""
    numbered = (
        " If the key is a number that the database gives out, its sequence stands behind the rows: some were inserted with explicit ids (an import, a restore, fixtures)."
        if found and re.search(r"(?i)pkey|primary|\.id\b", found[0])
        else ""
    )
    return Proposal(
        key="constraint",
        score=5.0,
        theory=(
            f"A row that {where(facts) or 'the code'} writes breaks a constraint of the database{name}: the same data already exists from an earlier step, "
            f"or the check in the code does not compare what is stored.{numbered}"
        ),
        quotes=quotes(facts, found[0] if found else ""),
        test=f"{again(facts, '-x')} against an empty database, and select the rows with the refused values before the write.",
        if_true="The conflicting row is there before the write.",
        if_false="The database is empty; then the code writes the row twice in one run.",
        solution="Compare normalised values before writing, clean up between runs, or use the database's own upsert.",
        asked=Asked(
            primary=(f"Which earlier step wrote the row that `{facts.exception}` collides with?",),
            architecture=(f"Should the code rely on the constraint and handle `{facts.exception}`, or check before it writes?",),
        ),
    )


def _container(facts: Facts) -> Quote | None:
    """The definition of the container that is read, where the evidence shows it."""
    found = re.search(r"([A-Za-z_]\w{1,60})\[", facts.innermost.code) if facts.innermost else None
    return quote_of(facts, rf"^{re.escape(found[1])}\b[^=\n]{{0,80}}= ?[^\n]+", kind=Kind.CODE) if found else None


def _before(code: str, name: str) -> str:
    """The expression whose attribute is read, in a source line."""
    found = (
        re.search(rf"([A-Za-z_][\w.\[\]'\"]{{0,60}}(?:\([^()]{{0,40}}\))?)\.{re.escape(name)}\b", code)
        if name
        else re.search(r"([A-Za-z_][\w.]{0,60})\[", code)
    )
    return clean(found[1]) if found else ""
