"""What a statement may say: what stands in the evidence, and general knowledge that says that it is none."""

import pytest
from hypothesis import given, strategies as st

from assistant.checking.grounding import Vocabulary, is_marked, is_verbatim, paths_in, sentences, unsupported
from assistant.evidence import Evidence, Kind, Ledger, Origin
from assistant.redaction import Redactor

TRACE = """\
app/outbox.py:15: in order_payload
    "updated_at": order.updated_at.isoformat(),
.venv/lib/python3.11/site-packages/sqlalchemy/orm/attributes.py:569: in __get__
E   sqlalchemy.exc.MissingGreenlet: greenlet_spawn has not been called
[… 12 lines cut …]
2 failed, 7 passed in 1.36s"""
CODE = 'return {\n    "updated_at": order.updated_at.isoformat(),\n}'
PINS = "sqlalchemy==2.0.58\ngreenlet==3.5.6\nPython 3.11.7"


def vocabulary() -> Vocabulary:
    mask = Redactor().mask
    pieces = [
        Evidence(kind=Kind.ERROR, origin=Origin("run.log", 18, 164), text=mask(TRACE)),
        Evidence(kind=Kind.CODE, origin=Origin("app/outbox.py", 13, 17), text=mask(CODE)),
        Evidence(kind=Kind.ENVIRONMENT, origin=Origin("requirements.lock", 1, 3), text=mask(PINS)),
    ]
    return Vocabulary(Ledger().extend(pieces)[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two? Three!", ("One.", "Two?", "Three!")),
        ("It is 3.12. Then it fails.", ("It is 3.12.", "Then it fails.")),
        ("Use a client, e.g. httpx. Done.", ("Use a client, e.g. httpx.", "Done.")),
        ("The span `a. b? c` is one.", ("The span `a. b? c` is one.",)),
        ("It changed in 2.1 (not in evidence). Next.", ("It changed in 2.1 (not in evidence).", "Next.")),
        ("It changed in 2.1. (not in evidence) Next.", ("It changed in 2.1. (not in evidence)", "Next.")),
        ("lower case. also ends.", ("lower case.", "also ends.")),
        ("", ()),
    ],
)
def test_a_text_is_split_into_sentences(text, expected):
    assert sentences(text) == expected


@given(st.text(alphabet="aB1 .?!`()\n", max_size=200))
def test_no_letter_is_lost_between_sentences(text):
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@pytest.mark.parametrize("said", ["It changed (not in evidence).", "It changed. (not in evidence)", "Did it change (not in evidence)?"])
def test_a_mark_at_the_end_of_a_sentence_counts(said):
    assert is_marked(said)


@pytest.mark.parametrize("said", ["(not in evidence) it changed.", "It is not in evidence.", "It (not in evidence) changed."])
def test_a_mark_elsewhere_does_not_count(said):
    assert not is_marked(said)


@pytest.mark.parametrize(
    "said",
    [
        "`MissingGreenlet` is raised at `app/outbox.py`, line 15.",
        "It runs `app/outbox.py:15`.",
        "Lines 13-17 of `app/outbox.py` build the payload.",
        "The code at `app/outbox.py`, line 16, is shown.",
        "`sqlalchemy` 2.0.58 on Python 3.11.",
        "The log `run.log`, lines 20-40, tells.",
        "Since 1.4.99 a `LazyLoadError` is raised (not in evidence).",
        r"Escaped \`app/outbox.py\`, line 15.",
    ],
)
def test_what_stands_in_the_evidence_may_be_said(said):
    assert list(unsupported(said, vocabulary())) == []


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("It runs on 3.12.1.", ("unsupported-version", "3.12.1")),
        ("See `app/ghost.py`.", ("unsupported-path", "app/ghost.py")),
        ("See /srv/ghost/data/.", ("unsupported-path", "/srv/ghost/data/.")),
        ("It fails at line 999.", ("unsupported-line", "999")),
        ("It fails at `app/outbox.py`, line 569.", ("unsupported-line", "569")),
        ("It fails at `app/outbox.py:569`.", ("unsupported-line", "569")),
        ("Line 569 of `app/outbox.py` fails.", ("unsupported-line", "569")),
        ("A `GhostError` is raised.", ("unsupported-name", "GhostError")),
        ("Read https://example.org/x for it.", ("unsupported-url", "https://example.org/x")),
    ],
)
def test_what_stands_in_no_evidence_is_found(said, expected):
    assert list(unsupported(said, vocabulary())) == [expected]


@pytest.mark.parametrize(
    "said",
    ["`app/ghost.py` is new (not in evidence).", "Line 999 fails (not in evidence).", "https://example.org/x tells (not in evidence)."],
)
def test_a_mark_never_allows_paths_lines_or_addresses(said):
    assert list(unsupported(said, vocabulary()))


def test_a_mark_covers_its_own_sentence_only():
    said = "It runs on 9.8.7. Since 1.4.99 it is so (not in evidence). It needs 6.5.4."
    assert list(unsupported(said, vocabulary())) == [("unsupported-version", "9.8.7"), ("unsupported-version", "6.5.4")]


@pytest.mark.parametrize("said", ["Install httpx 0.27.2.", "Expect a `GhostError`.", "GET /orders/1/ship answers.", "Curl localhost:8000."])
def test_a_proposal_may_name_new_versions_names_routes_and_ports(said):
    assert list(unsupported(said, vocabulary(), proposed=True)) == []


@pytest.mark.parametrize(
    "said", ["Edit `app/ghost.py`.", "Write to /srv/ghost/.", "Look at `app/outbox.py:99`.", "See www.example.org now."]
)
def test_a_proposal_names_no_new_paths_lines_or_addresses(said):
    assert list(unsupported(said, vocabulary(), proposed=True))


def test_attributes_are_no_files_in_a_proposal():
    assert paths_in("Print self.lock and response.json, then app/x.py.", proposed=True) == ["app/x.py"]


def test_a_version_belongs_to_the_name_that_has_it_in_the_evidence():
    assert list(vocabulary().false_pairs("`sqlalchemy` 3.5.6 with greenlet==3.5.6 on Python 3.11")) == ["sqlalchemy 3.5.6"]


def test_a_cut_note_is_no_quote():
    piece = vocabulary().ledger.items[0]
    assert is_verbatim("2 failed,\n  7 passed", piece)
    assert not is_verbatim("[… 12 lines cut …]", piece)
    assert not is_verbatim("12 lines cut", piece)
    assert not is_verbatim("  ", piece)


@given(st.text(max_size=300))
def test_any_text_can_be_checked(text):
    assert isinstance(list(unsupported(text, vocabulary())), list)


@given(st.integers(0, len(TRACE) - 1), st.integers(1, 80))
def test_every_cut_of_the_evidence_is_verbatim(start, length):
    quote = TRACE[start : start + length]
    held = vocabulary().ledger.items[0]
    assert is_verbatim(quote, held) or "cut" in TRACE[max(0, start - 30) : start + length + 30] or not quote.strip()
