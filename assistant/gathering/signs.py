"""What a log shows of where it was written: CI marks, the step that failed, links, signs of a language."""

import re

from assistant.evidence import Excerpt, Failure, Kind
from assistant.gathering.code import is_test, ordered_causes
from assistant.gathering.collection import Collection

LINK_LIMIT = 3
AROUND = 40
SIGN_CHARS = 500_000
CI_MARKS = (
    (("/home/runner/work", "hostedtoolcache", "\nRun actions/", "GITHUB_ACTIONS", "D:\\a\\"), "GitHub Actions"),
    (("Running with gitlab-runner", "GITLAB_CI", "CI_JOB_ID", " /builds/"), "GitLab"),
    (("/home/travis/build", "TRAVIS_BUILD", "travis_fold", "travis_time"), "Travis"),
    (("/var/lib/jenkins", "JENKINS_HOME", "/home/jenkins"), "Jenkins"),
    (("/home/circleci", "CIRCLECI"), "CircleCI"),
    (("/home/vsts/work", "#vso["), "Azure Pipelines"),
    (("BITBUCKET_BUILD", "/opt/atlassian/pipelines"), "Bitbucket Pipelines"),
)
STEPS = (
    (
        ("alembic upgrade", "alembic current", "alembic.util.messaging", "alembic.runtime", "/alembic/", "migrations/versions/"),
        "database migration (alembic)",
    ),
    (("manage.py migrate", "django/db/migrations"), "database migration (Django)"),
    (("Error loading ASGI app", "Application startup failed", "uvicorn/config.py", "uvicorn/importer.py"), "application start (uvicorn)"),
    (("gunicorn/arbiter.py", "gunicorn/util.py", "Worker failed to boot"), "application start (gunicorn)"),
    (("APPLICATION FAILED TO START", "Error starting ApplicationContext"), "application start (Spring Boot)"),
    (("npm ERR!", "npm error", "ERESOLVE", "ERR_PNPM"), "package installation (npm)"),
    (
        ("pip install", "pip3 install", "ResolutionImpossible", "No matching distribution", "Failed building wheel", "pip/_internal"),
        "package installation (pip)",
    ),
    (("go get ", "go mod ", "go: downloading", "go.sum"), "module download (go)"),
    (("collect2: error", "undefined reference to", "ld returned ", ": fatal error: ", "error: linker"), "build (compile and link)"),
    (("could not compile `", "error[E0"), "build (cargo)"),
    (("COMPILATION ERROR", "Compilation failure", "compileJava FAILED"), "build (Java)"),
    (("error TS",), "build (TypeScript)"),
    (("docker build", "failed to solve:"), "image build (Docker)"),
    (("exec format error", "docker run ", "OCI runtime", "exited with code", "is unhealthy"), "container start (Docker)"),
    (("acquiring the state lock", "terraform ", ".tfstate"), "infrastructure change (Terraform)"),
    (("Exception in ASGI application", "Internal Server Error", "fastapi/routing.py", '" 500', "-> 422 ", "-> 500"), "request handling"),
    (("Tests run:", "surefire", "There were failing tests"), "test run (JUnit)"),
    (("Test Suites: ", "jest"), "test run (Jest)"),
    (("node:internal/test_runner", "TAP version"), "test run (Node.js)"),
    (("--- FAIL: ",), "test run (go)"),
    (("test result: FAILED",), "test run (cargo)"),
    (("celery/app", "celery/worker", "Received unregistered task", "ForkPoolWorker"), "background task (Celery)"),
)
_URL = re.compile(r"https?://[A-Za-z0-9][\w.-]{0,200}\.[A-Za-z]{2,12}(?:/[^\s<>\"'`)\]}|\\]{0,300})?")
_ABOUT = re.compile(
    r"(?i)more info|information|background on|\bsee\b|docs?\b|documentation|help|refer|visit|read more|guide|learn more|details"
)
_DOCS_HOST = re.compile(
    r"(?i)//(?:docs?|errors|help|developers?)\.|readthedocs|sqlalche\.me|//github\.com/|//peps?\.|/docs?/|/wiki/|/errors/"
)
_FETCHED = re.compile(r"(?i)clon(?:e|ing)|download|fetch|submodule|\bget\b|registered for path")
_FILES = (".git", ".gz", ".bz2", ".xz", ".zip", ".whl", ".jar", ".tgz", ".pom", ".deb", ".rpm", ".exe", ".dmg", ".png", ".svg")
_PYTHON_FRAMEWORK = ("traceback (most recent", "fastapi", "uvicorn", "starlette", "sqlalchemy", "pytest", "django", "asgi")
_PYTHON_WORDS = (
    *_PYTHON_FRAMEWORK, ".py", "python", "pip ", "gunicorn", "flask", "alembic", "psycopg", "asyncpg", "celery", "wsgi", "poetry", "conda", "async def ",
)  # fmt: skip
_PYTHON_LINE = r"^\s*(?:async )?def \w|^\s*from [\w.]{1,200} import |^@\w{1,60}\.(?:get|post|put|patch|delete)\b|^[a-z_][\w.]{0,200}\.\w{0,60}(?:Error|Exception)\b|^\w{1,60}Error: "
_OTHER_SUFFIX = (
    ".js",
    ".mjs",
    ".cjs",
    ".ts",
    ".tsx",
    ".jsx",
    ".java",
    ".kt",
    ".scala",
    ".go",
    ".rs",
    ".rb",
    ".cs",
    ".php",
    ".c",
    ".cc",
    ".cpp",
    ".swift",
)
_OTHER_WORDS = (
    "npm ERR!", "npm error", "node:internal", "go: downloading", "go.sum", "goroutine ", "APPLICATION FAILED TO START", "ApplicationContext",
    "[INFO] BUILD", ".java:", "> Task :", "collect2: error", "/usr/bin/ld", "undefined reference to", "ld returned", "error[E0", "cargo ",
    "Terraform", ".tfstate", "acquiring the state lock", ".rb:", "::CommandError", "error TS", "Test Suites: ", "java.lang.",
)  # fmt: skip


