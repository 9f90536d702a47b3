"""A reply is held against the evidence; what stays faulty goes, what is right stays."""

from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from assistant.checking import RULES
from assistant.drafting.grounding import Fault, ground, merged, without
from assistant.drafting.replies import (
    AttemptReply,
    AttemptsReply,
    CriteriaReply,
    HypothesesReply,
    HypothesisReply,
    NextStepsReply,
    QueriesReply,
    QuestionsReply,
    QuoteReply,
    SingleReply,
    SummaryReply,
)
from assistant.evidence import Evidence, Kind, Ledger, Origin
from assistant.redaction import Redactor

TRACE = """\
app/outbox.py:15: in order_payload
    "updated_at": order.updated_at.isoformat(),
.venv/lib/python3.11/site-packages/sqlalchemy/orm/attributes.py:569: in __get__
E   sqlalchemy.exc.MissingGreenlet: greenlet_spawn has not been called
[… 12 lines cut …]
FAILED tests/test_orders.py::test_ship_order
2 failed, 70 passed in 1.36s, timeout=30s, E501 line too long"""
PINS = "sqlalchemy==2.0.58\ngreenlet==3.5.6"


def _ledger() -> Ledger:
    mask = Redactor().mask
    error = Evidence(kind=Kind.ERROR, origin=Origin("run.log", 18, 164), text=mask(TRACE))
    pins = Evidence(kind=Kind.ENVIRONMENT, origin=Origin("requirements.lock", 1, 2), text=mask(PINS))
    return Ledger().extend([error, pins])[0]


LEDGER = _ledger()
FOR = QuoteReply(id="E1", quote="greenlet_spawn has not been called", stance="for")
GOOD = HypothesisReply(
    theory="`order_payload` in `app/outbox.py`, line 15, reads an expired attribute (E1).",
    evidence=[FOR, QuoteReply(id="E2", quote="sqlalchemy==2.0.58", stance="against")],
    test="python -m pytest tests/test_orders.py::test_ship_order",
    if_true="It passes with `expire_on_commit=False`.",
    if_false="It fails as before.",
    solution="Set `expire_on_commit=False`, or install sqlalchemy 2.0.99.",
)
OTHER = GOOD.model_copy(update={"theory": "The pinned `sqlalchemy` 2.0.58 changed a default (E2)."})
TEST = 'def test_solution():\n    assert client.post("/orders/1/ship").status_code == 200\n'
SINGLE = SingleReply(
    summary=SummaryReply(
        title="MissingGreenlet: greenlet_spawn has not been called",
        brief_description="`test_ship_order` fails with `MissingGreenlet` (E1). 70 other tests pass. Why?",
        severity="Medium",
    ),
    hypotheses=[GOOD, OTHER],
    questions=QuestionsReply(
        primary_questions=["Why does `order_payload` raise `MissingGreenlet`?"],
        technical_questions=["When does `sqlalchemy` 2.0.58 expire attributes?"],
        architecture_questions=["Where should `order_payload` be called?"],
    ),
    search_queries=QueriesReply(
        exact=["MissingGreenlet greenlet_spawn has not been called"],
        general=["sqlalchemy asyncio expired attribute"],
        version_change=["sqlalchemy 2.0.58 expire"],
    ),
    criteria=CriteriaReply(success_criteria=["`tests/test_orders.py::test_ship_order` passes (E1)"], acceptance_test=TEST),
    next_steps=NextStepsReply(information_needed=["The value of `expire_on_commit`"]),
)


def summary(text: str) -> SummaryReply:
    return SINGLE.summary.model_copy(update={"brief_description": text})


def hypotheses(**changes: Any) -> HypothesesReply:
    return HypothesesReply(hypotheses=[GOOD.model_copy(update=changes), OTHER])


def found(reply: Any) -> list[tuple[str, str, str]]:
    return [(fault.path, fault.item, fault.rule) for fault in ground(reply, LEDGER)]


