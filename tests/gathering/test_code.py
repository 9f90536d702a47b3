"""Problematic and related code: the functions of our frames, the failing test, what it calls and names."""

import pytest

from assistant.evidence import Cause, Frame
from assistant.gathering.code import is_test
from assistant.gathering.related import parts_of_test_id

SERVICES = """def count(rows):
    return len(rows)


def board(rows):
    return {"rows": count(rows)}
"""
MAIN = """from app import services


@app.get("/board")
def show(rows):
    return services.board(rows)
"""
TEST = """from app.services import board

import pytest


@pytest.fixture
def rows():
    return None


def test_board(client, rows):
    assert board(rows) == {"rows": 0}
"""
CONFTEST = """import pytest


@pytest.fixture
def client():
    return object()
"""
FILES = {"app/services.py": SERVICES, "app/main.py": MAIN, "tests/test_board.py": TEST, "tests/conftest.py": CONFTEST}
FRAMES = (
    Frame("tests/test_board.py", 12, "test_board", 'assert board(rows) == {"rows": 0}'),
    Frame("/venv/lib/python3.12/site-packages/starlette/routing.py", 5, "app", ours=False, package="starlette"),
    Frame("app/main.py", 6, "show", "return services.board(rows)"),
    Frame("app/services.py", 6, "board"),
    Frame("app/services.py", 2, "count", "return len(rows)"),
)


def places(blocks):
    return [(block.file, block.lines) for block in blocks]


def test_our_functions_come_innermost_first_and_libraries_do_not(project, failure, gathered):
    found = gathered(failure(frames=FRAMES), project(FILES))
    assert places(found.problematic) == [("app/services.py", "1-2"), ("app/services.py", "5-6"), ("app/main.py", "4-6")]
    assert found.problematic[0].note == "`count`; innermost frame of ours, frame 5 of 5"


def test_a_block_is_the_lines_of_the_file(project, failure, gathered):
    found = gathered(failure(frames=FRAMES), project(FILES))
    piece = found.ledger.get(found.problematic[1].evidence)
    assert piece.text == 'def board(rows):\n    return {"rows": count(rows)}'
    assert (str(piece.origin), piece.language) == ("app/services.py:5-6", "python")


def test_the_failing_test_and_its_fixtures_are_related_code(project, failure, gathered):
    found = gathered(failure(frames=FRAMES, test_id="tests/test_board.py::test_board"), project(FILES))
    assert places(found.related) == [("tests/test_board.py", "11-12"), ("tests/conftest.py", "4-6"), ("tests/test_board.py", "6-8")]
    assert [block.note for block in found.related] == [
        "`test_board`; the failing test",
        "`client`; fixture of the test",
        "`rows`; fixture of the test",
    ]


def test_an_assertion_that_fails_brings_what_it_calls_and_nothing_twice(project, failure, gathered):
    found = gathered(failure(frames=FRAMES[:1], test_id="tests/test_board.py::test_board"), project(FILES))
    assert places(found.problematic) == [("tests/test_board.py", "11-12")]
    assert places(found.related)[0] == ("app/services.py", "5-6")
    assert ("tests/test_board.py", "11-12") not in places(found.related)


def test_the_innermost_cause_comes_before_what_surfaced(project, failure, gathered):
    chain = (Cause("KeyError", "'x'", FRAMES[4:]), Cause("ValueError", "boom", FRAMES[2:3]))
    found = gathered(failure(frames=FRAMES[2:3], chain=chain), project(FILES))
    assert places(found.problematic) == [("app/services.py", "1-2"), ("app/main.py", "4-6")]


def test_at_most_four_functions_are_shown(project, failure, gathered):
    text = "".join(f"def f{n}():\n    return f{n + 1}()\n\n\n" for n in range(9))
    frames = tuple(Frame("app/chain.py", 2 + 4 * n, f"f{n}") for n in range(9))
    assert len(gathered(failure(frames=frames), project({"app/chain.py": text})).problematic) == 4


def test_without_a_repository_the_place_stands_on_the_error(failure, gathered):
    (block,) = gathered(failure(frames=FRAMES)).problematic
    assert (block.file, block.lines, block.evidence) == ("app/services.py", "2", "E1")
    assert block.note == "from the stack trace; give `--repo` for the code"


def test_a_frame_in_a_file_for_secrets_shows_nothing_of_it(project, failure, gathered):
    found = gathered(
        failure(frames=(Frame("/app/conf/prod.key", 1, "<module>"), FRAMES[4])), project({**FILES, "conf/prod.key": "hidden value"})
    )
    assert places(found.problematic) == [("app/services.py", "1-2")]
    assert "`conf/prod.key` was left out: it is a file for secrets, which are never shown" in found.notes
    assert not any("hidden value" in piece.text for piece in found.ledger)


def test_a_failure_without_frames_is_placed_by_what_its_text_names(project, failure, gathered):
    root = project({"lib/feed.js": "export function feed() {\n  throw new Error('x');\n}\n"})
    found = gathered(failure("Error: x\n    at feed (file:///srv/lib/feed.js:2:9)", language="text"), root)
    assert places(found.problematic) == [("lib/feed.js", "1-3")]


@pytest.mark.parametrize(
    ("test_id", "expected"),
    [
        ("tests/test_a.py::TestX::test_y[1-a::b]", ("tests/test_a.py", ("TestX", "test_y"))),
        ("tests.test_a.TestX::test_y", ("tests.test_a.TestX", ("test_y",))),
        ("test_y (tests.test_a.TestX.test_y)", ("tests.test_a.TestX", ("test_y",))),
        ("test_y (tests.test_a.TestX)", ("tests.test_a.TestX", ("test_y",))),
    ],
)
def test_test_ids_are_taken_apart(test_id, expected):
    assert parts_of_test_id(test_id) == expected


@pytest.mark.parametrize(
    "test_id",
    [
        "tests/test_board.py::test_board[a]",
        "tests.test_board::test_board",
        "test_board[x]",
        "test_board (tests.test_board.Boards.test_board)",
    ],
)
def test_a_test_is_found_by_any_form_of_its_id(project, failure, gathered, test_id):
    found = gathered(failure(frames=FRAMES[4:], test_id=test_id), project(FILES))
    assert places(found.related)[0] == ("tests/test_board.py", "11-12")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("tests/test_a.py", True),
        ("app/conftest.py", True),
        ("src/a.test.js", True),
        ("pkg/a_test.go", True),
        ("app/testing.py", False),
        ("app/contest.py", False),
    ],
)
def test_tests_are_told_by_their_path(path, expected):
    assert is_test(path) is expected
