"""Who may do what, and how much of it."""

from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from starlette.datastructures import Headers

from assistant.service import sessions
from assistant.service.rates import Rates
from assistant.service.sessions import Sessions, kept_key

TOKEN = "y" * 40


def _with(cookie: str) -> Headers:
    return Headers({"cookie": f"other=1; assistant_session={cookie}"})


def test_a_session_holds_until_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Sessions(TOKEN, b"key")
    cookie = ours.begin()
    assert ours.holds(_with(cookie))
    monkeypatch.setattr(sessions, "SESSION_S", -1)
    assert not ours.holds(_with(ours.begin()))


def test_a_session_ends_with_another_token_or_key() -> None:
    cookie = Sessions(TOKEN, b"key").begin()
    assert not Sessions(TOKEN[::-1] + "z", b"key").holds(_with(cookie))
    assert not Sessions(TOKEN, b"other").holds(_with(cookie))


@given(st.text(max_size=80))
def test_no_made_up_cookie_token_or_form_is_taken(text: str) -> None:
    ours = Sessions(TOKEN, b"key")
    headers = Headers(raw=[(b"cookie", f"assistant_session={text}".encode("utf-8", "replace"))])
    assert not ours.holds(headers)
    assert not ours.is_token(text)
    assert not ours.is_form_token(headers, text)


def test_a_forms_token_is_bound_to_its_session() -> None:
    ours = Sessions(TOKEN, b"key")
    mine, theirs = _with(ours.begin()), _with(ours.begin())
    assert ours.is_form_token(mine, ours.form_token(mine))
    assert not ours.is_form_token(theirs, ours.form_token(mine))


def test_the_key_is_kept_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "data" / "key"
    assert kept_key(path) == kept_key(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_bucket_fills_steadily_and_each_client_has_its_own() -> None:
    now = [0.0]
    rates = Rates(per_s=2, burst=2, clock=lambda: now[0])
    assert [rates.wait_s("a"), rates.wait_s("a"), rates.wait_s("a")] == [0, 0, 0.5]
    assert rates.wait_s("b") == 0
    now[0] = 0.5
    assert [rates.wait_s("a"), rates.wait_s("a")] == [0, 0.5]
