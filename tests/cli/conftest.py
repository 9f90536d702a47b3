"""Run the commands in this process, as a shell would."""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from assistant import cli


@dataclass(frozen=True)
class Run:
    """What a command gave: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


Runner = Callable[..., Run]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Runner:
    def call(*arguments: object, stdin: bytes = b"") -> Run:
        monkeypatch.setattr(sys, "argv", ["assistant", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capfd.readouterr()
        assert "Traceback (most recent call last)" not in err
        return Run(code, out, err)

    return call
