"""Drafts against a real inference server, llama.cpp's, with a model that knows nothing: `make test-server`.

Every reply fits the schema that was sent, since the server enforces it; the nonsense in it must not reach the document.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.drafting.asking import GROUPS
from assistant.drafting.replies import REPLIES, strict_schema
from assistant.record import load_record

pytestmark = pytest.mark.server

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "orders-service"
SAID = ("--date", "2026-11-25", "--exported-by", "Ada")
COMPILES = """
import json, sys
import xgrammar
names = xgrammar.TokenizerInfo([chr(code) for code in range(256)])
compiler = xgrammar.GrammarCompiler(names)
for task, schema in json.load(sys.stdin).items():
    compiler.compile_json_schema(json.dumps(schema), strict_mode=True)
    print(task)
"""

Draft = Callable[..., Any]


@pytest.fixture
def draft(server: str, tmp_path: Path) -> Draft:
    """Draft the example with the server's model into `export.md`, as a user would."""
    settings = {"ASSISTANT_CACHE": str(tmp_path / "cache"), "ASSISTANT_REPLY_TOKENS": "1500", "ASSISTANT_WINDOW": "32768"}

    def call(*options: str) -> "subprocess.CompletedProcess[str]":
        command = ("draft-export", EXAMPLE / "failing-test.log", "--repo", EXAMPLE, *SAID, "--model", "tiny", "--base-url", server)
        return assistant(*command, "-o", tmp_path / "export.md", *options, **settings)

    return call


def assistant(*arguments: object, **settings: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "assistant", *map(str, arguments)]
    return subprocess.run(command, env=os.environ | settings, text=True, capture_output=True)


@pytest.mark.parametrize(("options", "tasks"), [((), GROUPS), (("--single-call",), ("single",))], ids=["groups", "single call"])
def test_a_draft_is_written_and_checks_clean_whatever_the_model_says(
    draft: Draft, tmp_path: Path, options: tuple[str, ...], tasks: tuple[str, ...]
) -> None:
    got = draft(*options)
    assert got.returncode in (0, 4), got.stderr
    checked = assistant("check", "--allow-drafts", tmp_path / "export.md")
    assert checked.returncode == 0, checked.stdout
    record = load_record(tmp_path / "export.md")
    assert record
    assert {call.task for call in record.calls} == set(tasks)
    assert {call.form for call in record.calls} == {"json_schema"}
    assert {call.outcome for call in record.calls} <= {"ok", "cut at the length limit"}
    assert record.tokens["received"] > 0


def test_the_second_call_of_an_export_finds_the_prefix_in_the_servers_cache(draft: Draft, tmp_path: Path) -> None:
    draft()
    record = load_record(tmp_path / "export.md")
    assert record
    assert max(call.cached for call in record.calls[1:]) > record.calls[0].sent // 2


@pytest.mark.parametrize("task", sorted(REPLIES))
def test_the_server_takes_the_schema_and_its_reply_parses(server: str, task: str) -> None:
    import openai

    form: Any = {"type": "json_schema", "json_schema": {"name": task, "strict": True, "schema": strict_schema(REPLIES[task])}}
    with openai.OpenAI(base_url=server, api_key="none", max_retries=0) as client:
        for seed in range(3):
            answer = client.chat.completions.create(
                model="tiny", messages=[{"role": "user", "content": "why?"}], response_format=form, max_tokens=4000, seed=seed
            )
            assert answer.choices[0].finish_reason == "stop"
            assert REPLIES[task].model_validate_json(answer.choices[0].message.content or "")


def test_xgrammar_compiles_every_schema(folder: Path) -> None:
    python = folder / "xgrammar" / "bin" / "python"
    if not (folder / "xgrammar" / ".ready").exists():
        pytest.skip("xgrammar could not be installed")
    schemas = {task: strict_schema(reply) for task, reply in REPLIES.items()}
    got = subprocess.run([python, "-c", COMPILES], input=json.dumps(schemas), text=True, capture_output=True)
    assert got.returncode == 0, got.stderr
    assert got.stdout.split() == list(REPLIES)
