"""An export over HTTP: from a log to a document, its check, its results and its end."""

import json
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO

import pytest
from asked_service import LOG, Asked, Start

from assistant.service import Limits
from assistant.service.accepting import id_from
from assistant.service.stored import Job


def test_a_raw_body_becomes_an_export(asked: Asked) -> None:
    answer = asked.client.post("/api/v1/exports?name=build.log&title=Orders+fail", content=LOG)
    assert answer.status_code == 202
    url = answer.json()["url"]
    assert answer.headers["location"] == url
    assert asked.client.get(url).json()["state"] == "waiting"
    asked.work()
    export = asked.client.get(url).json()
    assert (export["state"], export["version"], export["title"], export["source"]) == ("blanks", 1, "Orders fail", "build.log")
    assert export["causes"] == ["IndexError: list index out of range"]
    assert "build.log:2-5" in asked.client.get(f"{url}/export.md").text


def test_a_form_with_files_and_fields_becomes_an_export(asked: Asked) -> None:
    files = [("logs", ("one.log", b"INFO all is well\n")), ("logs", ("two.log", LOG))]
    answer = asked.client.post("/api/v1/exports", files=files, data={"severity": "High"})
    asked.work()
    text = asked.client.get(f"{answer.json()['url']}/export.md").text
    assert "two.log:2-5" in text
    assert "- Severity: High" in text


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain; charset=utf-8", "application/zip", "a/b/c", ""])
def test_a_log_is_a_log_whatever_its_sender_calls_it(asked: Asked, kind: str) -> None:
    url = asked.client.post("/api/v1/exports", content=LOG, headers={"content-type": kind}).json()["url"]  # the first is what curl says
    asked.work()
    assert asked.client.get(url).json()["causes"] == ["IndexError: list index out of range"]


def test_archives_are_read_and_their_members_keep_the_senders_name(asked: Asked) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("job/tests.log", LOG)
    asked.client.post("/api/v1/exports?name=run.zip", content=packed.getvalue())
    asked.work()
    (export,) = asked.client.get("/api/v1/exports").json()["exports"]
    assert export["source"] == "run.zip!job/tests.log"


def test_no_name_from_a_request_reaches_the_file_system(asked: Asked) -> None:
    name = "../../../../etc/passwd"
    asked.client.post("/api/v1/exports", files=[("logs", (name, LOG))])
    asked.client.post(f"/api/v1/exports?name={name}", content=LOG)
    stored = [path.name for path in asked.service.config.uploads.iterdir()]
    jobs = asked.client.get("/api/v1/exports").json()["exports"]
    assert all(re.fullmatch(r"[0-9a-f]{32}\.1", name) for name in stored)
    assert len(stored) == 2
    assert {job["source"] for job in jobs} == {"passwd"}


def test_uploads_are_gone_when_their_draft_has_ended(asked: Asked) -> None:
    asked.drafted()
    assert list(asked.service.config.uploads.iterdir()) == []


def test_secrets_in_logs_names_and_options_are_masked_in_all_that_is_shown_and_stored(asked: Asked) -> None:
    secret = "ghp_" + "a1B2c3D4" * 4 + "e5F6"
    log = LOG + f"export GITHUB_TOKEN={secret}\nValueError: bad credentials {secret}\n".encode()
    url = asked.client.post(f"/api/v1/exports?name={secret}.log&title=fails+with+{secret}", content=log).json()["url"]
    asked.work()
    for path in ("", "/export.md", "/export.json", "/export.run.json", "/check"):
        assert secret not in asked.client.get(url + path).text
    assert secret not in asked.client.get("/api/v1/exports").text
    database = b"".join(path.read_bytes() for path in asked.service.config.data.glob("service.sqlite*"))
    assert secret.encode() not in database


def test_an_input_that_is_no_log_ends_as_failed_with_the_reason(asked: Asked) -> None:
    url = asked.client.post("/api/v1/exports?name=a.png", content=b"\x89PNG\r\n\x1a\n" + bytes(500)).json()["url"]
    asked.work()
    export = asked.client.get(url).json()
    assert (export["state"], export["job"]["state"]) == ("failed", "failed")
    assert export["job"]["error"] == "a.png: this is binary data, not a log"
    assert asked.client.get(f"{url}/export.md").status_code == 404