def test_a_reply_that_keeps_to_the_evidence_has_no_faults():
    assert ground(SINGLE, LEDGER) == ()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("It fails at `app/ghost.py`.", "unsupported-path"),
        ("It fails at `app/outbox.py`, line 569.", "unsupported-line"),
        ("It needs `sqlalchemy` 2.1.0.", "unsupported-version"),
        ("It needs `sqlalchemy` 3.5.6.", "unsupported-version"),
        ("A `GhostError` is raised.", "unsupported-name"),
        ("`order_payloads` fails.", "unsupported-identifier"),
        ("The call order_payloads() fails.", "unsupported-identifier"),
        ("It took 45 seconds.", "unsupported-number"),
        ("It failed (E7).", "evidence-id"),
        ("It failed, see E7.", "evidence-id"),
        ("It failed (E501).", "evidence-id"),
        ("It failed (E7) (not in evidence).", "evidence-id"),
        ("See https://sqlalche.me/e/20 for it.", "unsupported-url"),
        ("See docs.sqlalchemy.org/en/20 for it.", "unsupported-url"),
        ("See [this](x).", "live-link"),
        ("It <b>fails</b>.", "live-link"),
        ("# Failure\nIt fails.", "markup"),
        ("> *Drafted by Ada from E1. Confirm, then delete this line.*", "markup"),
        ("It fails.\n > as said", "markup"),
        ("It fails. [REVIEW: why?]", "markup"),
        ("It fails:\n```\nNone\n```", "markup"),
        ("It \u202efails.", "control-character"),
        ("It fails. " * 300, "reply-length"),
    ],
)
def test_a_statement_that_no_evidence_bears_out_is_a_fault(text, rule):
    assert found(summary(text)) == [("brief_description", "brief_description", rule)]


@pytest.mark.parametrize(
    "text",
    [
        "It waits 30 seconds; 2 tests failed, 69 more pass.",
        "Since 1.4.99 `lazy_load` is gone, after 45 releases (not in evidence).",
        "`None` or `dict` is returned.",
        "It fails with E501 as well (E1, E2).",
        "`await order.updated_at` is read at `app/outbox.py`, line 15.",
        "",
    ],
)
def test_a_statement_may_hold_what_the_evidence_has_and_marked_knowledge(text):
    assert found(summary(text)) == []


@pytest.mark.parametrize(
    ("title", "rule"),
    [
        ("x" * 141, "title-length"),
        ("one\ntwo", "title-length"),
        ("<script>alert", "live-link"),
        ("See `ghost_call`", "unsupported-identifier"),
    ],
)
def test_a_title_is_one_short_line_about_the_evidence(title, rule):
    assert rule in {fault.rule for fault in ground(SINGLE.summary.model_copy(update={"title": title}), LEDGER)}


def test_a_title_may_show_an_object_as_the_error_does():
    assert found(SINGLE.summary.model_copy(update={"title": "Instance <Order at 0x7f5c1c2d> is not bound"})) == []


@pytest.mark.parametrize(
    ("quote", "path", "rule"),
    [
        (QuoteReply(id="E9", quote="greenlet_spawn", stance="for"), "id", "evidence-id"),
        (QuoteReply(id="E2", quote="greenlet_spawn has not", stance="for"), "quote", "quote"),
        (QuoteReply(id="E1", quote="greenlet_spawn was not called", stance="for"), "quote", "quote"),
        (QuoteReply(id="E1", quote="[… 12 lines cut …]", stance="for"), "quote", "quote"),
        (QuoteReply(id="E1", quote=" ", stance="for"), "quote", "quote"),
        (QuoteReply(id="E1", quote=TRACE[:201].replace("\n", " "), stance="for"), "quote", "quote"),
    ],
)
def test_a_false_quote_is_a_fault_of_the_quote_alone(quote, path, rule):
    if len(quote.quote) > 200:
        quote = quote.model_copy(update={"quote": TRACE[:260]})
    at = "hypotheses[0].evidence[1]"
    assert found(hypotheses(evidence=[FOR, quote])) == [(f"{at}.{path}", at, rule)]


def test_the_message_of_a_quote_says_where_it_stands():
    quote = FOR.model_copy(update={"id": "E2"})
    [fault] = ground(hypotheses(evidence=[FOR, quote]), LEDGER)
    assert fault.message == "this does not stand in E2 (it stands in E1): greenlet_spawn has not been called"


@pytest.mark.parametrize("quote", ["E       ValueError: no \"@\" in C:\\x: '[PII:email:1]'", 'ValueError: no "@" in', "E ValueError"])
def test_a_quote_may_keep_or_leave_what_pytest_puts_in_front_and_holds_quotes_and_masks_as_they_are(quote):
    text = Redactor(pii=True).mask(
        "E       ValueError: no \"@\" in C:\\x: 'ada@lovelace.org'\nFAILED t/test_m.py::test_m[ada@lovelace.org]"
    )
    ledger = Ledger().extend([Evidence(kind=Kind.ERROR, origin=Origin("run.log", 1, 2), text=text)])[0]
    part = {"evidence": [QuoteReply(id="E1", quote=quote, stance="for")]}
    theories = [f"`t/test_m.py::test_m[[PII:email:1]]` fails {how} (E1)." for how in ("early", "late")]
    assert (
        ground(
            HypothesesReply(
                hypotheses=[GOOD.model_copy(update=part | {"theory": said, "test": "pytest t/test_m.py"}) for said in theories]
            ),
            ledger,
        )
        == ()
    )


