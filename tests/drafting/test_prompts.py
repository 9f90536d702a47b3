"""Prompts are files: validated, filled completely or not at all, known by version and digest."""

import re
from pathlib import Path

import pytest

from assistant.checking.items import TITLE_LIMIT
from assistant.drafting.prompts import load_prompts
from assistant.drafting.replies import REPLIES
from assistant.errors import TemplateError

SUMMARY = "---\nname: summary\nversion: 7\nsection: problem_statement\n---\nSum it up.{{ schema }}\n"
PINNED = {
    "_reply": "partial, sha256:91cc6cbf74036ff491ad6cc3ef1f807b6bdd6b374b0c529767f526c4215fad6c",
    "attempts": "version 2, sha256:fe7a116a5c476ce147c41ba816551b8abc3c2cb02584286de9617984fcec0fdb",
    "criteria": "version 3, sha256:6bce8e73161c759eb1fab5d68e954404177d17ea07505e1f86b6bf25ada4bbc5",
    "evidence": "version 2, sha256:44882180f98411ed83cbea6b76d73dfa1e16cc2c73a5ec28a11c47d3fe43ae59",
    "hypotheses": "version 3, sha256:8efd1a90e1cbb74f54501a540fbd6c67a7afdfd0fa662e95fd3583cfd72e3364",
    "next_steps": "version 1, sha256:44d1bd5a77fe87beb62ff6e6efc090550cf190784b3858c0c4c4e42241c9a229",
    "questions": "version 3, sha256:2cc4ca2fd4d827436b563a7d87390fc147a4994cb5092e20a346fcde7f6cba34",
    "repair": "version 2, sha256:bf3212733379479e549a0526f1eec47ee5af7dabdff268df62faccd326ea2fa9",
    "search_queries": "version 3, sha256:7b33eb439f82b807503abbaa27235680167ef6e969d9a510a1c4e4a1cde5112f",
    "single": "version 3, sha256:a77a22a18d75ade596849f2382e00327d42650ab1d5de93caf8000ec5a87dc32",
    "summary": "version 3, sha256:1278c7080a9c0a0e6325d8dc941dbf195719de1db702db4e3d036e0cc0508a20",
    "system": "version 3, sha256:34b2e7fb005ecd9313b724bffc358c8f388c125631734f5a3f22433c8ee96c41",
    "answers": "version 1, sha256:45335160b2a973e6f538c18629b224cb54cf8542f9581a0d34b3bfb6d394045b",
    "research_evidence": "version 1, sha256:5ad9a4118eeecb785aa054aa07d4ea8ef3d92d6e53279a201e66609c8243b567",
    "research_system": "version 1, sha256:a5fca9b892831c1e0fe126c29bd99d04f7fe6f5bb41f6a0553a1dc42a0211b55",
    "results": "version 1, sha256:e7d1e6c16dfe17faa06592872d9aa57b306dd4513900519e6a175e4c234c6b32",
}
"""Who changes a shipped prompt gives it a new version here and in its front matter: run records name both."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_the_shipped_prompts_are_these() -> None:
    assert dict(load_prompts().versions) == PINNED


def test_every_task_has_a_prompt_and_names_every_field_it_asks_for() -> None:
    prompts = load_prompts()
    for task, reply in REPLIES.items():
        for field in reply.model_fields:
            assert field in prompts.texts[task]


@pytest.mark.parametrize("task", ["summary", "single"])
def test_the_prompts_name_the_limit_that_a_title_is_held_to(task: str) -> None:
    assert f"at most {TITLE_LIMIT} characters" in load_prompts().texts[task]


def test_no_shipped_prompt_holds_a_date_a_path_or_an_address() -> None:
    for text in load_prompts().texts.values():
        assert "http" not in text
        assert "/home" not in text
        assert not re.search(r"20[0-9][0-9]", text)


def test_a_users_prompt_goes_before_the_shipped_one_and_the_others_stay(folder: Path) -> None:
    (folder / "summary.md").write_text(SUMMARY)
    prompts = load_prompts(folder)
    assert prompts.render("summary", schema="") == "Sum it up.\n"
    assert prompts.versions["summary"].startswith("version 7, sha256:")
    assert {name: version for name, version in prompts.versions.items() if name != "summary"} == {
        name: version for name, version in load_prompts().versions.items() if name != "summary"
    }


def test_line_ends_of_another_system_change_nothing(folder: Path) -> None:
    (folder / "summary.md").write_bytes(SUMMARY.encode())
    plain = load_prompts(folder)
    (folder / "summary.md").write_bytes(SUMMARY.replace("\n", "\r\n").encode())
    assert load_prompts(folder) == plain


def test_a_users_partial_is_included_by_the_shipped_prompts(folder: Path) -> None:
    (folder / "_reply.md").write_text("Answer in JSON: {{ schema }}")
    assert load_prompts(folder).render("summary", schema="S").endswith("Answer in JSON: S\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SUMMARY.replace("section:", "sections:"), "summary.md: section: Field required"),
        (SUMMARY.replace("version: 7\n", "version: 7\nmodel: gpt\n"), "summary.md: model: Extra inputs are not permitted"),
        (SUMMARY.replace("version: 7", "version: seven"), "summary.md: version: Input should be a valid integer"),
        (SUMMARY.replace("name: summary", "name: summery"), "summary.md: calls itself 'summery'"),
        (SUMMARY.removeprefix("---\n"), "summary.md: has no front matter"),
        ("", "summary.md: has no front matter"),
        ("---\nname: summary\n", "summary.md: has no front matter"),
        ("---\n- a list\n---\ntext", "summary.md: "),
        ("---\nname: [\n---\ntext", "summary.md: front matter: "),
        ("---\n\n---\ntext", "summary.md: "),
    ],
    ids=["missing key", "unknown key", "wrong type", "wrong name", "no mark", "empty", "one mark", "list", "no YAML", "nothing"],
)
def test_a_broken_prompt_file_is_told_with_its_path_and_the_fault(folder: Path, text: str, message: str) -> None:
    (folder / "summary.md").write_text(text)
    with pytest.raises(TemplateError) as caught:
        load_prompts(folder)
    assert message in caught.value.message
    assert caught.value.hint


def test_bytes_that_are_no_text_are_told(folder: Path) -> None:
    (folder / "summary.md").write_bytes(b"\xff\xfe")
    with pytest.raises(TemplateError, match=r"summary\.md: cannot be read"):
        load_prompts(folder)


def test_a_file_that_no_task_asks_with_is_told_since_it_would_be_ignored(folder: Path) -> None:
    (folder / "sumary.md").write_text(SUMMARY)
    with pytest.raises(TemplateError, match=r"sumary\.md: there is no prompt of that name") as caught:
        load_prompts(folder)
    assert "summary" in caught.value.hint


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{{ failure }}", "prompt summary.md: 'failure' is undefined"),
        ("{% if x %}", "prompt summary.md: "),
        ("{{ schema.missing.part }}", "prompt summary.md: "),
        ('{% include "other.md" %}', "prompt summary.md: "),
        ("{{ ''.__class__ }}", "prompt summary.md: "),
        ("{{ 1 / 0 }}", "prompt summary.md: "),
        ("{{ schema + 1 }}", "prompt summary.md: "),
    ],
)
def test_a_prompt_that_cannot_be_filled_is_told_by_name_before_anything_is_sent(folder: Path, body: str, message: str) -> None:
    (folder / "summary.md").write_text(SUMMARY.replace("Sum it up.", body))
    with pytest.raises(TemplateError) as caught:
        load_prompts(folder)
    assert message in caught.value.message


def test_a_broken_prompt_for_repairs_is_told_at_the_start_too(folder: Path) -> None:
    (folder / "repair.md").write_text("---\nname: repair\nversion: 2\nsection: ''\n---\n{% for f in faults %}{{ f.advice }}{% endfor %}")
    with pytest.raises(TemplateError, match=r"prompt repair\.md: .*advice"):
        load_prompts(folder)


def test_evidence_that_looks_like_a_template_is_not_filled() -> None:
    prompts = load_prompts()
    assert "{{ 7 * 7 }}" in prompts.render("repair", task="t", answer="{{ 7 * 7 }}", faults=[], more=0, nonce="n", schema="")
