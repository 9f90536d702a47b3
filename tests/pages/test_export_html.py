"""`--format html`: one page that needs nothing else."""

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from assistant.pages import export_html
from assistant.record import load_record

EXPORT = Path(__file__).parents[1] / "data" / "export_v1" / "export.md"
LOG = Path(__file__).parents[2] / "examples" / "orders-service" / "failing-test.log"


@pytest.fixture(scope="module")
def page() -> BeautifulSoup:
    return BeautifulSoup(export_html(EXPORT.read_text("utf-8"), load_record(EXPORT)), "html.parser")


def test_nothing_is_fetched_and_nothing_runs(page: BeautifulSoup) -> None:
    assert [tag.name for tag in page.find_all(["script", "img", "link", "iframe", "form", "object", "base"])] == []
    assert [tag for tag in page.find_all(True) if {"src", "style", "srcset"} & set(tag.attrs)] == []


def test_the_policy_allows_the_one_style_sheet_and_nothing_else(page: BeautifulSoup) -> None:
    style = page.find("style")
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style.get_text().encode()).digest()).decode()
    policy = page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
    assert policy is not None
    assert policy["content"] == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_every_section_and_every_piece_of_evidence_stands_on_it(page: BeautifulSoup) -> None:
    record = load_record(EXPORT)
    assert record is not None
    assert [head.get_text() for head in page.select("main h2")][:3] == ["Export Information", "Problem Statement", "Context"]
    assert [piece["id"] for piece in page.select("article.evidence")] == [piece.id for piece in record.ledger]
    shown = "\n".join(row.get_text().removesuffix("\n") for row in page.select("#E1 .row"))
    assert shown == record.ledger[0].text


def test_every_link_within_the_page_leads_somewhere(page: BeautifulSoup) -> None:
    ids = [tag["id"] for tag in page.select("[id]")]
    assert sorted(set(ids)) == sorted(ids)
    forms = [link["href"] for link in page.select("a[href^='#']") if link["href"][1:] not in ids]
    assert [href for href in forms if not href.startswith("#blank-")] == []


def test_without_a_record_the_document_is_shown_and_that_is_said() -> None:
    page = export_html("# Research Export: x\n\n## Problem Statement\nIt fails (E1).\n", None)
    assert "It fails (E1)." in page
    assert "There is no run record beside this export, so its evidence cannot be shown." in page


def test_a_text_that_is_no_export_is_shown_too() -> None:
    assert "&lt;b&gt;" in export_html("### <b>\n\n### <b>\ntext", None)


def test_the_command_writes_the_page_and_no_record(run: Any, tmp_path: Path) -> None:
    got = run("draft-export", LOG, "--offline", "--format", "html", "-o", tmp_path / "export.html")
    assert got.code == 0
    assert (tmp_path / "export.html").read_text("utf-8").startswith("<!doctype html>\n")
    assert [path.name for path in tmp_path.iterdir()] == ["export.html"]


def test_a_page_that_exists_is_not_replaced_unasked(run: Any, tmp_path: Path) -> None:
    (tmp_path / "export.html").write_text("mine")
    got = run("draft-export", LOG, "--offline", "--format", "html", "-o", tmp_path / "export.html")
    assert got.code == 2
    assert "exists already" in got.err
    assert (tmp_path / "export.html").read_text() == "mine"