def test_white_space_in_quotes_is_folded():
    assert found(hypotheses(evidence=[FOR.model_copy(update={"quote": "greenlet_spawn\n   has not"})])) == []


@pytest.mark.parametrize(
    ("changes", "path", "rule"),
    [
        ({"theory": " "}, "theory", "hypothesis-part"),
        ({"test": ""}, "test", "hypothesis-part"),
        ({"if_true": ""}, "if_true", "hypothesis-part"),
        ({"if_false": ""}, "if_false", "hypothesis-part"),
        ({"solution": ""}, "solution", "hypothesis-part"),
        ({"evidence": []}, "evidence", "hypothesis-evidence"),
        ({"evidence": [FOR.model_copy(update={"stance": "against"})]}, "evidence", "hypothesis-evidence"),
        ({"theory": "`ghost_call` fails."}, "theory", "unsupported-identifier"),
        ({"test": "python app/ghost.py"}, "test", "unsupported-path"),
        ({"test": "curl http://localhost:8000/"}, "test", "unsupported-url"),
        ({"test": "```\na\n```\nand\n```\nb\n```"}, "test", "markup"),
        ({"test": "cat tests/../conftest.py"}, "test", "unsupported-path"),
        ({"test": "cat tests/ghost/conftest.py"}, "test", "unsupported-path"),
        ({"test": "cat /etc/orders/settings.toml"}, "test", "unsupported-path"),
        ({"test": "python /tmp/../srv/app.py"}, "test", "unsupported-path"),
        ({"theory": "A line of `setup.cfg` turns `sqlalchemy` warnings off."}, "theory", "unsupported-path"),
        ({"theory": "Its socket lies under `/tmp/orders/`."}, "theory", "unsupported-path"),
        ({"solution": "Edit `app/ghost.py`."}, "solution", "unsupported-path"),
    ],
)
def test_a_faulty_part_is_a_fault_of_the_hypothesis(changes, path, rule):
    assert found(hypotheses(**changes)) == [(f"hypotheses[0].{path}", "hypotheses[0]", rule)]


@pytest.mark.parametrize(
    "test",
    [
        "```bash\npip install sqlalchemy==2.0.99\n```",
        "python -c 'import ghost_lib'",
        "Run it 50 times.",
        "python -m pytest -q > /dev/null 2>&1; echo $?",
        "git grep -n eager_defaults -- setup.py pyproject.toml ./tox.ini requirements-dev.txt",
        "```bash\ncat > repro.py <<'EOF'\nprint(1)\nEOF\npython repro.py\n```",
        "pip freeze | tee before.txt; python /tmp/probe/run.py; cat /proc/meminfo /etc/hosts",
        ".venv/bin/python -m pytest -q",
        "cat tests/conftest.py",
    ],
)
def test_a_test_may_name_what_is_new_or_usual_and_hold_one_fenced_block(test):
    assert found(hypotheses(test=test)) == []


def test_one_hypothesis_is_too_few():
    assert found(HypothesesReply(hypotheses=[GOOD])) == [("hypotheses", "", "hypothesis-count")]


def test_the_second_of_two_equal_theories_is_a_fault():
    twin = GOOD.model_copy(update={"theory": GOOD.theory.replace(",", "").upper().replace("`ORDER_PAYLOAD`", "`order_payload`")})
    twin = twin.model_copy(update={"theory": GOOD.theory + " "})
    assert found(HypothesesReply(hypotheses=[GOOD, twin])) == [("hypotheses[1].theory", "hypotheses[1]", "hypothesis-duplicate")]


@pytest.mark.parametrize(
    ("question", "rule"),
    [
        ("Why does `order_payload` fail", "question-mark"),
        ("Why does it fail?", "question-evidence"),
        ("why does `order_payload` raise MissingGreenlet?", "question-duplicate"),
        ("Does `order_payload` run on 9.9.9?", "unsupported-version"),
    ],
)
def test_a_question_asks_something_new_about_the_evidence(question, rule):
    reply = SINGLE.questions.model_copy(update={"architecture_questions": [question]})
    assert found(reply) == [("architecture_questions[0]", "architecture_questions[0]", rule)]


@pytest.mark.parametrize(
    "question", ["What changed in `sqlalchemy` 2.1.7 (not in evidence)?", "What changed in `sqlalchemy` 2.1.7? (not in evidence)"]
)
def test_a_question_may_be_marked(question):
    assert found(QuestionsReply(primary_questions=[question], technical_questions=[], architecture_questions=[])) == []


