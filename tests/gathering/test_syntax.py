"""The lines that belong together: the enclosing function, the imports, a window."""

import pytest

from assistant.gathering.repository import SourceFile
from assistant.gathering.syntax import functions, span_around

PYTHON = """import os
import sys

LIMIT = int(os.environ["LIMIT"])


@cached
@route("/x")
def plain(a, b):
    return a / b


class Orders:
    name = column()

    async def create(self, order):
        def inner(x):
            return x.y
        return [inner(o) for o in order]
"""


def around(line: int, text: str = PYTHON, path: str = "a.py", function: str = ""):
    span = span_around(SourceFile(path, text), line, function)
    return span and (span.first, span.last, span.name)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (10, (7, 10, "plain")),
        (7, (7, 10, "plain")),
        (18, (16, 19, "Orders.create")),
        (19, (16, 19, "Orders.create")),
        (2, (1, 2, "the imports")),
        (4, (4, 4, "")),
        (14, (13, 19, "")),
    ],
)
def test_a_line_is_shown_with_what_encloses_it(line, expected):
    assert around(line) == expected


def test_a_function_is_found_by_name_where_the_line_is_gone():
    assert around(0, function="create") == (16, 19, "Orders.create")
    assert around(0, function="gone") is None


def test_a_file_that_does_not_parse_gives_a_window():
    broken = "\n".join(f"x{n} = (" for n in range(1, 61))
    assert around(30, broken) == (15, 45, "")


def test_a_long_function_keeps_its_signature_and_is_cut_once():
    text = "def long(\n    a,\n    b,\n):\n" + "".join(f"    x{n} = {n}\n" for n in range(200))
    span = span_around(SourceFile("a.py", text), 150)
    assert (span.first, span.last, span.cut) == (1, 165, (5, 119))
    assert span.note == "204 lines long, cut around line 150"


def test_a_long_function_that_fails_early_is_shown_from_its_start():
    text = "def long():\n" + "".join(f"    x{n} = {n}\n" for n in range(200))
    span = span_around(SourceFile("a.py", text), 20)
    assert (span.first, span.last, span.cut) == (1, 80, None)


def test_other_languages_are_cut_by_indentation():
    text = "import x from 'x';\n\ntest('one', () => {\n  const a = x();\n  if (a) {\n    fail(a);\n  }\n});\n\ntest('two', () => {\n  x();\n});\n"
    assert around(6, text, "a.test.js") == (3, 8, "")


def test_other_files_fall_back_to_a_window():
    assert around(30, "line\n" * 60, "notes.txt") == (18, 42, "")


def test_functions_carry_arguments_and_decorators():
    plain = functions(SourceFile("a.py", PYTHON))[0]
    assert (plain.name, plain.arguments, plain.decorators) == ("plain", ("a", "b"), ("cached", "route"))


def test_warnings_of_the_code_that_is_read_are_not_ours(recwarn):
    around(1, 'x = "\\d"\n')
    assert not recwarn.list


def test_hostile_nesting_is_no_failure():
    assert around(1, "(" * 50_000) == (1, 1, "")