def environment_of(collection: Collection) -> str | None:
    """Where the log was written, where it has a mark of that, with the evidence."""
    failure = collection.failure
    log = collection.logs.get(failure.origin.path, Excerpt(failure.text))
    for marks, name in CI_MARKS:
        for text, number in ((failure.text, failure.number), (log.text, log.number)):
            if found := _first_mark(marks, text):
                mark, row = found
                return f"CI ({name}; the log has `{mark.strip()}`, {_cite_line(collection, number(row))})"
    return None


def step_of(collection: Collection) -> str | None:
    """The step that failed, as the log shows it, with the evidence."""
    failure = collection.failure
    if tested := _test_step(failure):
        return f"{tested} ({failure.evidence})"
    start = max(1, failure.origin.first - AROUND)
    near = collection.numbered_lines(failure.origin.path, start, failure.origin.last + AROUND)
    text = "\n".join(line for _, line in near)
    for marks, step in STEPS:
        if found := _first_mark(marks, failure.text):
            return f"{step} ({_cite_line(collection, failure.number(found[1]))})"
    for marks, step in STEPS:
        if found := _first_mark(marks, text):
            return f"{step} ({_cite_line(collection, near[found[1]][0])})"
    return None


def _first_mark(marks: tuple[str, ...], text: str) -> tuple[str, int] | None:
    """The first of the marks that a text has, and how many lines stand before it."""
    for mark in marks:
        at = text.find(mark)
        if at >= 0:
            return mark, text.count("\n", 0, at + len(mark) - 1)
    return None


def links_in(failure: Failure) -> tuple[str, ...]:
    """Links that the error itself gives for reading on, as inline code."""
    found: dict[str, None] = {}
    for line in failure.text.split("\n"):
        for match in _URL.finditer(line[:4000]) if "://" in line else ():
            url = match[0].rstrip(".,;:!?*")
            if "{" in url or "}" in url or url.endswith(_FILES) or _FETCHED.search(line[: match.start()]):
                continue
            if _DOCS_HOST.search(url) or (_ABOUT.search(line[: match.start()]) and "[SECRET" not in url):
                found.setdefault(url)
    return tuple(f"`{url}` (named in the error, {failure.evidence})" for url in list(found)[:LINK_LIMIT])


def is_plainly_not_python(collection: Collection) -> bool:
    """Whether the log is another language's and shows no sign of Python at all."""
    failure = collection.failure
    frames = [frame for cause in ordered_causes(failure) for frame in cause.frames]
    if failure.language == "python" or any(frame.path.endswith((".py", ".pyx")) for frame in frames):
        return False
    log = collection.log_text(failure.origin.path)[:SIGN_CHARS]
    low = log.lower()
    if frames and all(frame.path.lower().endswith(_OTHER_SUFFIX) for frame in frames):
        return not any(word in low for word in _PYTHON_FRAMEWORK)
    if any(word in low for word in _PYTHON_WORDS) or not any(word in log for word in _OTHER_WORDS):
        return False
    return not re.search(_PYTHON_LINE, log, re.MULTILINE)


def _test_step(failure: Failure) -> str:
    if failure.phase == "collection":
        return "test collection (pytest)"
    if failure.phase in ("setup", "teardown"):
        return f"test {failure.phase} (fixture)"
    if not failure.test_id and failure.phase != "call":
        return ""
    ours = [frame for cause in ordered_causes(failure) for frame in cause.frames if frame.ours]
    where = ", in the test itself" if ours and all(is_test(frame.path) for frame in ours) else ""
    return f"test run{' (pytest)' if '::' in failure.test_id else ''}{where}"


def _cite_line(collection: Collection, line: int) -> str:
    return collection.cite_log(collection.failure.origin.path, line, line, kind=Kind.LOG, weight=0.2).id
