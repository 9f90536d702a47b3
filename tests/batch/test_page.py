"""The page of a batch in a real browser: alone, without a network, with a search that narrows and links that lead somewhere."""

from pathlib import Path

from chromium import needs_chromium, started_browser

from assistant.batch.index import Index, IndexCluster, IndexFailure
from assistant.batch.report import write_report

pytestmark = needs_chromium


def cause(number: int, title: str, *sources: str) -> IndexCluster:
    failures = tuple(IndexFailure(test_id=f"tests/test_{number}.py::test_x", source=source, line=1) for source in sources)
    return IndexCluster(
        id=f"c{number}",
        title=title,
        signature=f"2:{number}",
        count=len(failures),
        failures=failures,
        export=f"cause-{number}.md",
        status="drafted",
    )


def test_the_page_stands_alone_and_its_search_narrows_the_causes(tmp_path: Path) -> None:
    causes = (cause(1, "ValueError: no price", "py311.log", "py312.log"), cause(2, "LookupError: no stock", "py312.log"))
    write_report(tmp_path, Index(date="2026-11-25", complete=True, failures=3, inputs=("py311.log", "py312.log"), clusters=causes))
    (tmp_path / "cause-1.md").write_text("# Research Export\n")
    with started_browser() as browser:
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        asked: list[str] = []
        complaints: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto((tmp_path / "index.html").as_uri())
        assert page.locator(".cause:visible").count() == 2
        assert [page.locator(".bar span").nth(at).evaluate("bar => bar.style.width") for at in (0, 1)] == ["100%", "50%"]
        assert page.locator(".cause").first.locator(".strip i.s0").count() == 0
        assert page.locator(".cause").last.locator(".strip i.s0").get_attribute("title") == "py311: 0"
        page.fill("#search", "stock py312")
        assert (page.locator(".cause:visible").count(), page.inner_text("#found")) == (1, "1 of 2")
        page.fill("#search", "")
        assert (asked, complaints) == ([(tmp_path / "index.html").as_uri()], [])
        assert len(page.screenshot()) > 10_000
        page.click("text=cause-1.md")
        assert page.url.endswith("/cause-1.md")
