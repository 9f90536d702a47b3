"""Versions: what logs, lock files, lists and environments state; nothing is guessed."""

import pytest

from assistant.evidence import Excerpt, Frame, Masked, Origin
from assistant.gathering.claims import Trust
from assistant.gathering.log_versions import claims_of_log, is_package_list
from assistant.gathering.manifest import requirement
from assistant.gathering.manifests import manifests_of
from assistant.gathering.repository import open_repository


def stated(text: str) -> dict[str, str]:
    return {claim.name: claim.value for claim in claims_of_log("x.log", Excerpt(Masked(text)), 1)}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("platform linux -- Python 3.12.1, pytest-9.2.0, pluggy-1.7.0", {"python": "3.12.1", "pytest": "9.2.0", "pluggy": "1.7.0"}),
        ("plugins: asyncio-1.5.0, anyio-4.16.0", {"pytest-asyncio": "1.5.0", "anyio": "4.16.0"}),
        ("Python 3.11.7", {"python": "3.11.7"}),
        ("Successfully set up CPython (3.13.0)", {"python": "3.13.0"}),
        (
            "Successfully installed Flask-SQLAlchemy-2.5.1 typing_extensions-4.12.2",
            {"flask-sqlalchemy": "2.5.1", "typing-extensions": "4.12.2"},
        ),
        ("Requirement already satisfied: anyio<5,>=3 in ./venv/lib/python3.11/site-packages (from httpx) (4.6.2)", {"anyio": "4.6.2"}),
        ("foo 1.0 requires bar<2, but you have bar 2.1.0 which is incompatible.", {"foo": "1.0", "bar": "2.1.0"}),
        ("ERROR: apache-airflow 2.1 has requirement x<2, but you'll have x 3.0.1 which is incompatible.", {"apache-airflow": "2.1"}),
        ("Collecting flask[async]==2.0.1 (from -r requirements.txt (line 3))", {"flask": "2.0.1"}),
        ("2024-05-01T10:00:00.1234567Z   Downloading python_jose-3.3.0-py2.py3-none-any.whl.metadata (5 kB)", {"python-jose": "3.3.0"}),
        ("  Downloading https://files.example.org/a/b/numpy-2.0.2-cp311-cp311-manylinux_2_17_x86_64.whl (19 MB)", {"numpy": "2.0.2"}),
        ("  Using cached future-0.18.3.tar.gz (840 kB)", {"future": "0.18.3"}),
        (" + httpx==0.28.1", {"httpx": "0.28.1"}),
        ("  - Installing flask (2.0.1)", {"flask": "2.0.1"}),
        ("  • Updating marshmallow (3.26.1 -> 4.0.0)", {"marshmallow": "4.0.0"}),
        ("  - Installing symfony/console (v5.3.0): Extracting archive", {"symfony/console": "5.3.0"}),
        ("py37 installed: attrs==19.1.0,kombu==5.3.4,pytest==8.3.5", {"attrs": "19.1.0", "kombu": "5.3.4", "pytest": "8.3.5"}),
        ("py311: attrs==23.2.0,pint==0.19.2,numpy==2.0.2", {"attrs": "23.2.0", "pint": "0.19.2", "numpy": "2.0.2"}),
        ("# Name        Version     Build  Channel\nnumpy   2.0.2   py311h64a7726_0    conda-forge", {"numpy": "2.0.2"}),
        ("npm ERR! Found: react@17.0.2", {"react": "17.0.2"}),
        ("npm WARN deprecated har-validator@5.1.5: this library is no longer supported", {"har-validator": "5.1.5"}),
        ("│ ├── @babel/core@7.22.1", {"@babel/core": "7.22.1"}),
        ("   Compiling serde_json v1.0.108", {"serde-json": "1.0.108"}),
        ("[INFO] +- org.springframework:spring-core:jar:5.3.9:compile", {"spring-core": "5.3.9"}),
        ("|    +--- org.hibernate:hibernate-core:5.6.1.Final", {"hibernate-core": "5.6.1"}),
        ("[INFO] Downloaded from central: [URL]/org/h2/h2-1.4.200.jar (2.3 MB at 1 MB/s)", {"h2": "1.4.200"}),
        ("Using activerecord 6.1.4 (was 6.0.0)", {"activerecord": "6.1.4"}),
        ("  /srv/venv/lib/python3.11/site-packages/bcrypt-5.0.0.dist-info/METADATA", {"bcrypt": "5.0.0"}),
        ("installed: connexion==3.0.5  starlette-0.32.0", {"starlette": "0.32.0", "connexion": "3.0.5"}),
        ("bcrypt==5.0.0   # fails", {"bcrypt": "5.0.0"}),
        ("passlib[bcrypt]==1.7.4", {"passlib": "1.7.4"}),
        ("Package    Version\n---------- -------\nfastapi    0.115.6\n\nidna 3", {"fastapi": "0.115.6"}),
        ("Running uvicorn 0.14.0 with CPython 3.8.10 on Linux", {"uvicorn": "0.14.0", "python": "3.8.10"}),
        ("go version go1.21.3 linux/amd64", {"go": "1.21.3"}),
        ("Docker version 18.09.0, build 172f8da", {"docker-engine": "18.09.0"}),
        ("Node.js v20.11.1", {"node": "20.11.1"}),
    ],
)
def test_a_log_states_versions(line, expected):
    assert stated(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "# bcrypt==4.3.0 # works",
        "ERROR: No matching distribution found for foo==1.2.3",
        "Version 3.1 was not found in the local cache",
        "These features are not compatible with SQLAlchemy 2.0",
        "requires Python >=3.9",
        "  Version:   1.0.7",
        "pip install foo==1.2.3 bar",
        "see the 2.3 migration guide",
        "removed in Python 3.12",
        "Collecting flask>=2.0",
        " - httpx==0.27.2",
        "> shop-frontend@1.4.0 test",
        'npm ERR! peer react@"^16.8.0" from widgets',
        "Using version 1.2 of the schema",
        "mail to ada@1.2.3",
        "Installing collected packages: six, flask",
    ],
)
def test_what_only_talks_of_versions_states_none(line):
    assert stated(line) == {}


