"""What shells, containers, orchestrators, databases and package managers say when they fail: a real wording each, and what is read out of it."""

import pytest

from assistant.evidence import Failure
from assistant.mining import mine
from assistant.redaction import Redactor
from assistant.sources.source import Source


def found(text: str) -> list[Failure]:
    return list(mine([Source("x", text)], Redactor()).failures)


def first(text: str) -> tuple[str, str, str]:
    failure = found(text)[0]
    return failure.language, failure.exception, failure.message


SHELL = [
    ("bash: line 3: poetry: command not found", "command not found", "poetry: command not found"),
    ("/tmp/hudson331.sh: line 5: cmake: command not found", "command not found", "cmake: command not found"),
    ("sh: 1: pnpm: not found", "command not found", "pnpm: not found"),
    ("zsh: command not found: brew", "command not found", "command not found: brew"),
    ("./run.sh: 12: ./deploy.sh: Permission denied", "EACCES", "./deploy.sh: Permission denied"),
    ("cp: cannot stat '/tmp/fail': No such file or directory", "ENOENT", "cannot stat '/tmp/fail': No such file or directory"),
    ("/usr/bin/env: 'python': No such file or directory", "ENOENT", "'python': No such file or directory"),
    ("/bin/sh: /app/tool: cannot execute binary file: Exec format error", "ENOEXEC", "/app/tool: cannot execute binary file"),
    ("tee: /dev/full: No space left on device", "ENOSPC", "/dev/full: No space left on device"),
    ("deploy.sh: line 7: TARGET: unbound variable", "unbound variable", "TARGET: unbound variable"),
    (
        "'terraform' is not recognized as an internal or external command,\noperable program or batch file.",
        "command not found",
        "'terraform' is not recognized as an internal or external command,",
    ),
    ("curl: (6) Could not resolve host: example.org", "curl 6", "Could not resolve host: example.org"),
    ("ssh: connect to host 10.0.0.5 port 22: Connection refused", "ssh", "connect to host 10.0.0.5 port 22: Connection refused"),
    ("run.sh: line 3:  1234 Killed                  python train.py", "Killed", "Killed                  python train.py"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "exception", "message"), SHELL)
def test_shell(text: str, exception: str, message: str) -> None:
    assert first(f"step 1\n{text}\n") == ("shell", exception, message)


def test_the_command_that_was_traced_belongs_to_what_it_complains_of() -> None:
    (failure,) = found("building\n+ cp /tmp/fail /tmp/sucess\ncp: cannot stat '/tmp/fail': No such file or directory\nUnmount /tmp\n")
    assert (failure.origin.first, failure.origin.last) == (2, 3)


def test_powershell_is_read_from_the_message_to_the_error_id() -> None:
    text = "building\n\nGet-Item : Cannot find path 'C:\\a' because it does not exist.\nAt C:\\a.ps1:3 char:1\n+ Get-Item C:\\a\n+ ~~~~~~~~~~~~~\n"
    text += "    + CategoryInfo          : ObjectNotFound: (C:\\a:String) [Get-Item], ItemNotFoundException\n    + FullyQualifiedErrorId : PathNotFound\n"
    (failure,) = found(text)
    assert (failure.exception, failure.origin.first, failure.origin.last) == ("PathNotFound", 3, 8)


def test_a_complaint_after_which_the_script_went_on_is_no_failure_where_another_was_found() -> None:
    text = "cp: cannot stat 'cache': No such file or directory\n" + "building\n" * 60
    text += 'Traceback (most recent call last):\n  File "a.py", line 3, in f\n    x()\nValueError: no\n' + "cleaning up\n" * 60
    assert "ENOENT" not in [failure.exception for failure in found(text)]


BUILD = """\
#9 [3/4] RUN pip install -r requirements.txt
#9 3.456 collecting
#9 4.012 make: no rule for this target
#9 ERROR: process "/bin/sh -c pip install -r requirements.txt" did not complete successfully: exit code: 2
------
 > [3/4] RUN pip install -r requirements.txt:
3.456 collecting
4.012 make: no rule for this target
------
Dockerfile:5
--------------------
   3 |     COPY . .
   5 | >>> RUN pip install -r requirements.txt
--------------------
ERROR: failed to solve: process "/bin/sh -c pip install -r requirements.txt" did not complete successfully: exit code: 2
"""


