"""Somebody new gets from `assistant serve` to a reviewed document by what the pages say, with and without scripts."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import needs_chromium, started_browser

LOG = Path(__file__).parents[2] / "examples" / "orders-service" / "failing-test.log"
DRAFTED_MS = 60_000

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data = tmp_path_factory.mktemp("data")
    command = [sys.executable, "-m", "assistant", "serve", "--port", "0", "--data", str(data), "--offline"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        found = (re.search(r"http://127\.0\.0\.1:[0-9]+/", line) for line in process.stderr)
        yield next(one[0] for one in found if one)
        process.terminate()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_log_is_handed_in_drafted_reviewed_and_found_again(address: str, scripts: bool) -> None:
    with started_browser() as browser:
        page: Any = browser.new_context(java_script_enabled=scripts).new_page()
        page.goto(address)
        if not page.locator("#files").is_visible():
            page.click("text=Draft an export from logs")
        page.set_input_files("#files", LOG)
        page.click("button:has-text('Draft')")
        page.wait_for_selector("form.answer", timeout=DRAFTED_MS)
        assert "MissingGreenlet" in page.inner_text("h1")
        page.locator("#problem_statement\\.brief_description button[value=confirm]").click()
        page.wait_for_selector("text=Confirmed.")
        assert page.locator("#problem_statement\\.brief_description button[value=confirm]").count() == 0
        with page.expect_download() as download:
            page.click("text=Download Markdown")
        assert "### Brief Description\nThe test" in Path(download.value.path()).read_text("utf-8")
        page.click("text=All exports")
        assert page.inner_text(".cards").startswith("MissingGreenlet: greenlet_spawn")