@pytest.mark.parametrize(
    ("query", "rule"),
    [
        ("", "query"),
        ("x" * 401, "query"),
        ("sqlalchemy https://example.org/x", "query"),
        ("sqlalchemy 2.1.0 expire", "unsupported-version"),
        ("sqlalchemy 3.5.6 expire", "unsupported-version"),
        ("MissingGreenlet order_payload", "query-private"),
        ("MissingGreenlet app/outbox.py", "query-private"),
    ],
)
def test_a_search_query_is_short_public_and_true(query, rule):
    reply = SINGLE.search_queries.model_copy(update={"general": [query]})
    assert found(reply) == [("general[0]", "general[0]", rule)]


def test_a_version_that_no_evidence_has_must_leave_a_query_even_where_it_is_marked():
    [fault] = ground(SINGLE.search_queries.model_copy(update={"version_change": ["greenlet 9.8.7 (not in evidence)"]}), LEDGER)
    assert fault.message.startswith("9.8.7 stands in no evidence: leave the version out; name the library and what may have changed")


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("def test_solution(:\n    pass", "acceptance-test"),
        ("def test_other():\n    pass", "acceptance-test"),
        ("def test_solution():\n    open('app/ghost.py')", "unsupported-path"),
        ("def test_solution():\n    get('http://localhost:8000')", "unsupported-url"),
        ("def test_solution():\n    x = " + "-" * 9000 + "1", "acceptance-test"),
    ],
)
def test_an_acceptance_test_is_python_with_a_test_solution(code, rule):
    reply = SINGLE.criteria.model_copy(update={"acceptance_test": code})
    assert found(reply) == [("acceptance_test", "acceptance_test", rule)]


@pytest.mark.parametrize(
    "code",
    [
        "",
        TEST,
        f"```python\n{TEST}```",
        "def test_solution():\n    open('/dev/null'), open('setup.py')",
        "import ghost\nasync def test_solution():\n    r'\\d'\n    self.lock",
    ],
)
def test_an_acceptance_test_may_be_empty_fenced_or_new(code):
    assert found(SINGLE.criteria.model_copy(update={"acceptance_test": code})) == []


def test_an_endless_list_is_cut():
    needed = [f"The log of `order_payload` {number}" for number in range(23)]
    reply = NextStepsReply(information_needed=needed)
    assert [path for path, _, _ in found(reply)] == ["information_needed[20]", "information_needed[21]", "information_needed[22]"]
    assert without(reply, ground(reply, LEDGER)).information_needed == needed[:20]


def test_an_attempt_is_held_against_the_evidence():
    attempts = [
        AttemptReply(attempt=1, why_it_didnt_work="`MissingGreenlet` came again (E1)."),
        AttemptReply(attempt=2, why_it_didnt_work="(E8)"),
    ]
    assert found(AttemptsReply(attempts=attempts)) == [("attempts[1].why_it_didnt_work", "attempts[1]", "evidence-id")]


def test_paths_in_a_single_reply_begin_with_the_part():
    reply = SINGLE.model_copy(update={"questions": SINGLE.questions.model_copy(update={"primary_questions": ["Why"]})})
    assert {fault.path for fault in ground(reply, LEDGER)} == {"questions.primary_questions[0]"}


def test_without_drops_faulty_items_and_keeps_the_rest():
    bad = FOR.model_copy(update={"quote": "ghost"})
    reply = SINGLE.model_copy(
        update={
            "summary": summary("See `app/ghost.py`."),
            "hypotheses": [
                GOOD.model_copy(update={"evidence": [bad, FOR]}),
                OTHER.model_copy(update={"evidence": [bad, *OTHER.evidence[1:]]}),
            ],
        }
    )
    left = without(reply, ground(reply, LEDGER))
    assert left == SINGLE.model_copy(update={"summary": summary(""), "hypotheses": [GOOD.model_copy(update={"evidence": [FOR]})]})


def test_merged_takes_the_repaired_item_and_nothing_else():
    bad = FOR.model_copy(update={"quote": "ghost"})
    reply = HypothesesReply(hypotheses=[GOOD.model_copy(update={"evidence": [bad, FOR]}), OTHER])
    mended_quote = FOR.model_copy(update={"quote": "order.updated_at.isoformat()"})
    repaired = HypothesesReply(hypotheses=[GOOD.model_copy(update={"evidence": [mended_quote, FOR]}), GOOD])
    assert merged(reply, repaired, ground(reply, LEDGER)) == HypothesesReply(
        hypotheses=[GOOD.model_copy(update={"evidence": [mended_quote, FOR]}), OTHER]
    )


