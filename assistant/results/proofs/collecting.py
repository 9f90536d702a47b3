"""Does pytest collect a test? It runs what stands at the test's top level, so only where the user asked for it."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TIMEOUT_S = 60
ENVIRONMENTS = (".venv", "venv", "env")


def collection_finding(code: str, repo: Path | None) -> str:
    """Whether pytest collects a test beside a repository.

    Args:
        code: the test module.
        repo: whose modules it may import; None where it is not at hand.
    """
    if repo is None:
        return "not collected: give `--repo`"
    with tempfile.TemporaryDirectory(prefix="assistant-test-") as name:
        file = Path(name) / "test_from_notes.py"
        file.write_text(code + "\n", "utf-8")
        paths = os.pathsep.join((str(repo.resolve()), str(repo.resolve() / "src")))
        environment = {**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
        command = [
            _python(repo),
            "-m",
            "pytest",
            "--collect-only",
            "-q",
            "-p",
            "no:cacheprovider",
            "--rootdir",
            name,
            "-c",
            os.devnull,
            str(file),
        ]
        try:
            done = subprocess.run(command, cwd=name, env=environment, capture_output=True, timeout=TIMEOUT_S, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"not collected: {error}"
    said = done.stdout.decode("utf-8", "replace")
    if "No module named pytest" in done.stderr.decode("utf-8", "replace"):
        return "not collected: the repository's environment has no pytest"
    if done.returncode == 0:
        count = len(re.findall(r"::\w", said))
        return f"pytest collects {count} {'test' if count == 1 else 'tests'}"
    why = next((line.removeprefix("E").strip() for line in said.split("\n") if line.startswith("E ")), "")
    return f"pytest does not collect it: {why or 'no test stands in it'}"


def _python(repo: Path) -> str:
    """The interpreter of the repository's environment, else the one that runs this."""
    found = (repo / name / folder / file for name in ENVIRONMENTS for folder, file in (("bin", "python"), ("Scripts", "python.exe")))
    return next((str(path.absolute()) for path in found if path.is_file()), sys.executable)