def test_of_several_headers_the_last_one_before_the_failure_counts(failure, gathered):
    header = "platform linux -- Python {}, pytest-9.2.0"
    log = "\n".join(
        [header.format("3.11.7"), *["."] * 9, header.format("3.12.1"), "x", "ValueError: boom", *["."] * 9, header.format("3.13.0")]
    )
    failed = failure(origin=Origin("tests.log", 13, 13))
    found = gathered(failed, logs={"tests.log": log})
    assert found.python_version == "3.12.1 (E2)"
    assert str(found.ledger.get("E2").origin) == "tests.log:11"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/opt/hostedtoolcache/Python/3.11.7/x64/lib/python3.11/site-packages/x.py", "3.11.7 (E1)"),
        ("/root/.pyenv/versions/3.10.10/lib/python3.10/x.py", "3.10.10 (E1)"),
        ("/usr/lib/python3.9/x.py", "3.9 (E1)"),
        ("C:\\Python312\\Lib\\x.py", "3.12 (E1)"),
        ("/srv/app/x.py", None),
    ],
)
def test_the_paths_of_a_trace_tell_pythons_version_where_nothing_better_does(failure, gathered, path, text):
    assert gathered(failure(f'  File "{path}", line 1, in f\nValueError: boom')).python_version == text


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("requirements.txt", "fastapi==0.115.6\nsqlalchemy>=2.0,<2.1\n", {"fastapi": "0.115.6", "sqlalchemy": ">=2.0,<2.1"}),
        ("requirements/base.txt", "Flask[async] == 3.0.0 ; python_version > '3.8'\n", {"flask": "3.0.0"}),
        ("requirements.lock", "httpx==0.27.2 \\\n    --hash=sha256:00\n", {"httpx": "0.27.2"}),
        ("poetry.lock", '[[package]]\nname = "FastAPI"\nversion = "0.115.6"\ndescription = ""\n', {"fastapi": "0.115.6"}),
        ("uv.lock", '[[package]]\nname = "idna"\nversion = "3.10"\nsource = {}\n', {"idna": "3.10"}),
        (
            "Pipfile.lock",
            '{\n    "default": {\n        "redis": {\n            "hashes": [],\n            "version": "==5.0.1"\n        }\n    }\n}\n',
            {"redis": "5.0.1"},
        ),
        ("package-lock.json", '{\n  "packages": {\n    "node_modules/react": {\n      "version": "17.0.2"\n', {"react": "17.0.2"}),
        ("go.mod", "module x\n\nrequire (\n\tgithub.com/lib/pq v1.10.9\n)\n", {"github.com/lib/pq": "1.10.9"}),
        ("setup.cfg", "[options]\npython_requires = >=3.8\ninstall_requires =\n    click>=8\n", {"python": ">=3.8", "click": ">=8"}),
        (".python-version", "3.12.1\n", {"python": "3.12.1"}),
        ("Dockerfile", "FROM python:3.11-slim AS base\n", {"python": "3.11"}),
        (
            "pyproject.toml",
            '[project]\nrequires-python = ">=3.11"\ndependencies = [\n  "httpx<0.28",\n]\n',
            {"python": ">=3.11", "httpx": "<0.28"},
        ),
        ("pyproject.toml", '[tool.poetry.dependencies]\npython = "^3.11"\nfastapi = "^0.115"\n', {"python": "^3.11", "fastapi": "^0.115"}),
        ("pyproject.toml", "[[[", {}),
    ],
)
def test_manifests_state_versions(project, path, text, expected):
    found = manifests_of(open_repository(project({path: text})))
    assert {claim.name: claim.value for manifest in found for claim in manifest.claims} == expected