def test_a_docker_build_tells_what_its_step_printed_and_what_was_run() -> None:
    failure = found(BUILD)[0]
    assert failure.language == "docker"
    assert [cause.message[:30] for cause in failure.chain] == ["make: no rule for this target", 'process "/bin/sh -c pip instal']
    assert (failure.exception, failure.origin.first, failure.origin.last) == ("exit 2", 5, 15)


DOCKER = [
    (
        "ERROR: failed to solve: python:3.99: failed to resolve source metadata for docker.io/library/python:3.99: not found",
        "build failed",
        "python:3.99: failed to resolve source metadata for docker.io/library/python:3.99: not found",
    ),
    ("The command '/bin/sh -c make' returned a non-zero code: 2", "exit 2", "The command '/bin/sh -c make' returned a non-zero code: 2"),
    (
        "docker: Error response from daemon: pull access denied for acme/x, repository does not exist.",
        "daemon",
        "pull access denied for acme/x, repository does not exist.",
    ),
    (
        "ERROR: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
        "no daemon",
        "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
    ),
    ("dependency failed to start: container app-db-1 is unhealthy", "unhealthy", "dependency failed to start: container app-db-1 is unhealthy"),
    ("no configuration file provided: not found", "compose file", "no configuration file provided: not found"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "exception", "message"), DOCKER)
def test_docker(text: str, exception: str, message: str) -> None:
    assert first(f"step 1\n{text}\n") == ("docker", exception, message)


KUBERNETES = [
    (
        "  Warning  FailedScheduling  5s (x3 over 1m)  default-scheduler  0/3 nodes are available: 3 Insufficient cpu.",
        "FailedScheduling",
        "0/3 nodes are available: 3 Insufficient cpu.",
    ),
    ("12s   Warning   BackOff   pod/api-5d8   Back-off restarting failed container", "BackOff", "Back-off restarting failed container"),
    ("api-5d8f-x2   0/1   CrashLoopBackOff   5   3m", "CrashLoopBackOff", "api-5d8f-x2   0/1   CrashLoopBackOff   5   3m"),
    ("    State:          Terminated\n      Reason:       OOMKilled\n      Exit Code:    137", "OOMKilled", "Reason:       OOMKilled"),
    ('Error from server (NotFound): deployments.apps "api" not found', "NotFound", 'deployments.apps "api" not found'),
    ("error: timed out waiting for the condition", "timeout", "timed out waiting for the condition"),
    ("The connection to the server localhost:8080 was refused - did you specify the right host or port?", "unreachable", "The connection to"),
    ("Error: UPGRADE FAILED: another operation is in progress", "helm UPGRADE", "another operation is in progress"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "exception", "message"), KUBERNETES)
def test_kubernetes(text: str, exception: str, message: str) -> None:
    language, name, said = first(f"step 1\n{text}\n")
    assert (language, name) == ("kubernetes", exception)
    assert said.startswith(message)


TERRAFORM = """\
Planning failed.
╷
│ Error: Reference to undeclared resource
│ 
│   on network.tf line 12, in resource "aws_subnet" "a":
│   12:   vpc_id = aws_vpc.main.id
│ 
│ A managed resource "aws_vpc" "main" has not been declared in the root module.
╵
"""  # noqa: W291


def test_terraform_names_the_place_in_the_configuration() -> None:
    (failure,) = found(TERRAFORM)
    assert (failure.language, failure.exception) == ("terraform", "Reference to undeclared resource")
    assert failure.message.split("\n")[1] == 'A managed resource "aws_vpc" "main" has not been declared in the root module.'
    assert [(frame.path, frame.line, frame.ours) for frame in failure.frames] == [("network.tf", 12, True)]
    assert (failure.origin.first, failure.origin.last) == (2, 9)


def test_terraform_of_a_provider_is_named_by_the_providers_code() -> None:
    text = "╷\n│ Error: creating S3 Bucket (a): operation error S3: CreateBucket, api error AccessDenied: Access Denied\n│ \n╵\n"
    assert first(text)[:2] == ("terraform", "AccessDenied")


