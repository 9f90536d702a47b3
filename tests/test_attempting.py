"""`record_attempt` runs what the user typed, passes its output on and keeps a masked record."""

import io
import json
import sys

import pytest
from git_history import make_history

from assistant.attempting import TAIL_BYTES, Kept, record_attempt
from assistant.errors import UsageError

FAILS = "import sys; print('to out'); print('Traceback (most recent call last):\\n  File \"a.py\", line 1, in <module>\\n    x()\\nValueError: boom', file=sys.stderr); sys.exit(3)"


def attempt(root, *command, approach="Try it"):
    output, errors = io.BytesIO(), io.BytesIO()
    done = record_attempt(approach, command or (sys.executable, "-c", FAILS), root=root, output=output, errors=errors)
    return done, output.getvalue().decode(), errors.getvalue().decode()


def test_output_is_passed_on_each_to_its_own_stream_and_the_exit_code_is_the_commands(tmp_path):
    done, output, errors = attempt(tmp_path)
    assert (done.exit_code, output) == (3, "to out\n")
    assert errors.endswith("ValueError: boom\n")


def test_the_record_holds_what_was_tried_and_the_failure_that_came(tmp_path):
    done, _, _ = attempt(tmp_path)
    held = json.loads(done.path.read_text())
    assert done.path == tmp_path / ".assistant" / "attempts" / "0001.json"
    assert (held["approach"], held["exit_code"], held["exception"], held["message"]) == ("Try it", 3, "ValueError", "boom")
    assert "to out" in held["log"]
    assert held["command"].startswith(sys.executable)


def test_attempts_are_numbered_and_git_ignores_them(tmp_path):
    attempt(tmp_path)
    done, _, _ = attempt(tmp_path)
    assert done.path.name == "0002.json"
    assert (done.path.parent / ".gitignore").read_text() == "*\n"


def test_what_is_not_committed_is_kept_as_a_diff(tmp_path):
    make_history(tmp_path, [("one", {"a.py": "A = 1\nB = 1\n"})])
    (tmp_path / "a.py").write_text("A = 2\nB = 1\n")
    (tmp_path / "new.py").write_text("N = 1\n")
    record = attempt(tmp_path)[0].record
    assert (
        record.diff
        == "--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,2 @@\n-A = 1\n+A = 2\n B = 1\n--- /dev/null\n+++ b/new.py\n@@ -1,0 +1,1 @@\n+N = 1"
    )
    assert record.diff_digest.startswith("sha256:")
    assert len(record.commit) == 10


def test_secrets_of_command_output_and_diff_are_masked(tmp_path):
    secret = "Tr0ub4dor" + "_and_3_more"
    make_history(tmp_path, [("one", {"a.py": "A = 1\n"})])
    (tmp_path / "a.py").write_text(f'PASSWORD = "{secret}"\n')
    done, output, _ = attempt(tmp_path, sys.executable, "-c", f"print('password={secret}')", approach=f"with password={secret}")
    assert secret in output, "what the user sees is what the command printed"
    assert secret not in done.path.read_text()


def test_a_command_that_does_not_exist_is_told_and_not_recorded(tmp_path):
    with pytest.raises(UsageError, match="no-such-program: cannot be started"):
        attempt(tmp_path, "no-such-program")
    assert not (tmp_path / ".assistant").exists()


def test_a_folder_that_is_a_link_is_not_written_through(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "repo").mkdir()
    (tmp_path / "repo" / ".assistant").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="is a link"):
        attempt(tmp_path / "repo")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_command_ended_by_a_signal_has_the_shells_code(tmp_path):
    assert attempt(tmp_path, sys.executable, "-c", "import os; os.kill(os.getpid(), 9)")[0].exit_code == 137


def test_bytes_that_are_no_text_are_passed_on_as_they_are_and_shown_in_the_record(tmp_path):
    output = io.BytesIO()
    record = record_attempt(
        "x",
        (sys.executable, "-c", "import sys; sys.stdout.buffer.write(b'\\xff\\x1b[31mred')"),
        root=tmp_path,
        output=output,
        errors=io.BytesIO(),
    ).record
    assert output.getvalue() == b"\xff\x1b[31mred"
    assert record.log == "\\xffred"


def test_of_a_long_output_beginning_and_end_are_kept_and_the_rest_is_counted():
    kept = Kept()
    kept.add(b"first\n")
    for _ in range(60):
        kept.add(b"x" * 99_999 + b"\n")
    kept.add(b"last")
    assert kept.text.startswith("first\n")
    assert kept.text.endswith("last")
    assert "bytes of output were not kept)" in kept.text
    assert len(kept.text) < 3 * TAIL_BYTES


def test_a_reader_that_goes_away_stops_nothing(tmp_path):
    class Closed(io.BytesIO):
        def write(self, data):
            raise BrokenPipeError

    done = record_attempt("x", (sys.executable, "-c", "print('a' * 100000)"), root=tmp_path, output=Closed(), errors=io.BytesIO())
    assert (done.exit_code, len(done.record.log)) == (0, 100_001)
