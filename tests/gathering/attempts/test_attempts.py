"""What We Tried comes from records, notes, logs and history; each attempt says its source, and none is made up."""

from dataclasses import replace

import pytest
from git_history import commit, git, make_history

from assistant.changes import Change
from assistant.gathering import Given
from assistant.gathering.attempts import attempts
from assistant.gathering.attempts.records import FOLDER, AttemptRecord, dump, load

TEST = "tests/test_a.py::test_a"
RECORD = AttemptRecord(
    approach="Wait longer",
    command="pytest tests/test_a.py",
    started="2026-03-01T12:00:00+00:00",
    duration_s=2.5,
    exit_code=1,
    diff="--- a/a.py\n+++ b/a.py\n@@ -1,1 +1,1 @@\n-T = 1\n+T = 2",
    exception="ValueError",
    message="boom",
    tests=(TEST,),
    signature="1:aa",
    log="first\nE   ValueError: boom\n",
)


@pytest.fixture
def failed(failure):
    return failure(test_id=TEST, signature="1:aa")


@pytest.fixture
def recorded(tmp_path):
    def write(*records: AttemptRecord | str):
        folder = tmp_path / FOLDER
        folder.mkdir(parents=True)
        for number, record in enumerate(records, 1):
            (folder / f"{number:04}.json").write_text(record if isinstance(record, str) else dump(record))
        return tmp_path

    return write


def test_a_recorded_attempt_says_what_was_tried_what_came_and_where_it_stands(failed, collect, recorded):
    collection = collect(failed, recorded(RECORD))
    (found,) = attempts(collection, (), Change(), Given())
    assert found.approach == "Wait longer (recorded 2026-03-01T12:00, E2)"
    assert found.result == "It ended with exit code 1 after 2.5 s: `ValueError: boom` (E2)"
    assert found.why_it_didnt_work == "The same failure came back (E2, E1)."
    assert found.code_snippets == f"`pytest tests/test_a.py` (E2), with these changes not committed (E3):\n\n```diff\n{RECORD.diff}\n```"
    assert [str(piece.origin) for piece in collection.ledger][1:] == [f"{FOLDER}/0001.json", f"{FOLDER}/0001.json, diff"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"signature": "1:bb"}, "The test failed in another way then (E2) than it does now (E1)."),
        ({"exit_code": 0}, None),
        ({"exception": "", "message": ""}, None),
    ],
)
def test_why_it_did_not_help_is_told_only_as_far_as_the_logs_tell(failed, collect, recorded, changes, told):
    (found,) = attempts(collect(failed, recorded(replace(RECORD, diff="", **changes))), (), Change(), Given())
    assert found.why_it_didnt_work == told


def test_attempts_at_other_failures_are_counted_and_left_out(failed, collect, recorded):
    other = replace(RECORD, signature="1:zz", tests=("tests/test_b.py::test_b",), command="pytest tests/test_b.py", exception="KeyError")
    collection = collect(failed, recorded(other, RECORD))
    assert len(attempts(collection, (), Change(), Given())) == 1
    assert collection.notes == [f"1 recorded attempt under `{FOLDER}` concerns another failure and was left out"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"format_version": 99}',
        '{"format_version": 1, "approach": 3}',
        '{"format_version": 1, "approach": "a", "command": "b", "started": "c", "duration_s": "d", "exit_code": 1}',
    ],
)
def test_a_broken_record_is_left_out_and_told(failed, collect, recorded, text):
    collection = collect(failed, recorded(text))
    assert attempts(collection, (), Change(), Given()) == ()
    assert len(collection.notes) == 1
    assert collection.notes[0].startswith(f"`{FOLDER}/0001.json` was left out: it")


def test_a_record_comes_back_as_it_was_written(recorded):
    root = recorded(RECORD)
    assert load(root / FOLDER / "0001.json") == RECORD


