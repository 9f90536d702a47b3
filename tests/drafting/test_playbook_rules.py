"""The rule format is strict: what a file may say is checked when it is read, and errors name file and rule."""

import pytest

from assistant.drafting.playbook.rules import Rule, all_rules, read, rules_for, split
from assistant.drafting.playbook.versions import in_range, is_range
from assistant.errors import TemplateError

HEAD = "topic: Boats\nrules:\n"
RULE = """- id: leak
  signs: ["leak"]
  when: {message: "leak in (?P<part>\\\\w+)"}
  background: Boats leak.
  hypotheses:
  - theory: "The `{part}` has a hole."
    test: "Look at the `{part}`."
    if_true: "A hole is seen."
    if_false: "None is seen."
"""


def parsed(source: str) -> tuple[Rule, ...]:
    return tuple(read(unread) for unread in split("boats.yaml", source))


def test_a_good_rule_is_read():
    (rule,) = parsed(HEAD + RULE)
    assert (rule.id, rule.topic, rule.severity, rule.when.message) == ("leak", "Boats", "", "leak in (?P<part>\\w+)")
    assert rule.hypotheses[0].theory == "The `{part}` has a hole."


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("topic: Boats\n", ""), "must begin with `topic"),
        (("id: leak", "id: Leak_1"), "not kebab-case"),
        (('signs: ["leak"]', 'signs: ["Leak"]'), "`signs` are texts of small letters"),
        (('signs: ["leak"]', "signs: [leak]"), "`signs` is no JSON list"),
        (('  signs: ["leak"]\n', ""), "a rule begins with `id` and `signs`"),
        (("when: {message", "when: {massage"), "unknown key `massage`"),
        (("  background: Boats leak.\n", ""), "`background` must be a text"),
        (("background: Boats leak.", "background: [a]"), "`background` must be a text"),
        (("background: Boats leak.", "severity: Awful\n  background: Boats leak."), "must be one of Low, Medium, High, Blocking"),
        (("if_true:", "if_so:"), "`if_true` must be a text"),
        (("{part}` has", "{port}` has"), "unknown placeholder {port}"),
        (("The `{part}`", "{version} The `{part}`"), "unknown placeholder {version}"),
        (('when: {message: "leak in (?P<part>\\\\w+)"}', "when: {}"), "`when` has no condition"),
        (('w+)"}', 'w+)", package: {boat: "about 2"}}'), "is no range"),
        (("background: Boats leak.", "background: Boats: leak."), "mapping values are not allowed"),
    ],
)
def test_a_bad_rule_is_refused_with_file_and_reason(change, message):
    source = (HEAD + RULE).replace(*change)
    assert source != HEAD + RULE
    with pytest.raises(TemplateError, match=r"boats\.yaml") as caught:
        parsed(source)
    assert message in str(caught.value)


def test_two_rules_may_not_share_an_id(tmp_path):
    (tmp_path / "a.yaml").write_text(HEAD + RULE, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(HEAD + RULE, encoding="utf-8")
    with pytest.raises(TemplateError, match="two rules have this id"):
        all_rules(tmp_path)


def test_only_rules_with_a_sign_in_the_evidence_are_parsed(tmp_path):
    broken = RULE.replace("id: leak", "id: fire").replace('["leak"]', '["smoke"]').replace("background: Boats leak.", "background: [")
    (tmp_path / "a.yaml").write_text(HEAD + RULE + broken, encoding="utf-8")
    assert [rule.id for rule in rules_for("A LEAK was found", tmp_path)] == ["leak"]
    with pytest.raises(TemplateError, match="rule fire"):
        rules_for("smoke", tmp_path)


@pytest.mark.parametrize(
    ("version", "wanted", "expected"),
    [
        ("2.0.36", ">=2", True),
        ("2.0.36", ">=2,<2.0.36", False),
        ("1.4.54", "<2", True),
        ("2.0", "==2", True),
        ("0.28.1", "!=0.28", True),
        ("10.1", ">9.9", True),
        ("2.0rc1", ">=2", True),
        ("unknown", ">=2", None),
    ],
)
def test_versions_are_compared_by_their_numbers(version, wanted, expected):
    assert in_range(version, wanted) is expected


@pytest.mark.parametrize(("text", "expected"), [(">=2,<3", True), ("~=2", False), ("2", False), ("", False)])
def test_a_range_is_a_list_of_clauses(text, expected):
    assert is_range(text) is expected
