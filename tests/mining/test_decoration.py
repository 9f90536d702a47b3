"""What CI services, containers and task runners put before a line is seen through."""

from collections.abc import Callable

import pytest
from hypothesis import given, strategies as st

from assistant.evidence import Masked
from assistant.mining.decoration import bare_lines, said_before, undecorated
from assistant.mining.lines import Log, Taken
from assistant.mining.python import find_tracebacks
from assistant.sources.text import escape

TRACEBACK = [
    "starting the worker",
    "Traceback (most recent call last):",
    '  File "/srv/app/main.py", line 12, in load',
    "    return table[key]",
    "           ~~~~~^^^^^",
    "app.errors.Missing: no row 7",
    "worker stopped",
]

CARRIERS: dict[str, Callable[[str, int], str]] = {
    "plain": lambda line, _: line,
    "GitHub": lambda line, n: f"2024-05-01T10:11:1{n}.1234567Z {line}",
    "GitHub with colours": lambda line, n: f"2024-05-01T10:11:1{n}.1234567Z \x1b[31m{line}\x1b[0m",
    "GitHub, an annotated line": lambda line, n: f"2024-05-01T10:11:1{n}.1234567Z ##[error]{line}",
    "GitHub, before the runner reads it": lambda line, _: f"::error file=app/main.py,line=12::{line}",
    "gh run view": lambda line, n: f"test (3.12)\tRun tests\t\ufeff2024-05-01T10:11:1{n}.1234567Z {line}",
    "act": lambda line, _: f"[CI/test-1]   | {line}",
    "GitLab": lambda line, n: f"2024-05-01T10:11:1{n}.123456Z 01O {line}",
    "GitLab, continued lines": lambda line, n: f"2024-05-01T10:11:1{n}.123456Z 0aE+{line}",
    "GitLab, section": lambda line, n: f"section_start:171455{n}:step\r\x1b[0K{line}",
    "Azure": lambda line, n: f"2024-05-01T10:11:1{n}.1234567Z {line}",
    "Azure, logged issue": lambda line, _: f"##vso[task.logissue type=error]{line}",
    "Travis": lambda line, n: f"travis_time:start:0f{n}\r\x1b[0K{line}",
    "Travis, fold and time": lambda line, n: f"travis_fold:end:a.{n}\r\x1b[0Ktravis_time:start:0f{n}\r\x1b[0K{line}",
    "Jenkins timestamper": lambda line, n: f"12:00:0{n}  {line}",
    "Jenkins, ISO": lambda line, n: f"[2024-05-01T10:11:1{n}.123Z] {line}",
    "Jenkins, parallel branch": lambda line, n: f"[2024-05-01T10:11:1{n}.123Z] [linux-py311] {line}",
    "Buildkite": lambda line, n: f"\x1b_bk;t=170000000000{n}\x07{line}",
    "TeamCity": lambda line, n: f"[12:00:0{n}]W:\t [Step 1/2] {line}",
    "Zuul": lambda line, n: f"2024-05-01 10:11:12.12345{n} | node-1 | {line}",
    "Zuul console": lambda line, n: f"2024-05-01 10:11:12.12345{n} | {line}",
    "Taskcluster": lambda line, n: f"[task 2024-05-01T10:11:1{n}.123Z] {line}",
    "mozharness": lambda line, n: f"[task 2024-05-01T10:11:1{n}.123Z] 10:11:1{n}     INFO -  {line}",
    "mozharness on Windows": lambda line, n: f"10:11:1{n}    ERROR -  {line}",
    "Cloud Build": lambda line, _: f'Step #1 - "test": {line}',
    "Woodpecker": lambda line, n: f"[test:L{n}:1s] {line}",
    "Bazel": lambda line, n: f"(10:11:1{n}) {line}",
    "docker compose": lambda line, _: f"web-1  | {line}",
    "docker compose, named": lambda line, _: f"api  | {line}",
    "docker compose in GitHub": lambda line, n: f"2024-05-01T10:11:1{n}.1234567Z api_1  | {line}",
    "honcho": lambda line, n: f"12:00:0{n} web.1  | {line}",
    "docker logs -t": lambda line, n: f"2024-05-01T10:11:12.12345678{n}Z {line}",
    "containerd": lambda line, n: f"2024-05-01T10:11:12.12345678{n}Z stderr F {line}",
    "kubectl": lambda line, _: f"[pod/api-5d8f-x2/api] {line}",
    "docker build": lambda line, n: f"#12 3.45{n} {line}",
    "syslog": lambda line, n: f"Mar  4 09:37:5{n} host app[12]: {line}",
    "journald, ISO": lambda line, n: f"2024-03-04T09:37:5{n}+0000 host app[12]: {line}",
    "syslog, RFC 5424": lambda line, n: f"<34>1 2024-05-01T10:11:1{n}.003Z host app 12 - - {line}",
    "Heroku": lambda line, n: f"2024-05-01T10:11:1{n}.316153+00:00 app[web.1]: {line}",
    "logcat": lambda line, n: f"05-01 10:11:1{n}.123  1234  5678 E python  : {line}",
    "logging on every line": lambda line, n: f"2024-05-01 10:11:1{n},123 {line}",
    "mock": lambda line, _: f"DEBUG: {line}",
    "concurrently": lambda line, _: f"[0] {line}",
    "turbo": lambda line, _: f"@acme/api:test: {line}",
    "pnpm -r": lambda line, _: f"packages/api test: {line}",
    "yarn workspaces": lambda line, _: f"[@acme/api]: {line}",
    "tox": lambda line, _: f"py311: {line}",
    "xdist": lambda line, _: f"[gw0] {line}",
}  # fmt: skip