NOTES = """# Notes

We met on Monday.

## What we tried
- raised the limit to 100 -> same error
- cleared the cache
  Result: it came back after an hour
- the moon

## Ideas
- buy a bigger machine

Tried: downgrading the driver
I tried to run it alone, it passed.
"""


def test_notes_give_what_they_call_tried_and_nothing_else(failed, collect):
    found = attempts(collect(failed), (), Change(), Given(notes=NOTES, notes_name="notes.md"))
    assert [(one.approach, one.result) for one in found] == [
        ("raised the limit to 100 (E2)", "same error (E2)"),
        ("cleared the cache (E3)", "it came back after an hour (E3)"),
        ("the moon (E4)", None),
        ("downgrading the driver (E5)", None),
        ("I tried to run it alone, it passed. (E6)", None),
    ]


def test_notes_are_cited_by_file_and_line(failed, collect):
    collection = collect(failed)
    attempts(collection, (), Change(), Given(notes=NOTES, notes_name="notes.md"))
    assert [str(piece.origin) for piece in collection.ledger][1:3] == ["notes.md:6", "notes.md:7-8"]


def test_secrets_in_notes_are_masked(failed, collect):
    secret = "Tr0ub4dor" + "_and_3_more"
    collection = collect(failed)
    found = attempts(collection, (), Change(), Given(notes=f"Tried: password={secret} in the settings\n", notes_name="n.md"))
    assert secret not in f"{found}{list(collection.ledger)}"


def test_an_earlier_log_is_a_run_whose_change_a_person_is_asked_for(failed, failure, collect):
    earlier = failure("KeyError: 'a'", test_id=TEST, signature="1:cc")
    collection = collect(failed)
    (first, second) = attempts(collection, (), Change(), Given(earlier=(("empty.log", ()), ("tests.log", (earlier,)))))
    assert first.approach == "A run before the last one, with the log `empty.log`. [REVIEW: What was changed before this run?]"
    assert first.result == "Its log `empty.log` holds no failure."
    assert second.result == "It failed with `KeyError: 'a'` (E1)."
    assert second.why_it_didnt_work == "The same test fails in another way in the last run (E1, E1)."


def test_commits_that_say_they_mend_something_are_attempts_and_others_are_not(failed, collect, tmp_path):
    first = make_history(tmp_path, [("Start", {"a.py": "A = 1\n"})])[0]
    fix = commit(tmp_path, "Fix the boom", {"a.py": "A = 2\n"}, day=2)
    commit(tmp_path, "Fix a typo", {"a.py": "A = 3\n"}, day=3)
    back = commit(tmp_path, 'Revert "Fix a typo"', {"a.py": "A = 2\n"}, day=4)
    commit(tmp_path, "Pin the database image", {"a.py": "A = 2  # a\n"}, day=5)
    found = attempts(collect(failed, tmp_path), (), Change(base=first[:10]), Given())
    assert [one.approach for one in found] == [
        f"Commit `{fix[:10]}` of 2026-03-02: “Fix the boom” (E2)",
        f'Commit `{back[:10]}` of 2026-03-04: “Revert "Fix a typo"” (E3)',
    ]


def test_a_reset_in_the_reflog_is_an_attempt_whose_meaning_is_asked_for(failed, collect, tmp_path):
    first = make_history(tmp_path, [("Start", {"a.py": "A = 1\n"}), ("More", {"a.py": "A = 2\n"})])[0]
    git(tmp_path, "reset", "-q", "--hard", "HEAD~1")
    git(tmp_path, "reset", "-q", "--hard", "HEAD@{1}")
    found = attempts(collect(failed, tmp_path), (), Change(base=first[:10]), Given())
    assert found[0].approach == "In the checkout: `reset: moving to HEAD~1` (E2). [REVIEW: What was this meant to show?]"


def test_nothing_known_is_nothing_said(failed, collect, tmp_path):
    assert attempts(collect(failed, tmp_path), (), Change(), Given()) == ()
