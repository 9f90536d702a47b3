"""The playbook's drafts: two to four hypotheses on any failure, nothing invented, nothing evaluated."""

import ast
from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from assistant.checking.grounding import Vocabulary, is_verbatim, unsupported
from assistant.drafting import Case, Drafted
from assistant.drafting.playbook import Playbook
from assistant.drafting.playbook.facts import facts_of
from assistant.drafting.playbook.lenses import LENSES
from assistant.drafting.playbook.wording import clean, fill, from_mapping, shorten
from assistant.evidence import Cause, Evidence, Failure, Frame, Kind, Ledger, Origin, Version
from assistant.redaction import Redactor

STARLETTE = Frame(
    "/opt/venv/lib/python3.12/site-packages/starlette/testclient.py",
    402,
    "__init__",
    "super().__init__(app=app)",
    ours=False,
    package="starlette",
)
TEST = Frame("tests/test_items.py", 12, "test_list", "client = make_client(app)")


def case_of(
    exception: str,
    message: str,
    *,
    frames: tuple[Frame, ...] = (TEST,),
    test: str = "tests/test_items.py::test_list",
    phase: str = "call",
    log: str = "",
) -> Case:
    lines = [f"{frame.path}:{frame.line}: in {frame.function}\n    {frame.code}" for frame in frames]
    text = Redactor().mask("\n".join([test, *lines, f"E   {exception}: {message}" if exception else f"E   {message}"]))
    ledger, held = Ledger().add(Evidence(kind=Kind.ERROR, origin=Origin("run.log", 1, 9), text=text))
    if log:
        ledger, _ = ledger.add(Evidence(kind=Kind.LOG, origin=Origin("run.log", 10, 20), text=Redactor().mask(log)))
    failure = Failure(
        language="python",
        exception=exception,
        message=message,
        frames=frames,
        chain=(Cause(exception, message, frames),),
        origin=held.origin,
        text=text,
        test_id=test,
        phase=phase,
        evidence=held.id,
    )
    return Case(failure=failure, others=(), ledger=ledger, versions={})


def draft(*args: str, **options: object) -> Drafted:
    return Playbook().draft(case_of(*args, **options))


def theories(drafted: Drafted) -> str:
    return "\n".join(hypothesis.theory or "" for hypothesis in drafted.hypotheses)


@pytest.mark.parametrize(
    ("exception", "message", "frames", "wanted"),
    [
        (
            "TypeError",
            "Server.start() got an unexpected keyword argument 'port'",
            (TEST, STARLETTE),
            "newer release removed the `port` argument",
        ),
        ("AttributeError", "module 'toolbox' has no attribute 'hammer'", (TEST,), "a newer `toolbox` removed `hammer`"),
        ("ImportError", "cannot import name 'hammer' from 'toolbox' (/x/site-packages/toolbox.py)", (TEST,), "no longer offers it"),
        ("ImportError", "cannot import name 'a' from partially initialized module 'b.c' (x)", (TEST,), "import each other in a circle"),
        ("ModuleNotFoundError", "No module named 'billing.rates'", (TEST,), "working directory"),
        ("AttributeError", "'NoneType' object has no attribute 'id'", (replace(TEST, code="return user.id"),), "`user` is None"),
        ("KeyError", "'price'", (TEST,), "the key `price`"),
        ("UnicodeDecodeError", "'utf-8' codec can't decode byte 0xff in position 0", (TEST,), "encoding"),
        ("AssertionError", "assert 3 == 2", (TEST,), "`3` where `2` is expected"),
        ("AssertionError", "assert 500 == 201", (TEST,), "exception inside the handler"),
        ("Failed", "DID NOT RAISE <class 'ValueError'>", (TEST,), "no longer refuses"),
        ("OSError", "[Errno 111] Connection refused", (TEST,), "not running"),
        ("FileNotFoundError", "[Errno 2] No such file or directory: 'data/rates.csv'", (TEST,), "`data/rates.csv`"),
        ("TimeoutError", "timed out", (TEST,), "waits for something that is held or never comes"),
        ("KeyError", "'PAYMENT_API_URL'", (TEST,), "The setting `PAYMENT_API_URL` is missing"),
        ("RuntimeError", "coroutine 'load' was never awaited", (TEST,), "awaiting"),
    ],
)
def test_a_lens_names_the_mechanism_where_no_rule_is_needed(exception, message, frames, wanted):
    assert wanted in theories(draft(exception, message, frames=frames))


