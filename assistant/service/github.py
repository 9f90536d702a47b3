"""The one seam to GitHub: the logs of a workflow run, downloaded as the archive that GitHub makes of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol
from urllib.parse import urlsplit

import httpx2

from assistant.errors import InputError

REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}/[A-Za-z0-9._-]{1,100}")
TIMEOUT_S = 60.0
MOST_REDIRECTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A workflow run.

    Args:
        repository: `owner/name`.
        number: its id.
        attempt: counted from 1.
    """

    repository: str
    number: int
    attempt: int = 1

    def __str__(self) -> str:
        return f"{self.repository} run {self.number}.{self.attempt}"


class LogSource(Protocol):
    """Where the logs of a run come from."""

    def fetch(self, run: Run, target: BinaryIO, *, most_bytes: int) -> int:
        """Write the archive of a run's logs; how many bytes it has.

        Raises:
            InputError: it cannot be had, or is larger than allowed.
        """
        ...


class GitHub:
    """GitHub's REST API.

    Args:
        api: its address; only from configuration, never from a webhook.
        token: sent to that address alone, not to where it sends us on.
    """

    def __init__(self, api: str, token: str) -> None:
        self._api = api.rstrip("/")
        self._token = token

    def fetch(self, run: Run, target: BinaryIO, *, most_bytes: int) -> int:
        """Write the archive of a run's logs; how many bytes it has.

        Raises:
            InputError: it cannot be had, or is larger than allowed.
        """
        address = f"{self._api}/repos/{run.repository}/actions/runs/{run.number}/attempts/{run.attempt}/logs"
        written = 0
        try:
            with httpx2.Client(timeout=TIMEOUT_S, follow_redirects=False) as client:
                for block in self._blocks(client, address, run):
                    written += len(block)
                    if written > most_bytes:
                        raise InputError(f"the logs of {run} are larger than {most_bytes} bytes", hint="raise --max-upload")
                    target.write(block)
        except httpx2.HTTPError as error:
            raise InputError(
                f"the logs of {run} cannot be had: {type(error).__name__}", hint="check --github-api and the network"
            ) from None
        return written

    def _blocks(self, client: httpx2.Client, address: str, run: Run) -> Iterator[bytes]:
        """What the archive holds, wherever GitHub sends us on to."""
        headers = {"accept": "application/vnd.github+json", "x-github-api-version": "2022-11-28"}
        if self._token:
            headers["authorization"] = f"Bearer {self._token}"
        for _ in range(MOST_REDIRECTS + 1):
            with client.stream("GET", address, headers=headers) as answer:
                if answer.is_redirect:
                    address = self._next(answer, address, run)
                    headers = {}  # the token is for the API, not for the storage behind it
                    continue
                if answer.status_code != 200:
                    hint = "set ASSISTANT_GITHUB_TOKEN to a token that may read Actions" if answer.status_code in (401, 403, 404) else ""
                    raise InputError(f"the logs of {run} cannot be had: GitHub answered {answer.status_code}", hint=hint)
                yield from answer.iter_bytes()
                return
        raise InputError(f"the logs of {run} cannot be had: sent on more than {MOST_REDIRECTS} times")

    def _next(self, answer: httpx2.Response, address: str, run: Run) -> str:
        """Where to go on; never from https to http."""
        target = str(httpx2.URL(address).join(answer.headers.get("location", "")))
        if urlsplit(target).scheme != "https" and urlsplit(self._api).scheme == "https":
            raise InputError(f"the logs of {run} cannot be had: GitHub sends us on to an address without https")
        return target
