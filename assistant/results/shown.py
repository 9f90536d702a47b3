"""How a part of a note is shown: as it stands, Markdown's marks aside, and only where nothing in it could be mistaken for ours."""

import re

from assistant.checking.grounding import folded, sentences
from assistant.checking.structure import REVIEW, STILL_DRAFTED
from assistant.sources.notes import ROLES

LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\((<?)([^()\s<>]{1,1000}(?:\([^()\s]{0,200}\)[^()\s<>]{0,300})?)\2(?:\s\"[^\"\n]{0,200}\")?\)")
AUTOLINK = re.compile(r"<((?:https?|ftp)://[^\s<>]{1,1000})>")
STRONG = re.compile(r"(?<![\w*])(\*{1,3}|_{1,3}(?=[^_\s]{1,60} ))(?=\S)([^*_`\n]{1,300}?)(?<=\S)\1(?![\w*])")
"""Emphasis; `__init__` is none."""
TAG = re.compile(r"</?[A-Za-z!?][^<>`\n]{0,200}>")
"""Also `List<String>`: what could be a tag is shown as code."""
SPAN = re.compile(r"(`{1,8})(?!`)(.{1,4000}?)(?<!`)\1(?!`)", re.S)
URL = re.compile(r"\bhttps?://[^\s<>\"'`\])]{1,1000}")
LINE_MARK = re.compile(r"^\s{0,20}(?:(?:>\s?){1,5}|#{1,6}\s{1,4}|[-*+]\s{1,4}(?:\[[ xX]\]\s)?|[0-9]{1,3}[.)]\s{1,4})", re.M)
OPENING = re.compile(
    rf"^(?:Subject: (?:\[PATCH[^\]]{{0,40}}\] )?|[*_]{{0,2}}(?:\[?[0-9][0-9:.,/ T-]{{3,30}}(?: ?[AP]M)?\]?[ -]{{0,3}}<?[A-Za-z][\w .@-]{{0,30}}?>?|{'|'.join(sorted(ROLES))})[*_]{{0,2}}:[*_]{{0,2}}\s)",
    re.I,
)
"""Who speaks, in a transcript; what a mailed patch calls its first line."""
MAX_QUOTED = 560


def readable(text: str) -> str:
    """A passage as one paragraph: marks of lists, quotes, headings and emphasis taken away, links as their text and address."""
    flat = OPENING.sub("", folded(LINE_MARK.sub("", text)))
    parts, at = [], 0
    for span in SPAN.finditer(flat):
        parts += [_without_marks(flat[at : span.start()]), span[0]]
        at = span.end()
    return "".join([*parts, _without_marks(flat[at:])]).strip()


def _without_marks(text: str) -> str:
    text = LINK.sub(lambda link: f"{link[1]} ({link[3]})" if link[1] and link[1] != link[3] else link[3], text)
    text = AUTOLINK.sub(r"\1", text)
    text = TAG.sub(r"`\g<0>`", STRONG.sub(r"\2", STRONG.sub(r"\2", text)))
    return URL.sub(_as_code, text)


def _as_code(address: re.Match[str]) -> str:
    """An address as inline code, without what the sentence puts behind it."""
    bare = address[0].rstrip(".,;:!?*_")
    return f"`{bare}`{address[0][len(bare) :]}"


def raw_sentences(text: str) -> tuple[str, ...]:
    """The sentences of a passage letter by letter, white space folded."""
    return sentences(OPENING.sub("", LINE_MARK.sub("", folded(text), count=1)))


def is_quotable(text: str) -> bool:
    """Whether a text may stand as prose: nothing in it looks like a blank or a line of ours."""
    return not REVIEW.search(text) and "[REVIEW" not in text and not STILL_DRAFTED.search(text) and "Drafted by" not in text


def clipped(text: str, limit: int = MAX_QUOTED) -> str:
    """The sentences of a text from its first one on that fit; at least one, cut at a word."""
    found = ""
    for sentence in sentences(text):
        if found and len(found) + len(sentence) > limit:
            break
        found = f"{found} {sentence}".strip()
    return found if len(found) <= limit * 2 else found[: limit * 2].rsplit(" ", 1)[0]


def addresses(text: str) -> list[str]:
    """The web addresses in a text, each once."""
    return list(dict.fromkeys(found[0].rstrip(".,;:!?*_") for found in URL.finditer(text)))
