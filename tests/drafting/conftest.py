"""A fake endpoint on loopback, the case of the example, and a drafter that asks the one about the other."""

from collections.abc import Callable, Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest
from fake_endpoint import FakeEndpoint

from assistant import Request, Stated
from assistant.drafting import Case
from assistant.drafting.caps import Limits
from assistant.drafting.memory import Memory
from assistant.drafting.model import ModelDrafter, Options
from assistant.drafting.prompts import load_prompts
from assistant.drafting.requests import Profile
from assistant.pipeline import prepare_case
from assistant.tokens import token_counter

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "orders-service"


@pytest.fixture
def fake() -> Iterator[FakeEndpoint]:
    with FakeEndpoint() as endpoint:
        yield endpoint


@pytest.fixture(scope="session")
def case() -> Case:
    """The example's failing test, with its repository."""
    stated = Stated(date="2026-11-25", exported_by="Ada")
    with chdir(EXAMPLE.parent.parent):  # origins are told from the current folder on
        found = prepare_case(Request(logs=(str(EXAMPLE / "failing-test.log"),), repo=EXAMPLE, stated=stated, pii=True))
    assert found
    return found


@pytest.fixture
def drafter(fake: FakeEndpoint) -> Callable[..., ModelDrafter]:
    """A drafter that asks the fake endpoint; parts of its profile and options may be given."""

    def make(*, memory: Memory | None = None, limits: Limits | None = None, single_call: bool = False, **profile: Any) -> ModelDrafter:
        return ModelDrafter(
            Profile(**({"model": "fake", "base_url": fake.url, "retries": 0, "timeout_s": 5.0} | profile)),
            load_prompts(),
            counter=token_counter(),
            memory=memory or Memory(None),
            options=Options(limits=limits or Limits(), single_call=single_call),
            tell=lambda _: None,
        )

    return make