TASK = "TASK [install] ***\ntask path: /a.yml:3\n"
ANSIBLE = [
    ('fatal: [web]: FAILED! => {"changed": true, "cmd": "false", "msg": "non-zero return code", "rc": 3, "stderr": "", "stdout": "a\\nb"}', "b", "rc=3"),
    ('fatal: [web]: FAILED! => {"changed": false, "msg": "No package matching \'x\' found available"}', "No package matching 'x' found available", "FAILED"),
    ('fatal: [web]: UNREACHABLE! => {"changed": false, "msg": "Failed to connect to the host via ssh", "unreachable": true}', "Failed to connect", "UNREACHABLE"),
    ("fatal: [web]: FAILED! => changed=false\n  cmd: make\n  msg: non-zero return code\n  rc: 2\n  stderr: |-\n    one\n    no rule", "no rule", "rc=2"),
    ('failed: [web] (item=a) => {"item": "a", "msg": "src file does not exist", "rc": 0', "src file does not exist", "FAILED"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "innermost", "exception"), ANSIBLE)
def test_ansible(text: str, innermost: str, exception: str) -> None:
    (failure,) = found(f"{TASK}{text}\nPLAY RECAP ***\n")
    assert (failure.language, failure.exception) == ("ansible", exception)
    assert failure.cause.message.startswith(innermost)
    assert failure.origin.first == 1


def test_an_ansible_module_that_raised_tells_its_exception() -> None:
    stderr = 'Traceback (most recent call last):\\n  File \\"a.py\\", line 3, in f\\n    x()\\nKeyError: no\\n'
    (failure,) = found(f'{TASK}fatal: [web]: FAILED! => {{"module_stderr": "{stderr}", "msg": "MODULE FAILURE", "rc": 1}}\n')
    assert (failure.cause.exception, failure.cause.message) == ("KeyError", "no")


def test_a_task_whose_failure_was_ignored_is_none() -> None:
    assert not [
        one for one in found(f'{TASK}fatal: [web]: FAILED! => {{"msg": "no"}}\n...ignoring\nok: done\n') if one.language == "ansible"
    ]


SERVER = "2022-05-23 07:31:46.798 UTC [28] "
POSTGRESQL = [
    (f'{SERVER}FATAL:  password authentication failed for user "u"\n{SERVER}DETAIL:  no match', "28P01", 'password authentication failed for user "u"', 2),
    (f'{SERVER}ERROR:  relation "a" does not exist at character 15\n{SERVER}STATEMENT:  SELECT *\n\tFROM a', "42P01", 'relation "a" does not', 3),
    ('psql:init.sql:3: ERROR:  column "b" does not exist\nLINE 1: select b\n               ^', "42703", 'column "b" does not exist', 3),
    (f"{SERVER}ERROR:  23505: duplicate key value", "23505", "duplicate key value", 1),
    ('psql: error: connection to server at "db" (10.0.0.2), port 5432 failed: FATAL:  the database system is starting up', "57P03", "the database system", 1),
    (f"{SERVER}ERROR:  deadlock detected", "40P01", "deadlock detected", 1),
]  # fmt: skip


@pytest.mark.parametrize(("text", "state", "message", "lines"), POSTGRESQL)
def test_postgresql(text: str, state: str, message: str, lines: int) -> None:
    failure = found(f"starting\n{text}\nready\n")[0]
    assert (failure.language, failure.exception) == ("postgresql", state)
    assert failure.message.startswith(message)
    assert failure.origin.last - failure.origin.first + 1 == lines


def test_what_a_clients_exception_tells_again_is_told_by_the_exception() -> None:
    text = f'{SERVER}ERROR:  relation "a" does not exist\nTraceback (most recent call last):\n  File "a.py", line 3, in f\n    x()\n'
    text += 'psycopg2.errors.UndefinedTable: relation "a" does not exist\n'
    assert [failure.language for failure in found(text)] == ["python"]


SQL = [
    ("ERROR 1045 (28000): Access denied for user 'a'@'b' (using: NO)", "mysql 1045"),
    ("ERROR 1064 (42000) at line 3: You have an error in your SQL syntax", "mysql 1064"),
    ("Error: near line 4: no such table: a", "sqlite"),
    ("Msg 208, Level 16, State 1, Server db, Line 1\nInvalid object name 'a'.", "mssql 208"),
    ("ORA-00942: table or view does not exist", "ORA-00942"),
]


@pytest.mark.parametrize(("text", "exception"), SQL)
def test_other_databases(text: str, exception: str) -> None:
    assert first(f"step 1\n{text}\n")[:2] == ("sql", exception)