def carried(name: str) -> Log:
    lines = [CARRIERS[name](line, number) for number, line in enumerate(TRACEBACK)]
    if name == "pnpm -r":
        lines = ["packages/api test$ python -m app", *lines]
    return Log("x", Masked(escape("\n".join(lines))[0]))


@pytest.mark.parametrize("name", CARRIERS)
def test_a_traceback_reads_the_same_whatever_carries_it(name: str) -> None:
    log = carried(name)
    plain = carried("plain")
    (found,) = find_tracebacks(log, Taken(len(log)))
    (expected,) = find_tracebacks(plain, Taken(len(plain)))
    assert (found.exception, found.message, found.frames) == (expected.exception, expected.message, expected.frames)
    assert [frame.code for frame in found.frames] == ["return table[key]"]
    assert found.text.split("\n") == [str(line) for line in log.shown[found.origin.first - 1 : found.origin.last]]


@pytest.mark.parametrize(
    ("line", "bare"),
    [
        ("2024-05-01T10:11:12.1234567Z     x = 1", "    x = 1"),
        ("2024-05-01T10:11:12.123456Z 01O   x", "  x"),
        ("2021-03-21T05:06:02.316153+00:00 app[worker.1]:   File", "  File"),
        ("2024-05-01 10:11:12.123456 | node-1 |   x", "  x"),
        ("web_1  |   File", "  File"),
        ("web (stderr)         | x", "x"),
        ("db_1   |", ""),
        ("db_1   | 2022-05-23 07:31:46.798 UTC [28] FATAL:  no", "2022-05-23 07:31:46.798 UTC [28] FATAL:  no"),
        ("Mar  4 09:37:56 host app[12]:   x", "  x"),
        ("kernel[12]: x", "x"),
        ("[   12.345678] oom-kill: x", "oom-kill: x"),
        ("#12 0.345   x", "  x"),
        ("#12 ERROR: process did not complete", "ERROR: process did not complete"),
        ("\\x23#[group]Run pytest", "Run pytest"),
        ("\\x3a:error title=a::b", "b"),
    ],
)
def test_one_line_alone_tells_its_prefixes_by_their_shape(line: str, bare: str) -> None:
    assert undecorated(line) == bare


@pytest.mark.parametrize(
    "line",
    [
        "error[E0308]: mismatched types",
        "  | Traceback (most recent call last):",
        "2024-03-04 09:37:56,520 ERROR x",
        "12 | let x = 3;",
        "#0 /srv/app/index.php(12): load()",
        "#1  0x00005555 in main () at a.c:3",
        "[ERROR] COMPILATION ERROR : ",
        "[12/34] Building CXX object a.o",
        "[gw0] linux -- Python 3.11.7 /usr/bin/python",
        "npm error code ERESOLVE",
        "src/a.py:3: error: bad",
        "a plain line",
    ],
)
def test_what_only_looks_like_a_prefix_stays(line: str) -> None:
    assert undecorated(line) == line
    assert bare_lines([line] * 5, "\n".join([line] * 5)) == [line] * 5


@pytest.mark.parametrize(
    ("shown", "bare", "said"),
    [
        ("2024-05-01T10:11:12.1234567Z \\x23#[error]no", "no", "\\x23#[error]"),
        ("2024-05-01T10:11:12.1234567Z no", "no", ""),
        ("\\x3a:error file=a.py,line=3::no", "no", "\\x3a:error file=a.py,line=3::"),
        ("10:11:12    ERROR - no", "no", "ERROR - "),
        ("10:11:12     INFO - no", "no", ""),
        ("no", "no", ""),
    ],
)
def test_what_the_service_says_of_a_line_is_known_from_its_prefixes(shown: str, bare: str, said: str) -> None:
    assert said_before(shown, bare) == said
    assert shown.endswith(undecorated(shown))


def test_times_that_only_records_carry_are_the_applications_own() -> None:
    lines = [f"10:11:1{n} ERROR app: cannot open {n}" for n in range(5)] + TRACEBACK[1:]
    assert bare_lines(lines, "\n".join(lines)) == lines


def test_levels_are_no_names_of_services() -> None:
    lines = [f"[ERROR] /src/A.java:[{n},1] cannot find symbol" for n in range(9)]
    assert bare_lines(lines, "\n".join(lines)) == lines


def test_a_log_without_prefixes_is_read_as_it_stands() -> None:
    lines = ["one line", "  another", "and a third"]
    assert bare_lines(lines, "\n".join(lines)) is lines


PIECES = st.sampled_from([make("", number).strip() for number, make in enumerate(CARRIERS.values())])


@given(st.lists(st.lists(PIECES | st.text(max_size=20), max_size=4).map(" ".join), min_size=1, max_size=30))
def test_what_parsers_read_is_the_end_of_the_line_that_stands_there(lines: list[str]) -> None:
    for line, bare in zip(lines, bare_lines(lines, "\n".join(lines)), strict=True):
        assert line.endswith(bare)
        assert line.endswith(undecorated(line))
