"""Nothing private leaves: one secret of every type goes in, and nothing of them is in anything that is sent, written or said."""

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import planting
import pytest
import vcr
from fake_endpoint import FakeEndpoint, reply
from good_replies import texts
from planting import Planted

SEED = 3
CHUNK = 100
"""So many planted texts stand before each failure."""
TRACEBACK = """\
Traceback (most recent call last):
  File "{root}/app/{name}.py", line {line}, in load_{name}
    return connect(SETTINGS["{name}"])
{error}: step {name} failed
"""


@pytest.fixture(scope="module")
def planted() -> list[Planted]:
    """One of every type that the tables of the generator know, personal data too."""
    makers = (planting.tokens, planting.assignments, planting.written)
    ones = [one for make in makers for one in make(SEED)]
    return [*ones, *planting.written(SEED, "personal")]


@pytest.fixture
def project(tmp_path: Path, planted: list[Planted]) -> Path:
    """A repository whose files hold secrets, and a log that tells many more between its failures."""
    root = tmp_path / "shop"
    (root / "app").mkdir(parents=True)
    rng = random.Random(SEED)
    held = [one for one in planted if "\n" not in one.text]
    log = []
    for number in range(0, len(planted), CHUNK):
        name = f"part{number}"
        code = [f"# {one.text}" for one in rng.sample(held, 4)]
        (root / "app" / f"{name}.py").write_text("\n".join([f"def load_{name}():", *code, f'    return connect(SETTINGS["{name}"])\n']))
        log += [one.text for one in planted[number : number + CHUNK]]
        log.append(TRACEBACK.format(root=root, name=name, line=len(code) + 2, error=rng.choice(["ValueError", "KeyError", "OSError"])))
    (root / "tests.log").write_text("\n".join(log))
    (root / ".env").write_text("".join(f"NAME_{n}={one.secrets[0]}\n" for n, one in enumerate(held[:20]) if " " not in one.secrets[0]))
    return root


@pytest.fixture
def fake() -> Iterator[FakeEndpoint]:
    with FakeEndpoint({"any": reply("{}"), **{task: reply(text) for task, text in texts().items()}}) as endpoint:
        yield endpoint


def everything_below(folder: Path) -> dict[str, str]:
    return {str(path): path.read_bytes().decode("utf-8", "replace") for path in folder.rglob("*") if path.is_file()}


def found_in(planted: list[Planted], where: dict[str, str]) -> list[str]:
    """Each planted string that stands somewhere, plain or as JSON writes it."""
    secrets = {form for one in planted for secret in one.secrets if len(secret) > 5 for form in (secret, json.dumps(secret)[1:-1])}
    return [f"{secret} in {name}" for name, text in where.items() for secret in secrets if secret in text]


def test_nothing_planted_is_prompted_cached_recorded_written_or_said(
    run: Callable[..., Any], project: Path, planted: list[Planted], fake: FakeEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSISTANT_CACHE", str(out / "cache"))
    model = ("--model", "fake", "--base-url", fake.url)
    logs = project / "tests.log"
    notes = tmp_path / "notes.md"
    notes.write_text("\n\n".join(one.text for one in planted))
    said: dict[str, str] = {}
    with vcr.VCR(record_mode="all").use_cassette(str(out / "cassette.yaml")):
        for number, options in enumerate(
            [
                ("draft-export", logs, "--repo", project, *model, "-o", out / "export.md"),
                ("draft-export", logs, "--repo", project, *model, "-o", out / "export.md"),
                ("draft-export", logs, "--repo", project, *model, "--format", "json", "-o", out / "export.json"),
                ("draft-export", logs, "--repo", project, *model, "--dry-run"),
                ("draft-export", logs, "--repo", project, "--offline", "--pii", "-o", out / "offline.md"),
                ("draft-export", logs, "--repo", project, "--offline", "--pii", "--format", "html", "-o", out / "export.html"),
                ("draft-batch", logs, "--repo", project, *model, "--max-drafts", 3, "-o", out / "batch"),
                ("brief", out / "export.md", "--include-drafts", "-o", out / "brief.md"),
                ("fill-results", out / "export.md", "--from", notes, *model),
                ("check", "--allow-drafts", out / "export.md"),
                ("evidence", logs, "--pii", "--budget", 200_000),
                ("redact", "--pii", logs),
            ]
        ):
            got = run(*options)
            said |= {f"stdout of {number}": got.out, f"stderr of {number}": got.err}
    sent = {f"request {number}": f"{one.path} {one.headers} {one.raw.decode()}" for number, one in enumerate(fake.requests)}
    written = everything_below(out)
    assert len(sent) > 3
    assert {Path(name).suffix for name in written} >= {".md", ".json", ".yaml", ".html"}
    assert any("cache" in name for name in written)
    assert found_in(planted, {**sent, **written, **said}) == []


def test_personal_data_of_an_earlier_export_does_not_go_to_a_model(
    run: Callable[..., Any], fake: FakeEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_CACHE", str(tmp_path / "cache"))
    log = tmp_path / "tests.log"
    log.write_text("Traceback (most recent call last):\nValueError: no account for mira.kowalski@kunde.example.at\n")
    run("draft-export", log, "--offline", "-o", tmp_path / "export.md")
    assert "mira.kowalski" in (tmp_path / "export.md").read_text()
    run("draft-export", log, "--model", "fake", "--base-url", fake.url, "-o", tmp_path / "export.md")
    assert fake.requests
    assert not any("mira.kowalski" in one.raw.decode() for one in fake.requests)