@pytest.mark.parametrize(
    ("content", "headers", "query", "status", "detail"),
    [
        (b"", {}, "", 422, "the upload is empty"),
        (LOG, {}, "?tilte=x", 422, "tilte: Extra inputs are not permitted"),
        (LOG, {}, "?cause=0", 422, "cause: Input should be greater than or equal to 1"),
        (LOG, {"content-type": "multipart/form-data"}, "", 422, "the form is broken"),
        (LOG, {"content-type": "multipart/form-data; boundary=x"}, "", 422, "the form is broken"),
    ],
)
def test_what_cannot_be_taken_is_refused_and_leaves_nothing(
    asked: Asked, content: bytes, headers: dict[str, str], query: str, status: int, detail: str
) -> None:
    answer = asked.client.post(f"/api/v1/exports{query}", content=content, headers=headers)
    assert (answer.status_code, answer.json()["detail"]) == (status, detail)
    assert answer.headers["content-type"] == "application/problem+json"
    assert list(asked.service.config.uploads.iterdir()) == []
    assert asked.client.get("/api/v1/exports").json()["exports"] == []


@pytest.mark.parametrize("chunked", [False, True])
def test_an_upload_over_the_limit_is_cut_off_before_anybody_parses_it(start: Start, chunked: bool) -> None:
    asked = start(limits=Limits(upload_bytes=1000))
    body = (LOG for _ in range(100)) if chunked else LOG * 100
    answer = asked.client.post("/api/v1/exports", content=body)
    assert (answer.status_code, answer.json()["detail"]) == (413, "the body is larger than 1000 bytes")
    assert list(asked.service.config.uploads.iterdir()) == []


def test_too_many_files_are_refused(start: Start) -> None:
    asked = start(limits=Limits(files=2))
    answer = asked.client.post("/api/v1/exports", files=[("logs", (f"{number}.log", LOG)) for number in range(3)])
    assert (answer.status_code, answer.json()["detail"]) == (422, "the form has more than 2 files")
    assert list(asked.service.config.uploads.iterdir()) == []


def test_where_too_much_waits_already_the_client_is_told_when_to_come_again(start: Start) -> None:
    asked = start(limits=Limits(waiting=1))
    assert asked.client.post("/api/v1/exports", content=LOG).status_code == 202
    answer = asked.client.post("/api/v1/exports", content=LOG)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")


def test_asking_again_with_the_same_key_does_the_work_once(asked: Asked) -> None:
    first, second = (asked.client.post("/api/v1/exports", content=LOG, headers={"idempotency-key": "run-17"}) for _ in range(2))
    assert first.json() == second.json()
    assert len(asked.client.get("/api/v1/exports").json()["exports"]) == 1


def test_of_two_uploads_with_one_key_at_the_same_time_the_first_that_ends_counts_and_the_other_leaves_nothing(asked: Asked) -> None:
    first = Job(id=id_from(":k"), export_id=id_from(":k"), files=[{"stored": "other.1", "name": "first.log"}])

    def body() -> Iterator[bytes]:
        yield LOG
        asked.service.store.accept([first])  # the other one ends while this one is under way

    answer = asked.client.post("/api/v1/exports?name=second.log", content=body(), headers={"idempotency-key": "k"})
    assert (answer.status_code, answer.json()["export"]) == (202, first.id)
    assert [one["source"] for one in asked.client.get("/api/v1/exports").json()["exports"]] == ["first.log"]
    assert list(asked.service.config.uploads.iterdir()) == []


def test_progress_is_told_as_events_until_the_job_has_ended(asked: Asked) -> None:
    export = asked.drafted()
    events = asked.client.get(f"/api/v1/exports/{export}/events")
    assert events.headers["content-type"].startswith("text/event-stream")
    names = [line.removeprefix("event: ") for line in events.text.splitlines() if line.startswith("event: ")]
    assert names == ["progress", "end"]
    assert json.loads(events.text.rpartition("data: ")[2])["state"] == "done"


