"""Drafted results as Markdown bodies, place by place, by the template that writes them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import TemplateError as JinjaError

from assistant.document import trim
from assistant.errors import TemplateError
from assistant.evidence import Ledger
from assistant.rendering import open_templates
from assistant.results.asked import ANSWERS
from assistant.results.drafted import PARTS, CodePart, ResultsDraft, Said
from assistant.sections import Draft

TEMPLATE = "results.md.j2"
SECTION = "research_results"
PLACES = (*(f"{SECTION}.{part}" for part in PARTS), ANSWERS)


def write_bodies(draft: ResultsDraft, ledger: Ledger, *, templates: Path | None = None) -> tuple[dict[str, str], dict[str, Draft]]:
    """The body of every place, each with the line that says who drafted it.

    Args:
        draft: what was drafted.
        ledger: the research notes, to show where each comes from.
        templates: the user's own templates.

    Returns:
        Place -> body, and place -> who drafted it on what.

    Raises:
        TemplateError: the template is broken.
    """
    environment = open_templates(templates)
    environment.filters["piece"] = ledger.get
    bodies: dict[str, str] = {}
    drafts: dict[str, Draft] = {}
    try:
        module: Any = environment.get_template(TEMPLATE).module
        for place in PLACES:
            part = place.rpartition(".")[2]
            drafts[place] = Draft(by=draft.authors.get(place, draft.by), evidence=tuple(_ids(draft, part)))
            bodies[place] = trim(module.draft_line(drafts[place].by, drafts[place].evidence) + getattr(module, part)(draft))
    except (JinjaError, AttributeError) as error:
        raise TemplateError(f"template {TEMPLATE}: {error}", hint="mend it or leave out --templates") from None
    return bodies, drafts


def _ids(draft: ResultsDraft, part: str) -> Iterator[str]:
    """The ids that a part stands on, each once."""
    parts: dict[str, tuple[Said | CodePart, ...]] = {
        "solution_found": (*draft.solution, *draft.versions),
        "why_it_works": draft.why,
        "implementation_plan": draft.steps,
        "code_changes_required": draft.code,
        "testing_strategy": (*draft.tests, *draft.testing),
        "documentation_updates_needed": (*draft.documentation, *draft.links),
    }
    if part in parts:
        ids = [one for said in parts[part] for one in said.ids]
    else:
        ids = [one for answer in draft.answers for said in answer.said for one in said.ids]
        ids += [quote.id for verdict in draft.verdicts for quote in verdict.quotes]
        ids += [one for conflict in draft.conflicts for side in conflict.sides for one in side.ids]
    yield from dict.fromkeys(ids)