def test_merged_puts_no_quote_below_another_theory():
    bad = FOR.model_copy(update={"quote": "ghost"})
    reply = HypothesesReply(hypotheses=[GOOD.model_copy(update={"evidence": [bad, FOR]}), OTHER])
    repaired = HypothesesReply(hypotheses=[OTHER])
    assert merged(reply, repaired, ground(reply, LEDGER)) == reply


def test_merged_adds_hypotheses_where_there_were_too_few():
    reply = HypothesesReply(hypotheses=[GOOD])
    repaired = HypothesesReply(hypotheses=[OTHER, OTHER])
    assert merged(reply, repaired, ground(reply, LEDGER)).hypotheses == [GOOD, OTHER]


def test_merged_does_not_repeat_an_item_that_moved_up():
    questions = SINGLE.questions.model_copy(update={"primary_questions": ["Why", "Why is `order_payload` called?"]})
    repaired = questions.model_copy(update={"primary_questions": ["Why is `order_payload` called?"]})
    assert merged(questions, repaired, ground(questions, LEDGER)) == questions


WORDS = [
    "`order_payload`",
    "app/outbox.py:15",
    "E1",
    "(E7)",
    "2.0.58",
    "line 569",
    "http://x.y/z",
    "?",
    ".",
    "(not in evidence)",
    "`ghost`",
    "```",
    "# a",
    "\u202e",
    "45",
]
texts = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=12)), max_size=8).map(" ".join)
lists = st.lists(texts, max_size=3)
quotes = st.lists(
    st.builds(
        QuoteReply,
        id=st.sampled_from(["E1", "E2", "E9", ""]),
        quote=st.one_of(texts, st.sampled_from(["greenlet_spawn has", "sqlalchemy==2.0.58"])),
        stance=st.sampled_from(["for", "against"]),
    ),
    max_size=3,
)
parts = {name: st.one_of(texts, st.just(getattr(GOOD, name))) for name in ("theory", "test", "if_true", "if_false", "solution")}
singles = st.builds(
    SingleReply,
    summary=st.builds(SummaryReply, title=texts, brief_description=texts, severity=st.just("Low")),
    hypotheses=st.lists(st.one_of(st.builds(HypothesisReply, evidence=quotes, **parts), st.sampled_from([GOOD, OTHER])), max_size=3),
    questions=st.builds(QuestionsReply, primary_questions=lists, technical_questions=lists, architecture_questions=lists),
    search_queries=st.builds(QueriesReply, exact=lists, general=lists, version_change=lists),
    criteria=st.builds(CriteriaReply, success_criteria=lists, acceptance_test=texts),
    next_steps=st.builds(NextStepsReply, information_needed=lists),
)


def entries(value: Any, path: str = "") -> dict[str, Any]:
    """Every text of a reply by its path."""
    if isinstance(value, list):
        return {key: text for number, item in enumerate(value) for key, text in entries(item, f"{path}[{number}]").items()}
    if isinstance(value, dict):
        return {key: text for name, item in value.items() for key, text in entries(item, f"{path}.{name}".lstrip(".")).items()}
    return {path: value}


@settings(max_examples=60, deadline=None)
@given(singles)
def test_whatever_a_model_says_its_faults_have_rules_and_places(reply):
    for fault in ground(reply, LEDGER):
        assert fault.rule in RULES
        assert fault.message == " ".join(fault.message.split())
        assert fault.path.startswith(fault.item)
        assert fault.item or fault.path == "hypotheses"


@settings(max_examples=60, deadline=None)
@given(singles)
def test_what_is_left_without_the_faulty_items_is_faultless(reply):
    left = without(reply, ground(reply, LEDGER))
    assert {fault.rule for fault in ground(left, LEDGER)} <= {"hypothesis-count"}


@settings(max_examples=60, deadline=None)
@given(singles, singles)
def test_a_repair_changes_no_valid_item(reply, repaired):
    faults = ground(reply, LEDGER)
    items = tuple(fault.item for fault in faults if fault.item)
    after = entries(merged(reply, repaired, faults).model_dump())
    for path, text in entries(reply.model_dump()).items():
        assert path.startswith(items) or after[path] == text


@settings(max_examples=30, deadline=None)
@given(singles)
def test_a_reply_without_faults_stays_as_it_is(reply):
    assert without(reply, ()) == reply
    assert merged(reply, SINGLE, ()) == reply
    assert without(reply, [Fault("hypotheses", "", "hypothesis-count", "")]) == reply