def test_a_stream_ends_after_its_time_so_that_nobody_holds_it_for_ever(start: Start) -> None:
    asked = start(limits=Limits(stream_s=0.1))
    answer = asked.client.post("/api/v1/exports", content=LOG).json()
    assert "event: end" not in asked.client.get(answer["events"]).text


def test_a_check_says_what_is_blank_and_what_nobody_confirmed(asked: Asked) -> None:
    export = asked.drafted()
    strict = asked.client.get(f"/api/v1/exports/{export}/check").json()
    lenient = asked.client.get(f"/api/v1/exports/{export}/check?allow_drafts=true").json()
    assert strict["counts"]["error"] == 0
    assert strict["counts"]["blank"] > 10
    assert strict["counts"]["draft"] > 5
    assert (strict["passed"], lenient["passed"]) == (False, True)
    assert {"rule", "place", "message", "severity", "line"} == set(strict["problems"][0])


def test_results_are_filled_from_notes_and_nothing_else_changes(asked: Asked) -> None:
    export = asked.drafted()
    before = asked.client.get(f"/api/v1/exports/{export}/export.md").text
    note = b"# Answer\n\nAn IndexError here means that `order.lines` is empty. Guard it:\n\n```python\nif not order.lines:\n    return 0\n```\n"
    answer = asked.client.post(f"/api/v1/exports/{export}/results", files=[("notes", ("answer.md", note))])
    assert answer.status_code == 202
    asked.work()
    after = asked.client.get(f"/api/v1/exports/{export}/export.md").text
    assert "answer.md" in after
    assert asked.client.get(f"/api/v1/exports/{export}").json()["version"] == 2
    kept = before.index("## Research Results")
    changed = next(at for at, (old, new) in enumerate(zip(before, after, strict=False)) if old != new)
    assert changed >= min(kept, before.index("## Hypotheses") - 200)


def test_results_of_an_export_without_a_document_are_refused(asked: Asked) -> None:
    url = asked.client.post("/api/v1/exports", content=LOG).json()["url"]
    assert asked.client.post(f"{url}/results", content=b"a note").status_code == 404


def test_exports_are_found_by_words_and_by_state_newest_first_page_by_page(asked: Asked) -> None:
    first, second = asked.drafted(), asked.drafted(LOG.replace(b"IndexError: list index", b"KeyError: 100%_sure"))
    waiting = asked.client.post("/api/v1/exports?name=zebra.log", content=LOG).json()["export"]
    assert _ids(asked, "") == [waiting, second, first]
    assert _ids(asked, "?q=100%25_SURE") == [second]
    assert _ids(asked, "?q=%25") == [second]  # a percent sign is no wildcard
    assert _ids(asked, "?q=zebra") == [waiting]
    assert _ids(asked, "?state=blanks") == [second, first]
    page = asked.client.get("/api/v1/exports?limit=2").json()
    assert _ids(asked, f"?before={page['before']!r}") == [first]


def _ids(asked: Asked, query: str) -> list[str]:
    return [one["id"] for one in asked.client.get(f"/api/v1/exports{query}").json()["exports"]]


def test_a_deleted_export_is_gone_with_its_upload_and_its_work(asked: Asked) -> None:
    url = asked.client.post("/api/v1/exports", content=LOG).json()["url"]
    assert asked.client.delete(url).status_code == 204
    assert list(asked.service.config.uploads.iterdir()) == []
    asked.work()
    assert [asked.client.get(url).status_code, asked.client.delete(url).status_code] == [404, 404]


def test_the_json_is_that_of_the_command_line_with_the_document_as_it_stands(asked: Asked) -> None:
    export = asked.drafted()
    body = asked.client.get(f"/api/v1/exports/{export}/export.json").json()
    assert body["evidence"][0]["id"] == "E1"
    assert body["problem_statement"]
    assert body["document"]["version"] == 1
    assert "problem_statement.impact" in body["document"]["places"]


@pytest.mark.parametrize("path", ["/api/v1/exports/..%2f..%2fkey", "/api/v1/exports/" + "g" * 32, "/api/v1/exports/x/export.md"])
def test_an_id_that_is_none_is_refused(asked: Asked, path: str) -> None:
    assert asked.client.get(path).status_code in (404, 422)
