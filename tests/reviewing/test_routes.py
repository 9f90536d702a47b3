"""The pages over HTTP, as a browser without scripts uses them."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from assistant.assembly import Stated
from assistant.document import parse
from assistant.pipeline import Request
from assistant.record import body_digest, load_record
from assistant.review import review
from assistant.reviewing import Card, Held, StaleError, review_routes
from assistant.reviewing.local import OwnForms, local_app
from assistant.reviewing.redrafting import redraft_from
from assistant.reviewing.shelf import PageOptions

BRIEF = "problem_statement.brief_description"
EXAMPLE = Path(__file__).parents[2] / "examples" / "orders-service"
TOKEN = "a-path-that-nobody-guesses"


def client_of(*exports: Path, **options: Any) -> TestClient:
    return TestClient(local_app(exports, TOKEN, PageOptions(**options)), base_url=f"http://127.0.0.1/{TOKEN}/", follow_redirects=False)


def fields(client: TestClient, export: Path, place: str, action: str, **more: str) -> dict[str, str]:
    token = re.search(r'name="form_token" value="([^"]+)"', client.get("exports/1").text)
    assert token is not None
    base = body_digest(parse(export.read_text("utf-8")).body(place))
    return {"form_token": token[1], "place": place, "base": base, "action": action, **more}


def test_the_only_export_is_shown_at_once(client: TestClient) -> None:
    answer = client.get("")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/{TOKEN}/exports/1")


def test_the_page_shows_state_progress_blanks_and_drafts(client: TestClient, export: Path) -> None:
    page = BeautifulSoup(client.get("exports/1").text, "html.parser")
    counts = review(export.read_text("utf-8"), load_record(export)).counts
    shown = page.select_one("header")
    assert shown is not None
    assert "Has blanks" in shown.text
    assert f"{counts['blank']} blanks · {counts['draft']} drafts to confirm · 0 problems" in shown.text
    assert len(page.select("form.answer")) == counts["blank"] > 20
    assert len(page.select("button[value=confirm]")) == counts["draft"] > 10


def test_progress_counts_the_parts_that_wait_for_nobody(client: TestClient, export: Path) -> None:
    def settled() -> int:
        bar = BeautifulSoup(client.get("exports/1").text, "html.parser").select_one("progress")
        assert bar is not None
        return int(str(bar["value"]))

    before = settled()
    client.post("exports/1", data=fields(client, export, BRIEF, "confirm"))
    assert settled() == before + 1


def test_only_open_parts_are_shown_where_that_is_wanted(client: TestClient) -> None:
    page = client.get("exports/1?show=open").text
    assert 'id="problem_statement.impact"' in page
    assert 'id="error_messages.primary_error"' not in page


def test_what_check_finds_stands_at_its_place(client: TestClient, export: Path) -> None:
    export.write_text(export.read_text("utf-8").replace("await session.flush()`", "await session.pull()`"), "utf-8")
    part = client.get("exports/1").text.partition('id="hypotheses.hypothesis_1"')[2].partition('id="hypotheses.hypothesis_2"')[0]
    assert "<strong>quote</strong> the quote does not stand in E5" in part


def test_an_answer_is_saved_and_leads_to_what_is_open_next(client: TestClient, export: Path) -> None:
    sent = fields(client, export, "export_information", "answer", blank="1", question="Which phase number?", text="7")
    answer = client.post("exports/1?show=open", data=sent)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/{TOKEN}/exports/1?show=open&done=answer&aim=export_information#export_information",
    )
    assert "- Phase: Phase 7 - `POST" in export.read_text("utf-8")


@pytest.mark.parametrize(("button", "said"), [("none", "None"), ("unknown", "Not known")])
def test_common_answers_have_a_button(client: TestClient, export: Path, button: str, said: str) -> None:
    question = "Which earlier phases does this build on?"
    client.post("exports/1", data=fields(client, export, "context.related_phases", button, blank="1", question=question))
    assert f"- Dependencies on previous phases: {said}\n" in export.read_text("utf-8")


def test_secrets_that_a_person_types_are_masked_and_that_is_said(client: TestClient, export: Path) -> None:
    secret = "".join(["gh", "p_", "A1b2C3d4" * 4, "E5f6"])
    sent = fields(client, export, BRIEF, "edit", text=f"It needs {secret} to run.")
    answer = client.post("exports/1", data=sent)
    assert secret not in export.read_text("utf-8")
    assert "was masked" in client.get(answer.headers["location"].partition(f"{TOKEN}/")[2]).text


@pytest.mark.parametrize("token", ["", "wrong", "\u2603"])
def test_a_form_of_another_site_changes_nothing_and_loses_nothing(client: TestClient, export: Path, token: str) -> None:
    before = export.read_bytes()
    answer = client.post("exports/1", data=fields(client, export, BRIEF, "edit", text="what was typed") | {"form_token": token})
    assert (answer.status_code, export.read_bytes()) == (403, before)
    assert "what was typed" in answer.text


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"{}", "application/json"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"a=%ff", "application/x-www-form-urlencoded"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=1" % number for number in range(100)), "application/x-www-form-urlencoded"),
        (b"text=" + b"x" * (1024 * 1024 + 1), "application/x-www-form-urlencoded"),
        (b"", "application/x-www-form-urlencoded"),
    ],
)
def test_what_is_no_form_of_ours_is_refused_with_a_page(client: TestClient, export: Path, content: bytes, kind: str) -> None:
    before = export.read_bytes()
    answer = client.post("exports/1", content=content, headers={"content-type": kind})
    assert answer.status_code in (400, 403)
    assert "That did not work" in answer.text
    assert export.read_bytes() == before


def test_the_second_of_two_people_gets_both_texts(client: TestClient, export: Path) -> None:
    mine = fields(client, export, BRIEF, "edit", text="Mine.")
    client.post("exports/1", data=fields(client, export, BRIEF, "edit", text="Theirs."))
    answer = client.post("exports/1", data=mine)
    assert answer.status_code == 409
    assert '<pre tabindex="0">Theirs.</pre>' in answer.text
    assert '<pre tabindex="0">Mine.</pre>' in answer.text
    assert parse(export.read_text("utf-8")).body(BRIEF) == "Theirs."


def test_two_people_at_different_places_do_not_hinder_each_other(client: TestClient, export: Path) -> None:
    mine = fields(client, export, "hypotheses.hypothesis_1", "confirm")
    client.post("exports/1", data=fields(client, export, BRIEF, "edit", text="Theirs."))
    assert client.post("exports/1", data=mine).status_code == 303


def test_a_place_that_somebody_removed_is_a_conflict_too(client: TestClient, export: Path) -> None:
    mine = fields(client, export, "hypotheses.hypothesis_3", "edit", text="Mine.")
    client.post("exports/1", data=fields(client, export, "hypotheses.hypothesis_1", "drop", sure="yes"))
    answer = client.post("exports/1", data=mine)
    assert answer.status_code == 409
    assert "The part was removed." in answer.text
    assert "Mine." in answer.text


def test_what_is_refused_is_told_at_its_place_with_what_was_typed(client: TestClient, export: Path) -> None:
    answer = client.post("exports/1", data=fields(client, export, BRIEF, "edit", text="## No <b>heading</b>"))
    assert answer.status_code == 422
    assert "Not saved:" in answer.text
    assert "\n## No &lt;b&gt;heading&lt;/b&gt;</textarea>" in answer.text


def test_a_part_is_drafted_anew_from_the_logs_and_taken_only_when_seen(export: Path) -> None:
    request = Request(logs=(str(EXAMPLE / "failing-test.log"),), repo=EXAMPLE, stated=Stated(date="2026-11-26"))
    client = client_of(export, alone="1", redraft=redraft_from(request))
    drafted = parse(export.read_text("utf-8")).body("hypotheses.hypothesis_1")
    client.post("exports/1", data=fields(client, export, "hypotheses.hypothesis_1", "edit", text="What I thought at first."))
    before = export.read_bytes()
    shown = client.post("exports/1", data=fields(client, export, "hypotheses.hypothesis_1", "redraft"))
    assert "Take the new draft?" in shown.text
    assert export.read_bytes() == before
    sure = re.search(r'name="sure" value="([^"]+)"', shown.text)
    assert sure is not None
    client.post("exports/1", data=fields(client, export, "hypotheses.hypothesis_1", "redraft", sure=sure[1]))
    assert parse(export.read_text("utf-8")).body("hypotheses.hypothesis_1") == drafted
    record = load_record(export)
    assert record is not None
    assert record.subsections["hypotheses.hypothesis_1"].digest == body_digest(drafted)
    assert "- Date: 2026-11-25" in export.read_text("utf-8")


def test_several_exports_are_listed_by_state_and_found_by_their_words(drafted: Path, export: Path) -> None:
    other = export.with_name("other.md")
    other.write_text("# Research Export: zebra <b>crossing</b>\n\n## Problem Statement\n", "utf-8")
    client = client_of(export, other)
    page = client.get("").text
    assert page.index("Blanks to fill <span") < page.index("MissingGreenlet")
    assert "zebra &lt;b&gt;crossing&lt;/b&gt;" in page
    assert "MissingGreenlet" not in client.get("?q=Zebra").text
    assert "No export is like that." in client.get("?state=ready").text


def test_two_exports_are_compared_part_by_part(export: Path) -> None:
    other = export.with_name("other.md")
    other.write_text(export.read_text("utf-8").replace("A flush, not a commit", "A commit, not a flush"), "utf-8")
    page = client_of(export, other).get("compare?key=1&key=2").text
    assert "<h3>Hypothesis 1</h3>" in page
    assert "A <del>flush</del>, not a <del>commit</del>" in page
    assert "A <ins>commit</ins>, not a <ins>flush</ins>" in page
    assert "<h3>Hypothesis 2</h3>" not in page


@pytest.mark.parametrize("path", ["exports/2", "exports/..%2f..%2fetc%2fpasswd", "exports/1/other", "compare?key=1&key=9", "static/x.css"])
def test_what_is_not_there_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_document_its_record_and_its_page_are_downloaded(client: TestClient, export: Path) -> None:
    answer = client.get("exports/1/export.md")
    assert answer.content == export.read_bytes()
    assert answer.headers["content-disposition"] == 'attachment; filename="export.md"'
    assert client.get("exports/1/export.run.json").json()["signature"].startswith("2:")
    assert "default-src 'none'" in client.get("exports/1/export.html").text


def test_an_issue_holds_what_was_confirmed_only(client: TestClient, export: Path) -> None:
    page = unescape(client.get("exports/1/issue").text)
    assert "Not in it, because nobody confirmed it yet: Export Information, Brief Description" in page
    client.post("exports/1", data=fields(client, export, BRIEF, "confirm"))
    assert "The last line of our code is in `order_payload`" in unescape(client.get("exports/1/issue").text)


def test_answers_keep_pages_to_themselves(client: TestClient) -> None:
    headers = client.get("exports/1").headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'; script-src 'self'")
    assert "unsafe" not in headers["content-security-policy"]
    assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")


def test_a_name_that_points_here_from_elsewhere_is_not_answered(client: TestClient) -> None:
    assert client.get("exports/1", headers={"host": "evil.example"}).status_code == 400


def test_without_the_secret_path_nothing_answers(client: TestClient) -> None:
    assert client.get("http://127.0.0.1/exports/1").status_code == 404


def test_a_page_holds_no_inline_style_and_no_inline_script(client: TestClient) -> None:
    page = BeautifulSoup(client.get("exports/1").text, "html.parser")
    assert page.find_all("style") == []
    assert [script.get_text() for script in page.find_all("script")] == [""]
    assert [name for tag in page.find_all(True) for name in tag.attrs if name == "style" or name.startswith("on")] == []


class ServiceShelf:
    """A shelf as a service has it: an export that is being drafted, one that failed, and one that nobody can save."""

    refuses: Exception = StaleError("somebody else was faster")

    def cards(self, text: str, state: str) -> list[Card]:
        return [Card(key="a", title="tests.log", state="working"), Card(key="b", title="broken.log", state="failed")]

    def load(self, key: str) -> Held:
        held = {
            "c": Held(key="c", name="c.md", text="# Research Export: x\n\n## Problem Statement\n[REVIEW: what?]\n", version="1"),
            "a": Held(key="a", name="a.md", text="", version="0", state="working"),
            "b": Held(key="b", name="b.md", text="", version="0", state="failed", said="the archive is <damaged>"),
        }
        return held[key]

    def save(self, held: Held) -> Held:
        raise self.refuses


@pytest.fixture
def service() -> TestClient:
    routes = review_routes(ServiceShelf(), OwnForms(), PageOptions(upload="/drafts"))
    return TestClient(Starlette(routes=[Mount("/below", routes=routes)]), base_url="http://127.0.0.1/below/", follow_redirects=False)


def test_logs_are_handed_in_where_the_service_takes_them(service: TestClient) -> None:
    form = BeautifulSoup(service.get("").text, "html.parser").find("form", enctype="multipart/form-data")
    assert form is not None
    assert (form["action"], form["method"]) == ("/below/drafts", "post")
    assert [field["name"] for field in form.find_all("input")] == ["form_token", "files", "title"]


def test_exports_that_have_no_document_yet_are_listed_by_state(service: TestClient) -> None:
    page = service.get("").text
    assert page.index("Being drafted <span") < page.index("tests.log") < page.index("Failed <span") < page.index("broken.log")


def test_a_page_waits_for_an_export_that_is_being_drafted(service: TestClient) -> None:
    page = service.get("exports/a").text
    assert 'href="/below/">All exports' in page
    assert '<meta http-equiv="refresh" content="2">' in page
    assert "Being drafted" in page


def test_why_drafting_failed_is_told(service: TestClient) -> None:
    page = service.get("exports/b").text
    assert "the archive is &lt;damaged&gt;" in page
    assert "refresh" not in page


def test_of_an_export_without_a_document_there_is_nothing_to_change(service: TestClient) -> None:
    token = re.search(r'name="form_token" value="([^"]+)"', service.get("").text)
    assert token is not None
    answer = service.post("exports/a", data={"form_token": token[1], "action": "confirm", "place": "title", "base": ""})
    assert "Being drafted" in answer.text


@pytest.mark.parametrize(("refuses", "status"), [(StaleError("somebody else was faster"), 409), (LookupError("c"), 404)])
def test_what_was_typed_is_given_back_where_it_cannot_be_saved(
    service: TestClient, monkeypatch: pytest.MonkeyPatch, refuses: Exception, status: int
) -> None:
    monkeypatch.setattr(ServiceShelf, "refuses", refuses)
    token = re.search(r'name="form_token" value="([^"]+)"', service.get("").text)
    assert token is not None
    base = body_digest("[REVIEW: what?]")
    sent = {"form_token": token[1], "action": "edit", "place": "problem_statement", "base": base, "text": "a long text"}
    answer = service.post("exports/c", data=sent)
    assert answer.status_code == status
    assert "a long text" in answer.text
