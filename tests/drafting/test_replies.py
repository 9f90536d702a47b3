"""The schemas sent to models: within the subset that hosted strict mode, llama.cpp, vLLM and llguidance all take."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from grammar_model import grammar_problem, sample

from assistant.drafting.asking import GROUPS
from assistant.drafting.replies import REPLIES, Reply, strict_schema
from assistant.resources import resource_folder

PORTABLE = {"type", "properties", "required", "additionalProperties", "items", "enum", "description", "anyOf"}
TASKS = sorted(REPLIES)


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    """Every schema in a schema, itself first; names of properties are no keywords."""
    yield schema
    for inner in schema.get("properties", {}).values():
        yield from nodes(inner)
    for inner in [schema["items"]] if "items" in schema else schema.get("anyOf", []):
        yield from nodes(inner)


@pytest.mark.parametrize("task", TASKS)
def test_only_portable_keywords_are_used(task: str) -> None:
    for node in nodes(strict_schema(REPLIES[task])):
        assert set(node) <= PORTABLE


@pytest.mark.parametrize("task", TASKS)
def test_every_object_is_closed_and_requires_all_its_properties(task: str) -> None:
    for node in nodes(strict_schema(REPLIES[task])):
        if node.get("type") == "object":
            assert node["additionalProperties"] is False
            assert node["required"] == list(node["properties"])


@pytest.mark.parametrize("task", TASKS)
def test_anything_optional_is_null_or_one_type(task: str) -> None:
    for node in nodes(strict_schema(REPLIES[task])):
        if "anyOf" in node:
            assert len(node["anyOf"]) == 2
            assert {"type": "null"} in node["anyOf"]


@pytest.mark.parametrize("task", TASKS)
def test_hosted_strict_modes_limits_are_kept(task: str) -> None:
    schema = strict_schema(REPLIES[task])
    assert schema["type"] == "object"
    assert sum(len(node.get("properties", ())) for node in nodes(schema)) <= 100
    assert "$" not in json.dumps(schema)


@pytest.mark.parametrize("task", TASKS)
def test_llguidance_compiles_the_schema(task: str) -> None:
    assert grammar_problem(strict_schema(REPLIES[task])) == ""


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("seed", range(3))
def test_whatever_the_grammar_lets_through_parses(task: str, seed: int) -> None:
    assert REPLIES[task].model_validate_json(sample(strict_schema(REPLIES[task]), seed=seed))


@pytest.mark.parametrize("task", [*GROUPS, "single", "attempts"])
def test_every_task_has_a_prompt_and_a_reply(task: str) -> None:
    assert issubclass(REPLIES[task], Reply)
    assert (resource_folder("prompts") / f"{task}.md").is_file()