@pytest.mark.parametrize(
    ("exception", "message", "test"),
    [
        ("ShopError", "no stock", "tests/test_items.py::test_list"),
        ("", "make: *** [all] Error 2", ""),
        ("ValueError", "", ""),
        ("", "x" * 5000, ""),
        ("E501", "(E99) E7", "a::b"),
    ],
)
def test_any_failure_gets_two_to_four_hypotheses(exception, message, test):
    drafted = draft(exception, message, test=test)
    assert 2 <= len(drafted.hypotheses) <= 4
    assert drafted.primary_questions
    assert drafted.technical_questions
    assert drafted.architecture_questions


def test_the_same_case_gives_the_same_draft():
    case = case_of("TypeError", "Client.__init__() got an unexpected keyword argument 'app'", frames=(TEST, STARLETTE))
    assert Playbook().draft(case) == Playbook().draft(case)


def test_a_rule_that_fits_leaves_its_background_as_a_note_that_is_cited():
    drafted = draft("TypeError", "Client.__init__() got an unexpected keyword argument 'app'", frames=(TEST, STARLETTE))
    note = drafted.ledger.get("E2")
    assert note.kind is Kind.NOTE
    assert str(note.origin) == "playbook rule httpx-app-argument-removed"
    assert drafted.similar_issues == (f"Known pattern `httpx-app-argument-removed`: {note.text} (E2)",)
    assert drafted.hypotheses[0].theory.startswith("httpx 0.28 removed the `app` argument")


def test_a_rule_for_certain_versions_is_silent_on_others():
    message = "'test_Queue' object has no attribute 'queue'"
    case = case_of("AttributeError", message)
    old = replace(case, versions={"pytest": Version("pytest", "7.4.4", "E1")})
    assert "nose" in theories(Playbook().draft(case))
    assert "nose" not in theories(Playbook().draft(old))


def test_values_from_a_log_are_never_evaluated():
    drafted = draft("ValueError", "{0.__class__} {exception} %s ${x} {{y}}")
    assert drafted.title == "ValueError: {0.__class__} {exception} %s ${x} {{y}}"
    assert "`{0.__class__} {exception} %s ${x} {{y}}`" in drafted.brief_description


def test_an_exception_name_that_the_log_does_not_show_is_not_said():
    case = case_of("", "assert 429 == 200")
    drafted = Playbook().draft(replace(case, failure=replace(case.failure, exception="AssertionError")))
    assert "AssertionError" not in drafted.brief_description
    assert drafted.title == "test_list: assert 429 == 200"


def test_names_of_tests_that_were_cut_away_are_put_into_the_ledger():
    case = case_of("ValueError", "wrong")
    drafted = Playbook().draft(replace(case, failure=replace(case.failure, others=("tests/test_b.py::test_far",))))
    assert "`tests/test_b.py::test_far` passes (E1)" in drafted.success_criteria
    assert any("tests/test_b.py::test_far" in piece.text for piece in drafted.ledger if piece.kind is Kind.NOTE)


@pytest.mark.parametrize(
    ("exception", "message", "phase", "test", "wanted"),
    [
        ("ModuleNotFoundError", "No module named 'x'", "collection", "tests/test_a.py", "Blocking"),
        ("ModuleNotFoundError", "No module named 'x'", "", "", "Blocking"),
        ("AssertionError", "assert 500 == 201", "call", "tests/a.py::t", "High"),
        ("ValueError", "wrong", "call", "tests/a.py::t", "Medium"),
        ("ValueError", "wrong", "", "", "High"),
    ],
)
def test_severity_is_proposed_by_what_the_failure_stops(exception, message, phase, test, wanted):
    assert draft(exception, message, phase=phase, test=test).severity == wanted


def test_the_title_is_one_short_line_without_markup():
    title = draft("ValueError", "`very` long " * 30 + "\nsecond line").title
    assert len(title) <= 140
    assert "`" not in title
    assert title.endswith(" …")


