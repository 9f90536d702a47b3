"""Ready sentences: each with its evidence, `not used` only where something complete shows it, else None."""

import pytest

from assistant.evidence import Cause, Frame

ASYNCPG = Frame("/venv/site-packages/asyncpg/connection.py", 9, "connect", ours=False, package="asyncpg")
NPM = "npm ERR! code ERESOLVE\nnpm ERR! ERESOLVE unable to resolve dependency tree"


@pytest.mark.parametrize(
    ("files", "text"),
    [
        ({"requirements.txt": "fastapi==0.115.6\n"}, "0.115.6 (E2)"),
        ({"requirements.txt": "fastapi>=0.115\n"}, "`>=0.115` (declared, E2)"),
        ({"requirements.txt": "flask==3.0.0\n"}, "not used (not in `requirements.txt`, E2)"),
        ({"requirements.txt": "fastapi-users==13.0.0\n"}, None),
        ({"requirements.txt": "fastapi\n"}, None),
        ({"requirements.txt": "./wheels/shop.whl\n"}, None),
        ({"requirements-dev.txt": "-r gone.txt\npytest==8.3.4\n"}, None),
        ({}, None),
    ],
)
def test_fastapi_is_not_used_only_where_a_complete_list_says_so(project, failure, gathered, files, text):
    assert gathered(failure(), project(files)).fastapi_version == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NPM, "not used"),
        (f"{NPM}\nTraceback (most recent call last):", None),
        ("something odd happened", None),
        ("POST /api/join -> 422\nasync def join(x: str): ...", None),
    ],
)
def test_python_is_not_used_only_where_another_program_plainly_failed(failure, gathered, text, expected):
    found = gathered(failure(text, language="text"))
    assert (found.python_version, found.fastapi_version) == (expected, expected)


def test_a_stack_of_another_language_is_not_python(failure, gathered):
    frames = (Frame("shop/Orders.java", 12, "create"),)
    failed = failure("java.lang.NullPointerException: x\n\tat shop.Orders.create(Orders.java:12)", frames, language="text")
    assert gathered(failed).python_version == "not used"


@pytest.mark.parametrize(
    ("files", "frames", "text"),
    [
        (
            {"compose.yml": "services:\n  db:\n    image: postgres:15-alpine\n"},
            (ASYNCPG,),
            "PostgreSQL 15 (image `postgres:15-alpine`, service `db`, E2)",
        ),
        ({"compose.yml": "services:\n  db:\n    image: postgres\n"}, (ASYNCPG,), "PostgreSQL (image `postgres`, service `db`, E2)"),
        (
            {"compose.yml": "services:\n  db:\n    image: mysql:8\n"},
            (ASYNCPG,),
            "PostgreSQL (named in the error, E1); version not in evidence",
        ),
        (
            {"requirements.txt": "asyncpg==0.30.0\n"},
            (),
            "PostgreSQL (by the driver `asyncpg` in `requirements.txt`, E2); version not in evidence",
        ),
        ({"requirements.txt": "flask==3.0.0\n"}, (), "not used (no driver in `requirements.txt`, E2)"),
        ({"requirements.txt": "sqlalchemy==2.0.36\n"}, (), None),
        ({"requirements.txt": "flask==3.0.0\n", "app.py": "import sqlite3\n"}, (), None),
        ({}, (), None),
    ],
)
def test_the_database_is_told_as_far_as_evidence_goes(project, failure, gathered, files, frames, text):
    assert gathered(failure(frames=frames, chain=(Cause("ValueError", "boom", frames),)), project(files)).database == text


def test_a_driver_that_the_error_names_is_told(failure, gathered):
    found = gathered(failure("asyncpg.exceptions.InterfaceError: cannot perform operation"))
    assert found.database == "PostgreSQL (the driver `asyncpg` is in the error, E1); version not in evidence"


def test_constraints_are_what_the_project_declares(project, failure, gathered):
    text = '[project]\nrequires-python = ">=3.11"\ndependencies = [\n  "httpx<0.28",\n  "sqlalchemy>=2",\n  "zope<6",\n]\n'
    found = gathered(failure(), project({"pyproject.toml": text}))
    assert found.must_have == (
        "Python `>=3.11` (`requires-python` in `pyproject.toml`, E2)",
        "httpx `<0.28` (declared in `pyproject.toml`, E2)",
    )


def test_where_nothing_declares_more_the_pins_of_requirements_are_kept(project, failure, gathered):
    root = project({"requirements.txt": "fastapi==0.115.6\nhttpx\n"})
    text = '  File "/usr/lib/python3/dist-packages/fastapi/routing.py", line 1, in app\nTypeError: fastapi refused'
    assert gathered(failure(text), root).must_have == ("FastAPI `==0.115.6` (pinned in `requirements.txt`, E2)",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(Background on this error at: https://sqlalche.me/e/20/isce)", ("`https://sqlalche.me/e/20/isce` (named in the error, E1)",)),
        ("For more information check: https://example.org/status/500.", ("`https://example.org/status/500` (named in the error, E1)",)),
        ("Client error '404 Not Found' for url 'https://api.example.org/v1/orders'", ()),
        ("Cloning https://github.com/example/x.git for information", ()),
        ("connect to http://localhost:8000/docs failed", ()),
    ],
)
def test_links_for_reading_on_are_taken_from_the_error(failure, gathered, text, expected):
    assert gathered(failure(f"{text}\nValueError: boom")).documentation == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("rootdir: /home/runner/work/shop/shop", "CI (GitHub Actions; the log has `/home/runner/work`, E2)"),
        ("rootdir: /builds/platform/shop", "CI (GitLab; the log has `/builds/`, E2)"),
        ("cd /home/travis/build/shop", "CI (Travis; the log has `/home/travis/build`, E2)"),
        ("rootdir: /app", None),
    ],
)
def test_ci_is_told_by_its_marks(failure, gathered, line, expected):
    assert gathered(failure(), logs={"tests.log": f"ValueError: boom\n{line}"}).environment == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"phase": "collection", "test_id": "tests/test_a.py"}, "test collection (pytest) (E1)"),
        ({"phase": "setup", "test_id": "tests/test_a.py::test_a"}, "test setup (fixture) (E1)"),
        ({"phase": "call", "test_id": "tests/test_a.py::test_a"}, "test run (pytest) (E1)"),
        (
            {"phase": "call", "test_id": "tests/test_a.py::test_a", "frames": (Frame("tests/test_a.py", 3),)},
            "test run (pytest), in the test itself (E1)",
        ),
        ({"text": "FAILED: alembic.util.messaging: two heads"}, "database migration (alembic) (E1)"),
        ({"text": 'Error loading ASGI app. Could not import module "main".'}, "application start (uvicorn) (E1)"),
        ({"text": "collect2: error: ld returned 1 exit status"}, "build (compile and link) (E1)"),
        ({"text": "ValueError: boom"}, None),
    ],
)
def test_the_step_is_told_by_what_the_log_shows(failure, gathered, parts, expected):
    assert gathered(failure(**{"chain": (), **parts})).step == expected
