"""A person reviews a real export in a real browser, from the first blank to ready, with and without scripts."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import needs_chromium, started_browser

from assistant.evidence import Evidence, Kind, Masked, Origin
from assistant.pages import export_html
from assistant.record import RunRecord, load_record
from assistant.review import review

DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
MOST_STEPS = 80

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with started_browser() as browser:
        yield browser


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def page(request: pytest.FixtureRequest, browser: Any) -> Iterator[Any]:
    context = browser.new_context(java_script_enabled=request.param, viewport=DESKTOP)
    page = context.new_page()
    page.set_default_timeout(10_000)
    said: list[str] = []
    page.on(
        "console",
        lambda message: said.append(message.text) if message.type in ("error", "warning") and not is_refusal(message.text) else None,
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    page.scripts = request.param
    yield page
    context.close()
    assert said == [], "the browser complained"


def is_refusal(said: str) -> bool:
    """Whether the browser only tells that an answer was a conflict or a refusal, which are pages too."""
    return said.startswith("Failed to load resource: the server responded with a status of 4")


def left(export: Path) -> dict[str, int]:
    return review(export.read_text("utf-8"), load_record(export)).counts


def settle(page: Any) -> None:
    """Wait until the answer to a form is shown."""
    page.wait_for_load_state("load")
    page.wait_for_selector("body:not([aria-busy])")


def test_a_person_gets_from_the_first_blank_to_ready(page: Any, address: str, export: Path) -> None:
    page.goto(address)
    assert "Has blanks" in page.inner_text("header")
    for step in range(MOST_STEPS):
        blank = page.locator("form.answer").first
        if blank.count():
            blank.locator("[name=text]").fill("Yes." if step % 2 else "No; see the first hypothesis.")
            blank.locator("button.main").click()
        elif (confirm := page.locator("button[value=confirm]").first).count():
            confirm.click()
        else:
            break
        settle(page)
    assert left(export) == {"error": 0, "blank": 0, "draft": 0, "note": 0}
    assert "Ready. No blank, no unconfirmed draft, no problem is left." in page.inner_text("main")
    with page.expect_download() as download:
        page.click("main >> text=Download the document")
    assert Path(download.value.path()).read_bytes() == export.read_bytes()


def test_a_citation_jumps_to_the_exact_line_and_marks_it(page: Any, address: str) -> None:
    page.goto(address)
    page.locator("#hypotheses\\.hypothesis_1 a.cite", has_text="E12").last.click()
    spot = page.locator(".spot:target")
    assert spot.inner_text().strip().startswith("updated_at: Mapped[datetime] = mapped_column(")
    assert spot.locator(".row").get_attribute("data-n") == "24"
    box = spot.bounding_box()
    assert box is not None
    assert 0 < box["y"] < DESKTOP["height"]
    assert page.locator("#hypotheses\\.hypothesis_1").is_visible()


def test_of_two_people_the_second_sees_both_texts_and_decides(page: Any, address: str, export: Path) -> None:
    page.goto(address)
    other = page.context.new_page()
    other.goto(address)
    for one, text in ((other, "What the other one wrote."), (page, "What I wrote.")):
        part = one.locator("#problem_statement\\.brief_description")
        part.locator("summary").click()
        part.locator("textarea").fill(text)
        part.locator("button[value=edit]").click()
        settle(one)
    assert "Somebody else changed" in page.inner_text("h1")
    assert "What the other one wrote." in page.inner_text("main")
    assert page.input_value("#text").strip() == "What I wrote."
    assert "What I wrote." not in export.read_text("utf-8")
    page.fill("#text", "What both of us mean.")
    page.click("text=Save this text")
    settle(page)
    assert "\n### Brief Description\nWhat both of us mean.\n\n### Impact\n" in export.read_text("utf-8")


def test_a_draft_is_dropped_only_after_it_was_shown_once_more(page: Any, address: str, export: Path) -> None:
    page.goto(address)
    page.locator("#hypotheses\\.hypothesis_2 button[value=drop]").click()
    settle(page)
    assert "Drop this draft?" in page.inner_text("h1")
    assert "### Hypothesis 3" in export.read_text("utf-8")
    page.click("text=Drop it")
    settle(page)
    assert "Dropped" in page.inner_text("main")
    assert "### Hypothesis 3" not in export.read_text("utf-8")


def test_what_was_typed_is_kept_where_it_is_refused(page: Any, address: str, export: Path) -> None:
    before = export.read_bytes()
    page.goto(address)
    part = page.locator("#problem_statement\\.brief_description")
    part.locator("summary").click()
    part.locator("textarea").fill("It begins well.\n\n## And then a heading")
    part.locator("button[value=edit]").click()
    settle(page)
    assert "Not saved:" in page.inner_text("#problem_statement\\.brief_description [role=alert]")
    assert page.input_value("#problem_statement\\.brief_description textarea").strip() == "It begins well.\n\n## And then a heading"
    assert export.read_bytes() == before


def test_keys_lead_through_the_review(browser: Any, address: str, export: Path) -> None:
    page = browser.new_page(viewport=DESKTOP)
    page.goto(address)
    page.keyboard.press("j")
    page.keyboard.type("7")
    page.keyboard.press("Control+Enter")
    settle(page)
    page.wait_for_selector("text=Saved.")
    assert "- Phase: Phase 7 - `POST" in export.read_text("utf-8")
    page.keyboard.press("c")
    page.wait_for_selector("text=Confirmed.")
    assert "## Export Information\n- Date:" in export.read_text("utf-8")
    page.close()


def test_what_was_typed_stays_where_the_program_was_stopped(browser: Any, address: str) -> None:
    page = browser.new_page(viewport=DESKTOP)
    page.goto(address)
    page.route("**/*", lambda route: route.abort())
    form = page.locator("form.answer").first
    form.locator("[name=text]").fill("a long answer")
    form.locator("button.main").click()
    assert form.locator("[role=alert]").inner_text().startswith("Nothing was saved: the program that serves this page does not answer.")
    assert form.locator("[name=text]").input_value() == "a long answer"
    page.close()


def test_a_hostile_page_asks_for_nothing_and_opens_nothing(browser: Any, tmp_path: Path) -> None:
    told = "<script>alert(1)</script> ![x](https://evil.invalid/x.png) [x](javascript:alert(1)) </pre><img src=x onerror=alert(1)><style>*{display:none}</style>"
    piece = Evidence(Kind.LOG, Origin("<b>.log", 1, 1), Masked(told), id="E1")
    text = f"# Research Export: {told}\n\n## Problem Statement\n### Brief Description\n{told} (E1)\n\n```\n{told}\n```\n"
    (tmp_path / "page.html").write_text(export_html(text, RunRecord(tool="t", ledger=(piece,))), "utf-8")
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    page.goto((tmp_path / "page.html").as_uri())
    assert asked == [(tmp_path / "page.html").as_uri()]
    assert page.locator("#E1").is_visible()
    page.close()


@pytest.mark.parametrize("path", ["", "exports/1?show=open", "exports/1/issue"])
def test_on_a_phone_nothing_is_wider_than_the_screen(browser: Any, address: str, path: str) -> None:
    page = browser.new_page(viewport=PHONE)
    page.goto(address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.close()


def test_every_control_has_a_name_and_every_id_stands_once(browser: Any, address: str) -> None:
    page = browser.new_page(viewport=DESKTOP)
    page.goto(address)
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("input:not([type=hidden]), textarea, button, select")]
            .filter((at) => !(at.labels && at.labels.length) && !at.getAttribute("aria-label") && !at.textContent.trim()).length"""
    )
    doubled = page.evaluate(
        "() => { const ids = [...document.querySelectorAll('[id]')].map((at) => at.id); return ids.filter((id, at) => ids.indexOf(id) !== at); }"
    )
    dead = page.evaluate(
        "() => [...document.querySelectorAll('a[href^=\"#\"]')].map((at) => at.getAttribute('href').slice(1)).filter((id) => !document.getElementById(id))"
    )
    assert (nameless, doubled, dead) == (0, [], [])
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast_enough_in_either_scheme(browser: Any, address: str, scheme: str) -> None:
    page = browser.new_page(viewport=DESKTOP, color_scheme=scheme)
    page.goto(address)
    pairs = page.evaluate(
        """() => [...document.querySelectorAll("p, li, code, a, label, button, h1, h2, h3, .badge, .state, .count, .row")].map((at) => {
            let under = at;
            while (under && getComputedStyle(under).backgroundColor === "rgba(0, 0, 0, 0)") under = under.parentElement;
            return [getComputedStyle(at).color, under ? getComputedStyle(under).backgroundColor : "rgb(255, 255, 255)"].join("|");
        })"""
    )
    assert {pair: round(contrast(*pair.split("|")), 1) for pair in set(pairs) if contrast(*pair.split("|")) < 4.5} == {}
    page.close()


def contrast(ink: str, paper: str) -> float:
    """WCAG's contrast of two colours."""
    light, dark = sorted((luminance(ink), luminance(paper)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"[0-9]+", colour)[:3]]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
