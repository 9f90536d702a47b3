"""`draft-export` with a model, from the command line to the last byte sent: nothing goes out that was not configured, shown and masked."""

import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_endpoint import Behaviour, FakeEndpoint, answer, dripping, dropped, endless, raw, refusal, reply, reply_with, status
from good_replies import GOOD, changed, texts
from grammar_model import sample

from assistant.document import parse
from assistant.drafting.asking import GROUPS
from assistant.record import load_record

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "orders-service"
LOG = EXAMPLE / "failing-test.log"
SAID = ("--date", "2026-11-25", "--exported-by", "Ada")
TEXTS = texts()

Runner = Callable[..., Any]
Draft = Callable[..., Any]


@pytest.fixture
def fake() -> Iterator[FakeEndpoint]:
    with FakeEndpoint({task: reply(text) for task, text in TEXTS.items()}) as endpoint:
        yield endpoint


@pytest.fixture
def draft(run: Runner, fake: FakeEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Draft:
    """Draft the example with the fake endpoint's model, into `export.md`."""
    monkeypatch.setenv("ASSISTANT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("ASSISTANT_RETRIES", "0")

    def call(*options: object) -> Any:
        return run(
            "draft-export", LOG, "--repo", EXAMPLE, *SAID, "--model", "fake", "--base-url", fake.url, "-o", tmp_path / "export.md", *options
        )

    return call


def checks_clean(run: Runner, path: Path) -> bool:
    got = run("check", "--allow-drafts", path)
    assert got.code in (0, 1)
    assert got.code == 0, got.out
    return True


class TestWhatIsSent:
    def test_a_key_alone_sends_nothing_and_earns_a_hint(
        self, run: Runner, fake: FakeEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "a-key-of-this-test")
        monkeypatch.setenv("ASSISTANT_BASE_URL", fake.url)
        got = run("draft-export", LOG, *SAID, "-o", tmp_path / "export.md")
        assert got.code == 0
        assert fake.requests == []
        assert "hint: a key is set but no model is configured" in got.err
        assert "a-key-of-this-test" not in got.err

    @pytest.mark.parametrize("how", ["option", "variable", "pyproject.toml"])
    def test_a_model_is_used_where_one_is_configured(
        self, run: Runner, fake: FakeEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
    ) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("ASSISTANT_CACHE", str(tmp_path / "cache"))
        options: list[object] = []
        if how == "option":
            options = ["--model", "fake", "--base-url", fake.url]
        elif how == "variable":
            monkeypatch.setenv("ASSISTANT_MODEL", "fake")
            monkeypatch.setenv("ASSISTANT_BASE_URL", fake.url)
        else:
            Path("pyproject.toml").write_text(f'[tool.assistant]\nmodel = "fake"\nbase-url = "{fake.url}"\n')
        got = run("draft-export", LOG, "--repo", EXAMPLE, *SAID, *options, "-o", "export.md")
        assert (got.code, len(fake.requests)) == (0, len(GROUPS))

    def test_offline_wins_over_everything(self, draft: Draft, fake: FakeEndpoint, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ASSISTANT_MODEL", "fake")
        got = draft("--offline")
        assert (got.code, fake.requests) == (0, [])
        assert "drafted by the playbook, without a model" in got.err

    def test_the_endpoint_is_named_before_the_first_byte_goes_to_it(
        self, draft: Draft, fake: FakeEndpoint, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        said: list[str] = []
        told_before: list[str] = []

        def notice(connection: Any, received: Any) -> None:
            told_before.append("".join(said))
            reply(TEXTS[received.task])(connection, received)

        from assistant.cli import modelling

        say = modelling.say
        monkeypatch.setattr(modelling, "say", lambda text: (said.append(text), say(text))[1])
        fake.script = {"any": notice}
        got = draft()
        line = f"drafting with fake at {fake.url}"
        assert all(line in told for told in told_before)
        assert got.err.startswith(line)

    def test_dry_run_prints_exactly_what_is_then_sent_with_its_tokens_and_sends_nothing(
        self, draft: Draft, fake: FakeEndpoint, tmp_path: Path
    ) -> None:
        shown = draft("--dry-run")
        assert (shown.code, fake.requests) == (0, [])
        assert not (tmp_path / "export.md").exists()
        assert f"nothing was sent. 6 calls to {fake.url}: " in shown.err
        draft()
        sent = {request.task: request.body for request in fake.requests}
        assert list(json.loads(shown.out)) == [sent[task] for task in GROUPS]

    def test_dry_run_tells_the_price_where_it_is_known(self, draft: Draft, monkeypatch: pytest.MonkeyPatch) -> None:
        assert "price not known" in draft("--dry-run").err
        monkeypatch.setenv("ASSISTANT_PRICE_INPUT", "1")
        monkeypatch.setenv("ASSISTANT_PRICE_OUTPUT", "2")
        assert "$0.1" in draft("--dry-run").err

    def test_dry_run_without_a_model_is_wrong_use(self, run: Runner) -> None:
        got = run("draft-export", LOG, "--dry-run")
        assert got.code == 2
        assert "--model" in got.err

    def test_where_there_is_no_failure_nothing_is_sent(self, draft: Draft, run: Runner, fake: FakeEndpoint, tmp_path: Path) -> None:
        (tmp_path / "green.log").write_text("all 9 passed\n")
        got = run("draft-export", tmp_path / "green.log", *SAID, "--model", "fake", "--base-url", fake.url)
        assert (got.code, fake.requests) == (0, [])

    def test_no_secret_of_a_log_or_a_setting_gets_out_or_stays_on_disk(
        self, draft: Draft, run: Runner, fake: FakeEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        dice = random.Random(11)
        word, token, key, dotenv = ("".join(dice.choices("abcdefghjkmnpqrstuvwxyz23456789", k=36)) for _ in range(4))
        repository = tmp_path / "repo"
        repository.mkdir()
        (repository / ".env").write_text(f"SIGNING_SECRET={dotenv}\n")
        mail = "ada.lovelace" + "@" + "example.org"
        log = (
            f"connecting to postgresql://orders:{word}@db/orders\nAuthorization: Bearer {token}\nGITHUB_TOKEN=ghp_{token}\nmail from {mail}\n"
            f'Traceback (most recent call last):\n  File "/srv/app/a.py", line 3, in f\n    pay({dotenv!r})\n'
            f"ValueError: cannot log in with password={word} and {dotenv}\n"
        )
        (tmp_path / "a.log").write_text(log)
        monkeypatch.setenv("ASSISTANT_API_KEY", key)
        options = ("--repo", repository, *SAID, "--model", "fake", "--base-url", fake.url, "-o", tmp_path / "export.md")
        got = run("draft-export", tmp_path / "a.log", *options)
        shown = run("draft-export", tmp_path / "a.log", *options, "--dry-run")
        (tmp_path / "a.log").unlink()
        (repository / ".env").unlink()
        assert fake.requests
        sent = b"".join(request.raw for request in fake.requests).decode()
        kept = "".join(path.read_text() for path in tmp_path.rglob("*") if path.is_file())
        assert list((tmp_path / "cache").rglob("*.json"))
        for secret in (word, token, key, dotenv, mail):
            assert secret not in sent + kept + got.out + got.err + shown.out + shown.err
        assert "[SECRET:" in sent
        assert {request.headers["authorization"] for request in fake.requests} == {f"Bearer {key}"}

    def test_no_path_of_this_machine_and_no_date_stands_in_a_prompt(self, draft: Draft, fake: FakeEndpoint) -> None:
        draft()
        for request in fake.requests:
            assert str(EXAMPLE.parent.parent) not in request.prompt
            assert str(Path.home()) + "/" not in request.prompt
            assert "2026-11-25" not in request.prompt


class TestWhatIsWritten:
    def test_a_good_draft_is_written_checks_clean_and_is_told_in_one_line(self, draft: Draft, run: Runner, tmp_path: Path) -> None:
        got = draft()
        assert got.code == 0
        assert "drafted with fake from" in got.err
        assert "6 calls: 6000 tokens sent (5400 from the prompt cache), 1200 received, price not known" in got.err
        text = (tmp_path / "export.md").read_text()
        assert "> *Drafted by fake from" in text
        assert GOOD["questions"]["primary_questions"][0] in text
        assert checks_clean(run, tmp_path / "export.md")

    def test_the_record_names_model_endpoint_prompts_tokens_and_every_call(self, draft: Draft, fake: FakeEndpoint, tmp_path: Path) -> None:
        fake.script["next_steps"] = reply(changed("next_steps", "information_needed", 0, to="See (E99)."))
        draft()
        record = load_record(tmp_path / "export.md")
        assert record
        assert (record.model, record.endpoint) == ("fake", fake.url)
        assert record.prompts["repair"].startswith("version ")
        assert record.tokens == {"sent": 7000, "cached": 6300, "received": 1400, "reasoning": 350}
        assert [call.attempt for call in record.calls if call.task == "next_steps"] == [1, 2, 3]
        assert [call.remembered for call in record.calls if call.task == "next_steps"] == [False, False, True]  # asked the same again
        assert record.counter

    def test_what_was_dropped_is_said(self, draft: Draft, fake: FakeEndpoint) -> None:
        fake.script["next_steps"] = reply(changed("next_steps", "information_needed", 0, to="See (E99)."))
        got = draft()
        assert got.code == 0
        assert "note: next_steps: dropped information_needed[0]: " in got.err

    def test_the_second_run_sends_nothing_and_fresh_asks_again(self, draft: Draft, fake: FakeEndpoint, tmp_path: Path) -> None:
        draft()
        first = (tmp_path / "export.md").read_bytes()
        again = draft("--force")
        assert len(fake.requests) == len(GROUPS)
        assert "6 calls, 6 remembered: 0 tokens sent" in again.err
        assert (tmp_path / "export.md").read_bytes() == first
        draft("--force", "--fresh")
        assert len(fake.requests) == 2 * len(GROUPS)

    def test_a_single_call(self, draft: Draft, run: Runner, fake: FakeEndpoint, tmp_path: Path) -> None:
        assert draft("--single-call").code == 0
        assert [request.task for request in fake.requests] == ["single"]
        assert checks_clean(run, tmp_path / "export.md")

    def test_ones_own_prompts_are_sent(self, draft: Draft, fake: FakeEndpoint, tmp_path: Path) -> None:
        (tmp_path / "prompts").mkdir()
        (tmp_path / "prompts" / "summary.md").write_text(
            "---\nname: summary\nversion: 9\nsection: problem_statement\n---\n# Task\nSay it in verse.\n"
        )
        draft("--prompts", tmp_path / "prompts")
        assert fake.asked("summary")[0].prompt.endswith("# Task\nSay it in verse.\n")
        record = load_record(tmp_path / "export.md")
        assert record
        assert record.prompts["summary"].startswith("version 9, ")

    def test_a_broken_prompt_is_wrong_use_and_nothing_is_sent(self, draft: Draft, fake: FakeEndpoint, tmp_path: Path) -> None:
        (tmp_path / "prompts").mkdir()
        (tmp_path / "prompts" / "repair.md").write_text("---\nname: repair\nversion: 9\nsection: x\n---\n{{ advice }}")
        got = draft("--prompts", tmp_path / "prompts")
        assert (got.code, fake.requests) == (2, [])
        assert "'advice' is undefined" in got.err


FAILURES: dict[str, Behaviour] = {
    "refusal": refusal("I will not."),
    "length": reply("", finish="length"),
    "429": status(429, headers={"Retry-After": "0"}),
    "500": status(500),
    "timeout": dripping(),
    "dropped": dropped(),
    "invalid": raw(b"<html>"),
    "prose": reply("It is the database."),
    "empty": answer({"choices": []}),
    "endless": endless(),
}


class TestWhereTheModelFails:
    @pytest.mark.parametrize("name", FAILURES)
    def test_the_export_is_written_checks_clean_and_the_exit_code_is_4(
        self, draft: Draft, run: Runner, fake: FakeEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        monkeypatch.setenv("ASSISTANT_TIMEOUT_S", "0.2")
        fake.script = {"any": FAILURES[name]}
        got = draft("--single-call")
        assert got.code == 4
        assert "the model failed for some parts: they were drafted without it" in got.err
        assert "> *Drafted by playbook from" in (tmp_path / "export.md").read_text()
        assert checks_clean(run, tmp_path / "export.md")

    def test_where_nobody_listens(self, run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ASSISTANT_RETRIES", "0")
        got = run("draft-export", LOG, *SAID, "--model", "m", "--base-url", "http://127.0.0.1:9/v1", "-o", tmp_path / "export.md")
        assert got.code == 4
        assert "no connection" in got.err
        assert (tmp_path / "export.md").exists()

    @pytest.mark.parametrize(("option", "value"), [("--max-tokens", "100"), ("--max-cost", "0.001")])
    def test_a_cap_stops_the_next_call_and_the_exit_code_is_5(
        self, draft: Draft, run: Runner, fake: FakeEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str, value: str
    ) -> None:
        monkeypatch.setenv("ASSISTANT_PRICE_INPUT", "1")
        monkeypatch.setenv("ASSISTANT_PRICE_OUTPUT", "2")
        got = draft(option, value)
        assert (got.code, fake.requests) == (5, [])
        assert f"{option} {value} would be passed" in got.err
        assert checks_clean(run, tmp_path / "export.md")

    def test_wrong_use_is_told_before_anything_is_read(self, run: Runner) -> None:
        got = run("draft-export", LOG, "--model", "gpt-4o")
        assert got.code == 2
        assert "OPENAI_API_KEY" in got.err


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("options", [(), ("--single-call",)], ids=["groups", "single"])
def test_whatever_a_grammar_lets_through_the_nonsense_stays_out_of_the_document(
    draft: Draft, run: Runner, fake: FakeEndpoint, tmp_path: Path, seed: int, options: tuple[str, ...]
) -> None:
    fake.script = {"any": reply_with(lambda received: sample(received.schema, seed=seed))}
    got = draft(*options)
    assert got.code in (0, 4)
    text = (tmp_path / "export.md").read_text()
    assert checks_clean(run, tmp_path / "export.md")
    prose = re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", "", text)  # as inline code a search query is inert
    assert "<script" not in prose
    assert "{{" not in prose
    for nonsense in (
        "E999",
        "example.org",
        "nowhere/lost.py",
        "\u202e",
        "\x1b",
    ):
        assert nonsense not in text
    assert "hypotheses.hypothesis_9" not in places(text)
    offline = run("draft-export", LOG, "--repo", EXAMPLE, *SAID, "--offline").out
    assert {place for place in places(text) if "hypothesis_" not in place} == {
        place for place in places(offline) if "hypothesis_" not in place
    }


def places(text: str) -> set[str]:
    return {region.place for region in parse(text).regions}