def test_included_lists_are_read_and_a_missing_one_makes_the_list_incomplete(project):
    root = project({"requirements.txt": "-r more.txt\na==1.0\n", "more.txt": "-r requirements.txt\nb==2.0\n"})
    (found,) = manifests_of(open_repository(root))
    assert {claim.name: claim.value for claim in found.claims} == {"a": "1.0", "b": "2.0"}
    assert not manifests_of(open_repository(project({"requirements.txt": "-r gone.txt\na==1.0\n"})))[0].complete


def test_a_virtual_environment_is_read_by_the_names_of_its_folders(project, failure, gathered):
    packages = ".venv/lib/python3.12/site-packages"
    root = project(
        {
            ".venv/pyvenv.cfg": "home = /usr\nversion = 3.12.4\n",
            f"{packages}/fastapi-0.115.6.dist-info/METADATA": "",
            f"{packages}/SQLAlchemy-2.0.36.dist-info/METADATA": "",
        }
    )
    found = gathered(failure(), root)
    assert (found.python_version, found.fastapi_version) == ("3.12.4 (E2)", "0.115.6 (E3)")
    assert found.ledger.get("E3").text == "SQLAlchemy-2.0.36.dist-info\nfastapi-0.115.6.dist-info"
    assert str(found.ledger.get("E3").origin) == packages


def test_the_log_is_believed_before_the_lock_file_and_the_difference_is_told(project, failure, gathered):
    root = project({"requirements.txt": "httpx==0.27.2\n"})
    log = "Successfully installed httpx-0.28.1\nValueError: boom"
    found = gathered(failure(origin=Origin("tests.log", 2, 2)), root, {"tests.log": log})
    assert found.versions["httpx"].value == "0.28.1"
    assert found.notes == ("`httpx` is 0.28.1 in `tests.log` (E2) but 0.27.2 in `requirements.txt` (E3)",)


def test_packages_that_the_failure_does_not_name_stay_out(project, failure, gathered):
    root = project({"requirements.txt": "".join(f"package-{n}==1.{n}\n" for n in range(30)) + "pyyaml==6.0.2\n"})
    frame = Frame("/venv/site-packages/yaml/loader.py", 1, "load", ours=False, package="yaml")
    found = gathered(failure(frames=(frame,)), root)
    assert found.other_versions == "pyyaml 6.0.2 (E2)"
    assert [str(found.ledger.get(block.evidence).origin) for block in found.python_environment] == ["requirements.txt:31"]


def test_of_all_that_an_installer_prints_only_what_the_failure_names_becomes_evidence(failure, gathered):
    log = [f"2026-05-01T10:00:0{n}.0000000Z   Downloading package_{n}-1.{n}-py3-none-any.whl (5 kB)" for n in range(9)]
    log += ["2026-05-01T10:00:09.0000000Z Collecting marshmallow==4.0.0 (from -r requirements.txt (line 2))", *["."] * 300]
    frame = Frame("/venv/site-packages/marshmallow/fields.py", 9, "load", ours=False, package="marshmallow")
    found = gathered(
        failure(frames=(frame,), origin=Origin("tests.log", 311, 311)), logs={"tests.log": "\n".join([*log, "ValueError: boom"])}
    )
    assert found.other_versions == "marshmallow 4.0.0 (E2)"
    assert str(found.ledger.get("E2").origin) == "tests.log:10"


def test_a_frozen_list_among_the_logs_is_a_manifest(failure, gathered):
    freeze = "anyio==4.6.2\nhttpx==0.28.1\nidna==3.10\nsniffio==1.3.1\n"
    assert is_package_list(Masked(freeze))
    found = gathered(failure(), logs={"tests.log": "ValueError: boom", "freeze.txt": freeze})
    assert found.other_versions == "httpx 0.28.1 (E2)"
    assert found.fastapi_version.startswith("not used (not in `freeze.txt`, ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sqlalchemy[asyncio]>=2.0.30 ; python_version > '3.8'", ("sqlalchemy", ">=2.0.30")),
        ("Typing_Extensions (>=4)", ("typing-extensions", ">=4")),
        ("httpx", ("httpx", "")),
        ("git+https://example.org/x.git", None),
        ("./local", None),
    ],
)
def test_requirements_are_taken_apart(text, expected):
    assert requirement(text) == expected


def test_trust_is_ordered_from_what_ran_to_what_is_wished():
    assert sorted(Trust)[0] is Trust.LOG
    assert Trust.INSTALLED < Trust.LOCKED < Trust.DECLARED
