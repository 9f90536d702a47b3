"""The review pages over the store: from logs chosen in a browser to an answer that is kept."""

import re
import zlib
from dataclasses import replace

import pytest
from asked_service import LOG, Asked, Start

from assistant.document import parse
from assistant.pipeline import draft_export
from assistant.record import body_digest
from assistant.service.keeping import unpacked
from assistant.service.pages import StoreShelf
from assistant.service.work import request_of
from assistant.settings import Secrets

FORM = re.compile(r'name="form_token" value="([0-9a-f]{64})"')


def _form_token(asked: Asked, path: str = "/") -> str:
    found = FORM.search(asked.client.get(path).text)
    assert found
    return found[1]


def test_logs_chosen_in_the_browser_become_an_export_that_is_shown_when_it_is_there(asked: Asked) -> None:
    fields = {"form_token": _form_token(asked), "title": "Orders fail"}
    sent = asked.client.post("/drafts", data=fields, files=[("files", ("build.log", LOG))])
    assert sent.status_code == 303
    page = sent.headers["location"]
    assert "Being drafted" in asked.client.get(page).text
    asked.work()
    shown = asked.client.get(page).text
    assert "Orders fail" in shown
    assert "list index out of range" in shown
    assert "Orders fail" in asked.client.get("/").text


@pytest.mark.parametrize("token", ["", "0" * 64])
def test_an_upload_without_the_pages_own_token_is_refused_and_nothing_is_kept(asked: Asked, token: str) -> None:
    sent = asked.client.post("/drafts", data={"form_token": token}, files=[("files", ("build.log", LOG))])
    assert sent.status_code == 403
    assert "too old, or came from another page" in sent.text
    assert list(asked.service.config.uploads.iterdir()) == []


def test_an_upload_that_is_refused_is_told_as_a_page(asked: Asked) -> None:
    sent = asked.client.post("/drafts", data={"form_token": _form_token(asked)}, files=[("files", ("a.log", b""))])
    assert sent.status_code == 422
    assert "the upload is empty" in sent.text


def test_why_drafting_failed_is_told(asked: Asked) -> None:
    export = asked.client.post("/api/v1/exports?name=a.png", content=b"\x89PNG\r\n\x1a\n" + bytes(500)).json()["export"]
    asked.work()
    assert "this is binary data, not a log" in asked.client.get(f"/exports/{export}").text


def test_an_answer_is_kept_and_counted(asked: Asked) -> None:
    export = asked.drafted()
    page = asked.client.get(f"/exports/{export}").text
    form = re.search(r'<form[^>]*>(?:(?!</form>).){0,3000}?name="blank".{0,3000}?</form>', page, re.S)
    assert form
    fields = dict(re.findall(r'name="([a-z_]+)" value="([^"]*)"', form[0]))
    before = asked.client.get(f"/api/v1/exports/{export}").json()
    sent = asked.client.post(f"/exports/{export}", data=fields | {"action": "answer", "text": "Ada Lovelace"})
    assert sent.status_code == 303
    after = asked.client.get(f"/api/v1/exports/{export}").json()
    assert (after["version"], after["blanks"]) == (2, before["blanks"] - 1)
    assert "Ada Lovelace" in asked.client.get(f"/api/v1/exports/{export}/export.md").text


def test_a_part_is_drafted_anew_from_the_masked_inputs_when_the_upload_is_long_gone(asked: Asked) -> None:
    export = asked.drafted()
    store = asked.service.store
    whole = store.export(export)
    at = whole.text.index("**Theory:**")
    store.save(replace(whole, text=whole.text[:at] + "**Theory:**\nNo idea.\n\n" + whole.text[whole.text.index("**Evidence:**") :]))
    held = StoreShelf(store).load(export)
    place, body = "hypotheses.hypothesis_1", parse(held.text).body("hypotheses.hypothesis_1")
    fields = {"form_token": _form_token(asked), "action": "redraft", "place": place, "base": body_digest(body)}
    asked_first = asked.client.post(f"/exports/{export}", data=fields)
    assert "Take the new draft?" in asked_first.text
    sure = re.search(r'name="sure" value="([^"]+)"', asked_first.text)
    assert sure
    assert asked.client.post(f"/exports/{export}", data=fields | {"sure": sure[1]}).status_code == 303
    assert parse(store.export(export).text).body(place) == parse(whole.text).body(place)


def test_what_is_kept_of_the_inputs_is_masked_and_drafts_the_same_document(asked: Asked) -> None:
    secret = "ghp_" + "Q1w2E3r4" * 4 + "t5Y6"
    log = b"INFO fine\n" * 30_000 + f"export GITHUB_TOKEN={secret}\n".encode() + LOG
    export = asked.drafted(log)
    kept, job = asked.service.store.kept(export), asked.service.store.job(export)
    assert job is not None
    assert secret.encode() not in zlib.decompress(kept)
    request = request_of(job, {}, asked.service.config)
    assert draft_export(request, material=unpacked(kept, request)).text == asked.service.store.export(export).text


def test_a_form_of_another_session_is_refused(start: Start) -> None:
    asked = start(secrets=Secrets(token="z" * 40))
    asked.client.post("/sign-in", data={"token": "z" * 40})
    theirs = _form_token(asked)
    asked.client.post("/sign-in", data={"token": "z" * 40})
    sent = asked.client.post("/drafts", data={"form_token": theirs}, files=[("files", ("build.log", LOG))])
    assert sent.status_code == 403


def test_the_page_of_an_export_needs_nothing_else(asked: Asked) -> None:
    answer = asked.client.get(f"/api/v1/exports/{asked.drafted()}/export.html")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<script" not in answer.text
    assert "list index out of range" in answer.text


@pytest.mark.parametrize("path", ["/exports/" + "0" * 32, "/exports/nothing", "/static/../key", "/static/key"])
def test_what_is_not_there_is_not_found(asked: Asked, path: str) -> None:
    assert asked.client.get(path).status_code == 404
