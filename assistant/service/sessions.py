"""Who may do what: the token of programs, the signed cookie of browsers, and the tokens of forms."""

import hmac
import os
import secrets
import time
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from pathlib import Path

from starlette.datastructures import Headers

from assistant.errors import UsageError

COOKIE = "assistant_session"
SESSION_S = 12 * 3600
KEY_BYTES = 32


class Sessions:
    """Signs and checks; a session ends when its time is over or the token changes.

    Args:
        token: that clients show; empty where everybody on this machine may do everything.
        key: that cookies and forms are signed with.
    """

    def __init__(self, token: str, key: bytes) -> None:
        self._token = token
        self._key = hmac.digest(key, token.encode(), "sha256")

    @property
    def needed(self) -> bool:
        """Whether a client must show who it is."""
        return bool(self._token)

    def is_token(self, text: str) -> bool:
        """Whether a text is the token, compared in constant time."""
        return bool(self._token) and hmac.compare_digest(
            sha256(text.encode("utf-8", "replace")).digest(), sha256(self._token.encode()).digest()
        )

    def bearer(self, headers: Headers) -> bool:
        """Whether a request shows the token in its Authorization header."""
        scheme, _, given = headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and self.is_token(given.strip())

    def begin(self) -> str:
        """The value of a new session's cookie."""
        ends = f"{int(time.time()) + SESSION_S}.{secrets.token_hex(8)}"
        return f"{ends}.{self._sign('session', ends)}"

    def holds(self, headers: Headers) -> bool:
        """Whether a request's cookie is of a session that has not ended."""
        ends, _, signature = cookie_of(headers).rpartition(".")
        time_s = ends.partition(".")[0]
        return hmac.compare_digest(signature, self._sign("session", ends)) and time_s.isdecimal() and int(time_s) > time.time()

    def form_token(self, headers: Headers) -> str:
        """What a form must send back, bound to the session."""
        return self._sign("form", cookie_of(headers) if self.needed else "")

    def is_form_token(self, headers: Headers, given: str) -> bool:
        """Whether a form came from a page of this session."""
        return hmac.compare_digest(given.encode("utf-8", "replace"), self.form_token(headers).encode())

    def _sign(self, purpose: str, text: str) -> str:
        return hmac.new(self._key, f"{purpose}:{text}".encode(), sha256).hexdigest()


def cookie_of(headers: Headers) -> str:
    """The value of the session's cookie, ASCII; empty where there is none."""
    try:
        held = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return held.value if held and held.value.isascii() else ""


def kept_key(path: Path) -> bytes:
    """The key of this service, made when it starts for the first time; open pages outlive a restart.

    Raises:
        UsageError: the file cannot be read or written.
    """
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                file.write(secrets.token_bytes(KEY_BYTES))
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be used: {error.strerror or error}", hint="give another --data") from None
