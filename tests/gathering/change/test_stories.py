"""Whole stories: a guilty commit between harmless ones must be found, named and explained, by the log of a green run or without one."""

import pytest
from git_history import git, tell
from shop_stories import STORIES, Story

from assistant.assembly import Stated
from assistant.drafting import Case
from assistant.drafting.playbook import Playbook
from assistant.evidence import Kind
from assistant.packing import pack
from assistant.pipeline import Request, draft_export, prepare_case

DOTS = {
    "tests/test_basket.py": 3,
    "tests/test_checkout.py": 3,
    "tests/test_letters.py": 1,
    "tests/test_orders.py": 2,
    "tests/test_rates.py": 3,
    "tests/test_settings.py": 1,
}
LATER = {"tests/test_count.py": 1, "tests/test_labels.py": 1}


def log(counts: dict[str, int], failing: tuple[str, ...] = ()) -> str:
    """What pytest prints of a run, in its short style."""
    total = sum(counts.values())
    lines = ["============================= test session starts ==============================", f"collected {total} items", ""]
    lines += [f"{path} {'.' * count}{' ' * 40}[100%]" for path, count in counts.items()]
    if failing:
        lines += ["", "=================================== FAILURES ==================================="]
    for test in failing:
        path, name = test.split("::")
        lines += [f"________ {name} ________", f"{path}:5: in {name}", "    assert found == wanted", "E   AssertionError: assert 2 == 1"]
    if failing:
        lines += ["=========================== short test summary info ============================"]
        lines += [f"FAILED {test} - AssertionError: assert 2 == 1" for test in failing]
    lines.append(f"========= {f'{len(failing)} failed, ' if failing else ''}{total - len(failing)} passed in 0.10s =========")
    return "\n".join(lines) + "\n"


def request_of(root, story: Story, *, green_log: bool) -> Request:
    (root / "red.log").write_text(log(DOTS | LATER, story.failing))
    (root / "green.log").write_text(log(DOTS))
    baseline = str(root / "green.log") if green_log else ""
    return Request(logs=(str(root / "red.log"),), stated=Stated(date="2026-03-20"), repo=root / "shop", baseline=baseline)


def case_of(root, story: Story, *, green_log: bool) -> Case:
    case = prepare_case(request_of(root, story, green_log=green_log))
    assert case is not None
    return case


@pytest.fixture
def told(tmp_path):
    def make(story: Story) -> str:
        (tmp_path / "shop").mkdir()
        return tell(tmp_path / "shop", story)[1]

    return make


@pytest.mark.parametrize("green_log", [True, False], ids=["with a green log", "without one"])
@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_the_guilty_commit_is_the_first_suspect_and_the_first_hypothesis(tmp_path, told, story, green_log):
    guilty = told(story)
    case = case_of(tmp_path, story, green_log=green_log)
    first = case.change.suspects[0]
    assert (first.commit, first.path) == (guilty[:10], story.culprit)
    hypothesis = Playbook().draft(case).hypotheses[0]
    assert [word for word in (guilty[:10], story.culprit, *story.says) if word not in hypothesis.theory] == []
    assert f"git revert --no-commit {guilty[:10]}" in hypothesis.test
    quoted = [quote for quote in hypothesis.evidence if quote.id == first.evidence]
    assert quoted
    piece = case.ledger.get(first.evidence)
    assert all(quote.quote in " ".join(piece.text.split()) for quote in quoted)


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_a_small_prompt_holds_the_guilty_diff(tmp_path, told, story):
    guilty = told(story)
    case = case_of(tmp_path, story, green_log=True)
    packed = pack(case.ledger, token_budget=2_000)
    held = [
        piece for piece in packed.pieces if piece.kind is Kind.HISTORY and guilty[:10] in piece.text and piece.origin.path == story.culprit
    ]
    assert len(held) == 1


def test_what_was_undone_since_is_no_suspect(tmp_path, told):
    story = STORIES["a retry"]
    guilty = told(story)
    root = tmp_path / "shop"
    git(root, "revert", "--no-edit", guilty, day=25)
    case = case_of(tmp_path, story, green_log=True)
    assert [suspect.path for suspect in case.change.suspects if suspect.path == story.culprit] == []


def test_it_cannot_have_failed_before_the_first_commit_after_the_green_state(tmp_path, told):
    story = STORIES["a retry"]
    told(story)
    change = case_of(tmp_path, story, green_log=True).change
    days = git(tmp_path / "shop", "log", "--format=%cs", f"{change.base}..HEAD").split()
    export = draft_export(request_of(tmp_path, story, green_log=True)).export
    assert export.next_steps_after_research.timeline.time_spent_so_far == (
        f"red since {days[-1]} at the earliest, the first commit after `{change.base}` ({change.listed}); "
        "[REVIEW: How many hours have gone into this?]"
    )
