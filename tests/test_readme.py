"""What README shows of an export is what comes out."""

from contextlib import chdir
from pathlib import Path

from assistant import Request, Stated, draft_export

CHECKOUT = Path(__file__).parent.parent
EXAMPLE = Path("examples/orders-service")


def test_every_paragraph_of_the_excerpt_stands_in_the_examples_export_in_that_order() -> None:
    shown = (CHECKOUT / "README.md").read_text("utf-8").partition("````markdown\n")[2].partition("\n````\n")[0].split("\n\n")
    with chdir(CHECKOUT):
        export = draft_export(Request(logs=(str(EXAMPLE / "failing-test.log"),), repo=EXAMPLE, stated=Stated(date="2026-11-25"))).text
    assert len(shown) > 5
    assert [part for part in shown if f"{part}\n" not in export] == []
    assert sorted(shown, key=export.index) == shown
