"""General reasoning: lenses that look at a failure and propose a cause without knowing the library.

Each lens scores how well it fits; the weak ones always fit, so that no failure is left without two theories.
"""

from collections.abc import Callable, Mapping

from assistant.drafting.playbook.facts import Facts
from assistant.drafting.playbook.lenses import building, data, expectation, gates, interfaces, modules, surroundings, timing, usual
from assistant.drafting.playbook.proposal import Proposal

Lens = Callable[[Facts], Proposal | None]

LENSES: Mapping[str, Lens] = {
    "argument": interfaces.argument,
    "attribute": interfaces.attribute,
    "deprecation": interfaces.deprecation,
    "boundary": interfaces.boundary,
    "import-name": modules.import_name,
    "missing-module": modules.missing_module,
    "import-path": modules.import_path,
    "circular": modules.circular,
    "none": data.none,
    "missing-key": data.missing_key,
    "format": data.format_of_input,
    "validation": data.validation,
    "constraint": data.constraint,
    "expectation": expectation.expectation,
    "status": expectation.status,
    "raised-nothing": expectation.raised_nothing,
    "refused": gates.refused,
    "ended": gates.ended,
    "state": timing.state,
    "timeout": timing.timeout,
    "loop": timing.loop,
    "lock": timing.lock,
    "unreachable": surroundings.unreachable,
    "missing-file": surroundings.missing_file,
    "missing-command": surroundings.missing_command,
    "answer": surroundings.answer,
    "permission": surroundings.permission,
    "resources": surroundings.resources,
    "configuration": surroundings.configuration,
    "compile": building.compiled_against,
    "download": building.download,
    "crash": building.crash,
    "crash-by-input": building.crash_by_input,
    "stopped": building.stopped,
    "style": building.style_check,
    "earlier-line": usual.earlier_line,
    "follow-up": usual.follow_up,
    "two-packages": usual.two_packages,
    "release": usual.release,
    "own-change": usual.own_change,
    "step": usual.step,
    "environment": usual.environment,
}


def general_proposals(facts: Facts) -> tuple[Proposal, ...]:
    """What every lens makes of a case, best first."""
    found = [proposal for lens in LENSES.values() if (proposal := lens(facts)) and proposal.quotes]
    return tuple(sorted(found, key=lambda proposal: -proposal.score))
