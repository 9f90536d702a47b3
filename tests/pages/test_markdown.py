"""A body as HTML: what people wrote is shown, what evidence says does nothing."""

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, strategies

from assistant.evidence import Evidence, Kind, Masked, Origin
from assistant.pages.markdown import Where, as_html
from assistant.pages.spots import Spots

LOG = Evidence(Kind.LOG, Origin("a.log", 1, 3), Masked("pip 1.0\nhttpx 0.28.1\nsession.flush() failed"), id="E1")
LOCK = Evidence(Kind.CONFIG, Origin("lock", 1, 1), Masked("fastapi==0.165.0"), id="E12")


def html(body: str, *, live: bool = True) -> str:
    return as_html(body, Where("a.b", "B", Spots((LOG, LOCK)), live)).strip()


@pytest.mark.parametrize(
    ("body", "links"),
    [
        ("It fails (E1).", ["#E1"]),
        ("The call `session.flush()` fails (E1).", ["#E1-3"]),
        ("- httpx 0.28.1 (E1), FastAPI 0.165.0 (E12)", ["#E1-2", "#E12-1"]),
        ("- For (E1): `session.flush() failed`", ["#E1-3"]),
        ("- Against (E12): `fastapi==0.165.0`", ["#E12-1"]),
        ("A database (image `postgres:15`, E1).", ["#E1"]),
        ("**E12** · config · `lock`", ["#E12"]),
        ("**File:** `app/x.py` (E1: `f`; why)\n**Lines:** 1-2", ["#E1"]),
        ("It fails (E99).", []),
        ("The rule E501 and `(E1)` cite nothing.", []),
    ],
)
def test_a_citation_links_to_the_lines_that_it_means(body: str, links: list[str]) -> None:
    assert [link["href"] for link in BeautifulSoup(html(body), "html.parser").find_all("a")] == links


def test_a_placeholder_links_to_its_form() -> None:
    assert html("- A: [REVIEW: q?]") == '<ul>\n<li>A: <a href="#blank-a.b-1" class="blank">q?</a></li>\n</ul>'


def test_check_boxes_are_shown() -> None:
    assert html("- [ ] open\n- [x] done") == '<ul>\n<li class="task">\u2610 open</li>\n<li class="task">\u2611 done</li>\n</ul>'


def test_links_of_people_are_live_and_those_of_drafts_are_not() -> None:
    body = "See [the docs](https://docs.example/x)."
    assert html(body) == '<p>See <a href="https://docs.example/x" rel="noopener noreferrer nofollow">the docs</a>.</p>'
    assert html(body, live=False) == "<p>See [the docs](https://docs.example/x).</p>"


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://evil.invalid/x.png)",
        "[x](javascript:alert(1)) [x](data:text/html,x) [x](vbscript:x) [x](//evil.invalid) [x](/exports/1)",
        "<https://evil.invalid>",
        "[x][y]\n\n[y]: javascript:alert(1)",
        "```html\n</code></pre><script>alert(1)</script>\n```",
        "    <script>indented</script>",
        "`<b>`",
        "(E1) [REVIEW: <b>q</b>?]",
    ],
)
def test_nothing_runs_and_nothing_is_fetched(body: str) -> None:
    assert_inert(html(body))


@given(body=strategies.text(alphabet="<>!/[](){}'\"`*_#&;:= \n-E1ahrefscipt.", max_size=80), live=strategies.booleans())
def test_whatever_a_body_is_it_does_nothing(body: str, live: bool) -> None:
    assert_inert(html(body, live=live))


def assert_inert(page: str) -> None:
    allowed = {
        "a",
        "blockquote",
        "br",
        "code",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "strong",
        "ul",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }
    for tag in BeautifulSoup(page, "html.parser").find_all(True):
        assert tag.name in allowed
        assert set(tag.attrs) <= {"href", "class", "rel", "tabindex", "start", "title"}
        assert not tag.get("href") or str(tag["href"]).lower().startswith(("#", "http://", "https://"))