GIT = [
    ("fatal: Authentication failed for 'https://example.org/a.git/'", "auth"),
    ("remote: Repository not found.\nfatal: repository 'https://example.org/a.git/' not found", "not found"),
    ("fatal: unable to access 'https://example.org/a.git/': Could not resolve host: example.org", "unreachable"),
    ("fatal: detected dubious ownership in repository at '/work'", "dubious ownership"),
    ("Auto-merging a.py\nCONFLICT (content): Merge conflict in a.py\nAutomatic merge failed; fix conflicts", "conflict content"),
    ("error: patch failed: a.py:12\nerror: a.py: patch does not apply", "patch"),
    (" ! [rejected]        main -> main (fetch first)\nerror: failed to push some refs to 'x'", "rejected"),
    ("error: pathspec 'v9' did not match any file(s) known to git", "not found"),
    ("fatal: ambiguous argument 'x..y': unknown revision", "fatal"),
]


@pytest.mark.parametrize(("text", "exception"), GIT)
def test_git(text: str, exception: str) -> None:
    failure = found(f"step 1\n{text}\n")[0]
    assert (failure.language, failure.exception) == ("git", exception)
    assert failure.text.split("\n") == text.split("\n")


def test_git_describe_without_tags_is_no_failure() -> None:
    assert not [one for one in found("fatal: No names found, cannot describe anything.\nok\n") if one.language == "git"]


PACKAGES = [
    ("ERROR: Could not find a version that satisfies the requirement x==9 (from versions: none)\nERROR: No matching distribution found for x==9", "no version", 2),
    (
        "ERROR: Cannot install a==1 and b==2 because these package versions have conflicting dependencies.\n\nThe conflict is caused by:\n"
        "    a 1 depends on c<2\n    b 2 depends on c>=2\n\nERROR: ResolutionImpossible: for help visit x",
        "ResolutionImpossible",
        7,
    ),
    ("ERROR: Package 'a' requires a different Python: 3.8.1 not in '>=3.9'", "requires-python", 1),
    ("  × No solution found when resolving dependencies:\n  ╰─▶ Because a was not found, we can\n      conclude that no.", "uv", 3),
    ("Because a depends on b (>=2) which doesn't match any versions, version solving failed.", "version solving failed", 1),
    ("PackagesNotFoundError: The following packages are not available from current channels:\n\n  - nonesuch", "PackagesNotFoundError", 3),
    ("E: Unable to locate package libfoo-dev", "apt", 1),
    ("The following packages have unmet dependencies:\n a : Depends: b but it is not installable\nE: Unable to correct problems", "apt unmet dependencies", 3),
    ("Error: Unable to find a match: nonesuch", "dnf no match", 1),
    ("Failed to resolve the transaction:\nNo match for argument: pkgconfig(x)\nYou can try to add to command line:\n  --skip-unavailable to skip", "dnf no match", 4),
    ("Error: \n Problem: package a requires b, but none of the providers can be installed\n  - nothing provides c", "dnf conflict", 3),
    ("error: Failed build dependencies:\n\tcmake is needed by a-1.x86_64", "rpm build dependencies", 2),
    ("ERROR: unable to select packages:\n  nonesuch (no such package):\n    required by: world[nonesuch]", "apk", 3),
    ('Error: No available formula with the name "nonesuch".', "brew", 1),
    ("error: builder for '/nix/store/a.drv' failed with exit code 1;\n       last 1 log lines:\n       > no rule", "nix", 3),
]  # fmt: skip


@pytest.mark.parametrize(("text", "exception", "lines"), PACKAGES)
def test_package_managers(text: str, exception: str, lines: int) -> None:
    failure = found(f"step 1\n{text}\n")[0]
    assert (failure.language, failure.exception) == ("packages", exception)
    assert failure.origin.last - failure.origin.first + 1 == lines


WHEEL = """\
  error: subprocess-exited-with-error

  × Building wheel for lxml (pyproject.toml) did not run successfully.
  │ exit code: 1
  ╰─> [4 lines of output]
      building 'lxml.etree' extension
      src/lxml/etree.c:4: fatal error: libxml/xmlversion.h: No such file or directory
      Error: Please make sure the libxml2 and libxslt development packages are installed.
      [end of output]

  note: This error originates from a subprocess, and is likely not a problem with pip.
  ERROR: Failed building wheel for lxml
Failed to build lxml
"""


def test_a_build_that_pip_ran_tells_the_last_error_of_its_output() -> None:
    failure = next(one for one in found(WHEEL) if one.exception == "exit 1")
    assert failure.message == "Building wheel for lxml (pyproject.toml) did not run successfully."
    assert failure.cause.message == "Error: Please make sure the libxml2 and libxslt development packages are installed."
    assert (failure.origin.first, failure.origin.last) == (1, 12)
