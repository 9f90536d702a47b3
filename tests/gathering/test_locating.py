"""Paths of logs, also of other machines, are found in the repository, and ties are told, not guessed."""

import pytest

from assistant.evidence import Frame
from assistant.gathering.locating import clean_path, find_paths, locate

SERVICE = "def total(rows):\n    return sum(rows)\n"


@pytest.mark.parametrize(
    "logged",
    [
        "app/services.py",
        "./app/services.py",
        "/home/runner/work/shop/shop/app/services.py",
        "C:\\build\\shop\\app\\services.py",
        "file:///builds/shop/app/services.py",
        "services.py",
    ],
)
def test_a_path_is_found_by_its_longest_unique_end(project, failure, collect, logged):
    root = project({"app/services.py": SERVICE, "app/models.py": ""})
    assert find_paths(logged, collect(failure(), root)) == ("app/services.py",)


def test_a_path_below_the_repository_is_found_by_its_absolute_name(project, failure, collect):
    root = project({"app/services.py": SERVICE, "old/app/services.py": ""})
    assert find_paths(f"{root}/app/services.py", collect(failure(), root)) == ("app/services.py",)


def test_a_tie_is_told_and_not_guessed(project, failure, collect):
    root = project({"a/app/models.py": "x = 1\n", "b/app/models.py": "x = 1\n"})
    collection = collect(failure(), root)
    assert locate(Frame("/srv/app/models.py", 1), collection) is None
    assert collection.notes == ["`/srv/app/models.py` of the log may be any of `a/app/models.py`, `b/app/models.py`; none is shown"]


def test_a_tie_is_broken_by_the_line_that_the_log_shows(project, failure, collect):
    root = project({"a/app/models.py": "x = 1\n", "b/app/models.py": "y = 2\n"})
    place = locate(Frame("/srv/app/models.py", 1, code="y = 2"), collect(failure(), root))
    assert (place.file.path, place.line) == ("b/app/models.py", 1)


def test_a_name_alone_is_no_match_between_folders(project, failure, collect):
    root = project({"shop/utils.py": "x = 1\n"})
    assert locate(Frame("/srv/other/utils.py", 1), collect(failure(), root)) is None
    assert locate(Frame("/srv/other/utils.py", 1, code="x = 1"), collect(failure(), root)).file.path == "shop/utils.py"


def test_a_line_that_moved_is_found_by_its_text(project, failure, collect):
    root = project({"app/services.py": "import math\n\n" + SERVICE})
    place = locate(Frame("app/services.py", 2, "total", "return sum(rows)"), collect(failure(), root))
    assert place.line == 4
    assert place.note == "the file has changed since: line 2 of the log is line 4 now"


def test_a_line_that_is_gone_is_told(project, failure, collect):
    root = project({"app/services.py": SERVICE})
    collection = collect(failure(), root)
    place = locate(Frame("app/services.py", 90, "total", "return max(rows)"), collection)
    assert place.line == 0
    assert collection.notes == ["`app/services.py` has changed since the log was written: line 90 is not what the log shows"]


@pytest.mark.parametrize(
    ("logged", "clean"), [("D:\\a\\x.py", "/a/x.py"), ("././x.py", "x.py"), ("/a/x.py", "/a/x.py"), ("file:///a/x.js", "/a/x.js")]
)
def test_paths_are_cleaned(logged, clean):
    assert clean_path(logged) == clean
