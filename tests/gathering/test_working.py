"""Working code is a function that makes the calls of the failing line and stands in no traceback."""

from dataclasses import replace

import pytest

from assistant.evidence import Frame

SERVICES = """async def dashboard(session):
    rows = await session.scalars(select(Item).order_by(Item.name))
    return rows.all()


async def names(session):
    found = await session.scalars(select(Item.name).order_by(Item.name))
    return list(found)


async def close(session):
    await session.aclose()


def title(text):
    return text.strip().title()
"""
FAILING = Frame("app/services.py", 2, "dashboard", "rows = await session.scalars(select(Item).order_by(Item.name))", ours=True)


@pytest.fixture
def root(tmp_path):
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "services.py").write_text(SERVICES)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_names.py").write_text("def test_names(session):\n    session.scalars(select(1).order_by(1))\n")
    return tmp_path


def test_the_function_that_shares_the_failing_lines_calls_is_shown(root, failure, gathered):
    (block,) = gathered(failure("InvalidRequestError: no", (FAILING,)), root).working
    assert (block.file, block.lines) == ("app/services.py", "")
    assert block.note.startswith("`names`; uses `")
    assert "`scalars`" in block.note
    assert block.note.endswith("as the failing function does, and stands in no traceback of the log")


def test_a_function_that_fails_too_is_no_working_code(root, failure, collect):
    from assistant.gathering.code import problematic_code
    from assistant.gathering.working import working_code

    collection = collect(failure("InvalidRequestError: no", (FAILING,)), root)
    _, shown = problematic_code(collection)
    other = replace(failure("InvalidRequestError: no"), frames=(replace(FAILING, line=7, function="names"),))
    assert working_code(collection, (other,), shown) == ()


def test_one_common_name_is_not_enough(tmp_path, failure, gathered):
    (tmp_path / "a.py").write_text("def load(path):\n    return path.open()\n\n\ndef show(path):\n    print(path.open())\n")
    assert gathered(failure("OSError: no", (Frame("a.py", 2, "load", "return path.open()", ours=True),)), tmp_path).working == ()
