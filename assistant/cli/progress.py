"""A progress line on stderr; quiet where stderr is no terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(title: str) -> Iterator[Callable[[str], None]]:
    """A line that shows the last step while the work goes on.

    Args:
        title: what is being done.

    Yields:
        A function that is told each step.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    # late: rich costs some ten bare starts, and only a terminal shows it
    from rich.console import Console
    from rich.markup import escape

    with Console(stderr=True).status(escape(title)) as status:
        yield lambda step: status.update(escape(f"{title}: {step}"))
