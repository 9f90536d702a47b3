"""The MCP tools, asked by the SDK's own client over stdio as a coding agent asks them."""

import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters, stdio_client

EXAMPLE = Path(__file__).parent.parent / "examples" / "orders-service"
LOG = str(EXAMPLE / "failing-test.log")


def _ask(use: Callable[[Client], Awaitable[Any]], folder: Path) -> Any:
    environment = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "XDG_CACHE_HOME": os.environ["XDG_CACHE_HOME"]}
    program = StdioServerParameters(command=sys.executable, args=["-m", "assistant", "mcp", "--offline"], cwd=str(folder), env=environment)

    async def run() -> Any:
        async with Client(stdio_client(program)) as client:
            return await use(client)

    return anyio.run(run)


def test_an_agent_drafts_checks_and_fills_results(tmp_path: Path) -> None:
    export, note = tmp_path / "export.md", tmp_path / "note.md"
    note.write_text("# Fix\n\nMissingGreenlet after a flush: set `eager_defaults=True` or call `await session.refresh(obj)`.\n")

    async def use(client: Client) -> list[Any]:
        tools = await client.list_tools()
        drafted = await client.call_tool("draft_export", {"logs": [LOG], "repo": str(EXAMPLE), "output": str(export)})
        checked = await client.call_tool("check_export", {"export": str(export), "allow_drafts": True})
        filled = await client.call_tool("fill_results", {"export": str(export), "notes": [str(note)]})
        return [tools, drafted.structured_content, checked.structured_content, filled.structured_content]

    tools, drafted, checked, filled = _ask(use, tmp_path)
    assert [tool.name for tool in tools.tools] == ["draft_export", "check_export", "fill_results", "log_evidence"]
    assert drafted["path"] == str(export)
    assert drafted["title"].startswith("MissingGreenlet")
    assert drafted["counts"]["error"] == 0
    assert (checked["passed"], checked["counts"]["error"]) == (True, 0)
    assert filled["found"] is True
    assert "note.md" in export.read_text("utf-8")


def test_an_agent_gets_the_telling_lines_of_a_log_masked_and_within_its_budget(tmp_path: Path) -> None:
    secret = "ghp_" + "Z9y8X7w6" * 4 + "v5U4"
    log = tmp_path / "build.log"
    log.write_text("INFO all is well\n" * 5000 + f"ERROR login with token={secret} refused\nValueError: bad token {secret}\n")

    async def use(client: Client) -> Any:
        return await client.call_tool("log_evidence", {"logs": [str(log)], "budget": 500})

    text = _ask(use, tmp_path).content[0].text
    assert "ValueError: bad token [SECRET:" in text
    assert secret not in text
    assert len(text) < 500 * 4


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("draft_export", {"logs": ["missing.log"]}, "missing.log: no such file or folder"),
        ("draft_export", {"logs": ["-"]}, "`-` cannot be read here"),
        ("draft_export", {"logs": [LOG], "repo": "nowhere"}, "repo nowhere: is no folder"),
        ("check_export", {"export": "missing.md"}, "missing.md: cannot be read: there is no such file"),
        ("fill_results", {"export": "missing.md", "notes": ["x.md"]}, "missing.md: cannot be read: there is no such file"),
    ],
)
def test_what_was_wrong_is_told_to_the_agent(tmp_path: Path, tool: str, arguments: dict[str, Any], said: str) -> None:
    async def use(client: Client) -> Any:
        return await client.call_tool(tool, arguments)

    answer = _ask(use, tmp_path)
    assert answer.is_error
    assert said in answer.content[0].text