def test_queries_hold_nothing_private():
    message = "cannot open /home/ada/shop/rates.csv at 10.1.2.3:5432 for ada@example.org in shopkeeper.rates"
    ours = Frame("shopkeeper/rates.py", 4, "load", "open(path)")
    queries = "\n".join(draft("OSError", message, frames=(ours,)).search_queries)
    assert "cannot open" in queries
    for private in ("/home", "10.1.2.3", "ada@", "shopkeeper"):
        assert private not in queries


def test_the_acceptance_test_runs_the_failing_test():
    source = draft("ValueError", "wrong", test='tests/a.py::test_x["quoted"]').acceptance_test
    tree = ast.parse(source)
    assert ast.get_docstring(tree.body[0])
    assert r'"tests/a.py::test_x[\"quoted\"]"' in source


def test_the_acceptance_test_of_an_import_failure_imports_the_module():
    assert 'importlib.import_module("billing")' in draft("ModuleNotFoundError", "No module named 'billing'", test="").acceptance_test


def test_a_test_id_is_quoted_for_the_shell():
    tests = "\n".join(h.test or "" for h in draft("ValueError", "wrong", test="tests/a.py::test_x[a b; rm]").hypotheses)
    assert "'tests/a.py::test_x[a b; rm]'" in tests


def test_every_filled_place_says_who_drafted_it():
    drafted = draft("ValueError", "wrong")
    assert {f"hypotheses.hypothesis_{n}" for n in range(1, len(drafted.hypotheses) + 1)} <= set(drafted.drafts)
    assert "additional_context.similar_issues_encountered" not in drafted.drafts
    assert all(mark.by == "playbook" and mark.evidence for mark in drafted.drafts.values())


NASTY = st.text(alphabet=st.sampled_from("aE1(){}[]`'\"\\/.: \n%$<>_-0é…\u202e"), max_size=60)


@settings(max_examples=150, deadline=None)
@given(exception=st.sampled_from(["", "TypeError", "KeyError", "shop.errors.StockError", "AssertionError"]), message=NASTY, code=NASTY)
def test_whatever_the_log_says_quotes_are_verbatim_and_nothing_is_invented(exception, message, code):
    drafted = draft(exception, message, frames=(replace(TEST, code=code.replace("\n", " ")), STARLETTE))
    vocabulary = Vocabulary(drafted.ledger)
    assert 2 <= len(drafted.hypotheses) <= 4
    for hypothesis in drafted.hypotheses:
        assert hypothesis.evidence
        assert all(is_verbatim(quote.quote, drafted.ledger.get(quote.id)) for quote in hypothesis.evidence)
        assert list(unsupported(hypothesis.theory, vocabulary)) == []
    assert all(drafted.ledger.get(cited) for mark in drafted.drafts.values() for cited in mark.evidence)


@given(st.text(max_size=300), st.integers(min_value=5, max_value=100))
def test_a_shortened_text_is_the_beginning_of_the_whole(text, limit):
    short = shorten(text, limit)
    assert text.startswith(short)
    assert len(short) <= limit


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("All `{a}`. And `{b}`.", "All `x`."),
        ("`{b}` is missing.", ""),
        ("{{a}} and {'ssl': 1}", "{a} and {'ssl': 1}"),
        ("`{a}` first. Then more.", "`x` first. Then more."),
    ],
)
def test_a_sentence_without_its_value_is_left_out(text, wanted):
    assert fill(text, from_mapping({"a": "x"})) == wanted


@pytest.mark.parametrize(("value", "wanted"), [("a`b", "ab"), ("one  two three", "two three"), ("see E12", ""), ("E12x", "E12x")])
def test_a_value_is_one_verbatim_piece_that_reads_as_no_citation(value, wanted):
    assert clean(value) == wanted


def test_every_lens_keeps_silent_on_what_it_does_not_concern():
    facts = facts_of(case_of("ShopError", "no stock", frames=()))
    speaking = {name for name, lens in LENSES.items() if lens(facts)}
    assert speaking == {"state", "step", "environment"}


@pytest.mark.parametrize(("exception", "message", "title"), [("KeyError", "12", "KeyError: 12"), ("AssertionError", "", "AssertionError")])
def test_an_exception_is_taken_at_its_word_however_short(exception: str, message: str, title: str) -> None:
    assert draft(exception, message).title == title
