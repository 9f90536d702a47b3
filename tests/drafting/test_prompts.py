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
    "criteria": "version 2, sha256:acd93baa0ab687ce88ad1b81dc6b0f18322232feb5c204bcfd65ebcc3ea00e19",
    "evidence": "version 2, sha256:44882180f98411ed83cbea6b76d73dfa1e16cc2c73a5ec28a11c47d3fe43ae59",
    "hypotheses": "version 2, sha256:330e81f044f7e33a96ae9347527aff390342a0f8b2223fd9320dc922d2e36dfa",
    "next_steps": "version 1, sha256:44d1bd5a77fe87beb62ff6e6efc090550cf190784b3858c0c4c4e42241c9a229",
    "questions": "version 2, sha256:c631c03938d46f9f55cb4fd4d11fc78b30180886340b7612ee157d65c1dd0fa0",
    "repair": "version 2, sha256:bf3212733379479e549a0526f1eec47ee5af7dabdff268df62faccd326ea2fa9",
    "search_queries": "version 2, sha256:748bf90cb1025a9e054669f0640b8d063afff5830bd625ef731bd009532c02c6",
    "single": "version 2, sha256:1db309f9de060c7b1cb970ca42c5bf5d960632d2e769a04e3dddba3aba082658",
    "summary": "version 2, sha256:c3cbf6217ab1574dc41311084bb5fb6b40cf1d7cfb602f478a5abf4956de2e3a",
    "system": "version 2, sha256:1be59c574d5eac13e2611403f1948c499c2c296a435479541e017d9455ee9072",
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
