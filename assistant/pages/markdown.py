"""A body of the document as HTML: no raw HTML, no images, links of drafts dead, citations and blanks as links within the page."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

from assistant.checking.citing import BLOCK_HEAD, FILE_HEAD, QUOTE, citations
from assistant.checking.structure import REVIEW
from assistant.pages.spots import Spots, texts_said

WEB = re.compile(r"https?://", re.I)
TASK = re.compile(r"^\[([ xX])\] ")
TASK_SIGNS = {" ": "\u2610 ", "x": "\u2611 ", "X": "\u2611 "}


class Where(NamedTuple):
    """What the text of one place is turned into HTML with.

    Args:
        place: as in `hypotheses.hypothesis_1`.
        heading: its heading.
        spots: gathers the lines that are pointed to.
        live: whether links stay links; those of drafts do not.
    """

    place: str
    heading: str
    spots: Spots
    live: bool


def as_html(body: str, where: Where) -> Markup:
    """Turn a body into HTML.

    Args:
        body: Markdown, the line that says who drafted it left out.
        where: whose body it is.
    """
    return Markup(_parser(where.live).render(body, {"where": where, "asked": 0}))


@cache
def _parser(live: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
    parser.disable(["image", "autolink", "html_inline", "html_block", "reference"])
    if not live:
        parser.disable("link")
    parser.validateLink = lambda url: bool(WEB.match(url))  # type: ignore[method-assign]
    parser.core.ruler.push("citations", _link_citations)
    parser.add_render_rule("fence", _fence)
    parser.add_render_rule("code_block", _fence)
    parser.add_render_rule("link_open", _link_open)
    return parser


def _link_citations(state: StateCore) -> None:
    where: Where = state.env["where"]
    for at, block in enumerate(state.tokens):
        if block.type == "inline" and block.children:
            if at >= 2 and state.tokens[at - 2].type == "list_item_open":
                _mark_task(state.tokens[at - 2], block.children[0])
            cited = _cited(block.content, block.children, where)
            block.children = list(_split(block.children, cited, state.env))


def _mark_task(item: Token, text: Token) -> None:
    if text.type == "text" and (box := TASK.match(text.content)):
        text.content = TASK_SIGNS[box[1]] + text.content[box.end() :]
        item.attrSet("class", "task")


class _Cited(NamedTuple):
    """An id in a text: its offsets in the flat text, and what it links to."""

    start: int
    end: int
    anchor: str


def _cited(content: str, children: Sequence[Token], where: Where) -> list[_Cited]:
    """The citations of a block of text with the lines that each means."""
    flat = _flat(children)
    place = (where.place, where.heading)
    found: list[_Cited] = []
    for line, start in _lines(content, flat):
        if head := BLOCK_HEAD.match(line) or FILE_HEAD.match(line):
            at = flat.find(head["id"], start)
            found.append(_Cited(at, at + len(head["id"]), where.spots.anchor(head["id"], place=place)))
        elif quote := QUOTE.match("- " + line):
            at = flat.find(quote["id"], start)
            found.append(_Cited(at, at + len(quote["id"]), where.spots.anchor(quote["id"], (quote["quote"],), place=place)))
    if found:
        return found
    before = 0
    for cited in citations(flat):
        said = texts_said(_codes(children, before, cited.end), flat[before : cited.end])
        for one in cited.ids:
            at = flat.rfind(one, before, cited.end)
            found.append(_Cited(at, at + len(one), where.spots.anchor(one, said, place=place)))
        before = cited.end
    return sorted(one for one in found if one.start >= 0)


def _lines(content: str, flat: str) -> Iterator[tuple[str, int]]:
    """The lines of a block in Markdown, each with the offset of its line in the flat text."""
    start = 0
    flats = flat.split("\n")
    for number, line in enumerate(content.split("\n")):
        yield line, start
        start += len(flats[number]) + 1 if number < len(flats) else 0


def _flat(children: Sequence[Token]) -> str:
    """The text of a block, its code blotted out, as long as the contents of its tokens."""
    return "".join(_flat_piece(child) for child in children)


def _flat_piece(child: Token) -> str:
    if child.type == "text":
        return child.content.replace("`", "'")
    if child.type == "code_inline":
        return "x" * len(child.content)
    return "\n" if child.type in ("softbreak", "hardbreak") else ""


def _codes(children: Sequence[Token], first: int, last: int) -> list[str]:
    """The code spans between two offsets of the flat text."""
    found, at = [], 0
    for child in children:
        if child.type == "code_inline" and first <= at < last:
            found.append(child.content)
        at += len(_flat_piece(child))
    return found


def _split(children: Sequence[Token], cited: list[_Cited], env: EnvType) -> Iterator[Token]:
    """The tokens of a block with citations and blanks as tokens of their own."""
    at = 0
    for child in children:
        end = at + len(_flat_piece(child))
        if child.type != "text":
            yield child
        else:
            marks = [(one.start - at, one.end - at, one.anchor) for one in cited if at <= one.start and one.end <= end]
            yield from _cut(child.content, marks, env)
        at = end


def _cut(text: str, marks: list[tuple[int, int, str]], env: EnvType) -> Iterator[Token]:
    at = 0
    for start, end, anchor in marks:
        yield from _blanks(text[at:start], env)
        yield from _link(text[start:end], f"#{anchor}", "cite") if anchor else _text(text[start:end])
        at = end
    yield from _blanks(text[at:], env)


def _blanks(text: str, env: EnvType) -> Iterator[Token]:
    at = 0
    for blank in REVIEW.finditer(text):
        yield from _text(text[at : blank.start()])
        env["asked"] += 1
        question = blank[0].removeprefix("[REVIEW:").rstrip("]").strip()
        yield from _link(question, f"#blank-{env['where'].place}-{env['asked']}", "blank")
        at = blank.end()
    yield from _text(text[at:])


def _text(content: str) -> Iterator[Token]:
    if content:
        yield Token("text", "", 0, content=content)


def _link(content: str, href: str, kind: str) -> Iterator[Token]:
    yield Token("link_open", "a", 1, attrs={"href": href, "class": kind})
    yield Token("text", "", 0, content=content)
    yield Token("link_close", "a", -1)


def _fence(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    return f'<pre tabindex="0"><code>{Markup.escape(tokens[index].content)}</code></pre>\n'


def _link_open(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    token = tokens[index]
    if not token.attrGet("class"):
        token.attrSet("rel", "noopener noreferrer nofollow")
    return self.renderToken(tokens, index, options, env)
