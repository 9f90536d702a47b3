"""Plain text as Markdown that stays plain: nothing in it becomes a heading, link, image, HTML, mention or command."""

import re

CODE_SPAN = re.compile(r"(?<!`)(`{1,8})(?!`)(.{1,4000}?)(?<!`)\1(?!`)", re.S)
PLACEHOLDER = re.compile(r"\[REVIEW: [^\[\]\n]{1,400}\]")
LIVE = re.compile(
    r"""\[(?:SECRET|PII):[a-z][a-z0-9-]{0,60}:[1-9][0-9]{0,8}\]   # what stands for a masked value
      | (?:[a-z][a-z0-9+.-]{1,20}:(?://|(?=[a-z]+[:(/]))|www\.|(?:javascript|data|vbscript|mailto):)[^\s`]{1,2000}   # addresses
      | (?<![\w/])[\w.+-]{0,64}@[\w][\w./-]{0,100}         # mentions and e-mail addresses
      | (?<!\w)(?:\#|GH-)[0-9]{1,10}\b                      # issue numbers
      | \{[{%\#][^`\n]{0,200}?[}%\#]\} | \{[{%\#] | [}%\#]\} # template tags
      | \$\$? [^\s`]{0,40}                                  # mathematics
      | (?<!\S)/[a-z]{3,20}\b (?![/.\w])                    # slash commands
      | (?<!\S)(?:::[a-z-]{2,30} | \#\#(?:vso|teamcity)?\[[^\s`]{0,80} | section_(?:start|end):[^\s`]{0,80})  # CI commands
      | ^\s*[=+@-][A-Z0-9]{1,20}\([^\s`]{0,80}              # spreadsheet formulas
    """,
    re.X | re.I | re.M,
)
SPECIAL = re.compile(r"[\\*\[\]<>|~`]|&(?=[#\w]{1,32};)|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
FENCED = re.compile(r"^```(\w*)\n(.*?)\n```$", re.M | re.S)
LINE_START = re.compile(r"^(\s*)(?:([#+=>-])|(\d{1,9})([.)]))(?=\s|$|[#+=>-])", re.M)


def code_span(text: str) -> str:
    """A text as inline code, white space folded; empty for a blank text."""
    flat = " ".join(text.split())
    if not flat:
        return ""
    mark = "`" * (max((len(run) for run in re.findall(r"`+", flat)), default=0) + 1)
    pad = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{mark}{pad}{flat}{pad}{mark}"


def prose(text: str) -> str:
    """One line of drafted or parsed text: its backticked parts stay code, its placeholders stay, the rest is escaped."""
    flat = " ".join(text.split())
    parts, at = [], 0
    for span in CODE_SPAN.finditer(flat):
        parts += [_plain(flat[at : span.start()], at == 0), code_span(span[2])]
        at = span.end()
    return _joined([*parts, _plain(flat[at:], at == 0)])


def rich(text: str) -> list[tuple[str, str]]:
    """Split a text into paragraphs and fenced blocks.

    Returns:
        Pairs (language, text): the language of a fenced block, `text` for one without, or "" for a paragraph in Markdown.
    """
    parts: list[tuple[str, str]] = []
    at = 0
    for block in FENCED.finditer(text):
        parts += _paragraphs(text[at : block.start()])
        parts.append((block[1] or "text", block[2]))
        at = block.end()
    return parts + _paragraphs(text[at:])


def _paragraphs(text: str) -> list[tuple[str, str]]:
    return [("", prose(paragraph)) for paragraph in re.split(r"\n[ \t]*\n", text) if paragraph.strip()]


def _plain(text: str, at_start: bool) -> str:
    parts, at = [], 0
    for live in re.finditer(rf"(?P<keep>{PLACEHOLDER.pattern})|(?:{LIVE.pattern})", text, LIVE.flags):
        parts.append(_escaped(text[at : live.start()], at_start and at == 0))
        parts.append(live[0] if live["keep"] else _padded(live[0]))
        at = live.end()
    return _joined([*parts, _escaped(text[at:], at_start and at == 0)])


def _joined(parts: list[str]) -> str:
    """Two pieces of inline code side by side would melt into one: a blank keeps them apart."""
    joined = ""
    for part in parts:
        joined += " " + part if joined.endswith("`") and part.startswith("`") else part
    return joined


def _padded(text: str) -> str:
    """Inline code that keeps the blanks around it outside."""
    inner = text.strip()
    return text.replace(inner, code_span(inner)) if inner else text


def _escaped(text: str, at_start: bool) -> str:
    escaped = SPECIAL.sub(lambda found: "\\" + found[0], text)
    if at_start:
        escaped = LINE_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", escaped)
    return escaped


def unescaped(text: str) -> str:
    """A text without Markdown's backslash escapes."""
    return ESCAPE.sub(r"\1", text)
