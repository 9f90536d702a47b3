"""Code in a text without fences, as mails and chats have it: found whole, and words are left words."""

import pytest

from assistant.results.bare_code import code_run


def lines(text: str) -> list[str]:
    return text.split("\n")


@pytest.mark.parametrize(
    ("text", "end", "language"),
    [
        ("import asyncpg\n\nUse it so.", 1, "python"),
        ("x = connect()\n\nasync def main():\n    await x\n\n    return 1\n\nRegards", 6, "python"),
        ("await session.refresh(order)", 1, "python"),
        ("    session.flush()", 1, "python"),
        ("def load(\n\n    path,\n):\n    return path\n\nThat is it.", 5, "python"),
        ("const pool = new Pool();\npool.query(sql);\n\nThen run it.", 2, ""),
        ("static {\n  init();\n}", 3, ""),
    ],
)
def test_code_ends_where_words_begin(text: str, end: int, language: str) -> None:
    assert code_run(lines(text), 0, len(lines(text))) == (end, language)


@pytest.mark.parametrize(
    "text",
    [
        "Regards",
        "marta: yes",
        "Use a pool:",
        "import the module again so that it is known",
        "Set it to 5, or\nto 6, or to whatever you like,\nand run it again;",
        "Hello Bob (me),\nsee below;",
        "1, 2, 3",
        "",
        "password = what you set in the console",
    ],
)
def test_words_are_no_code(text: str) -> None:
    assert code_run(lines(text), 0, len(lines(text))) == (0, "")
