"""The edge: the one place where errors become exit codes and messages."""

import gc
import sys
from collections.abc import Callable

from assistant.cli.console import say
from assistant.errors import AssistantError, CapError, InputError, ModelError, QueueError, UsageError

EXIT_CODES: dict[type[AssistantError], int] = {UsageError: 2, InputError: 3, QueueError: 3, ModelError: 4, CapError: 5}
EXIT_INTERNAL = 70


def guarded(call: Callable[[], object]) -> None:
    """Run a command; whatever it raises is told in one or two lines.

    Raises:
        SystemExit: with the exit code that DESIGN gives to the error.
    """
    # a short run makes few cycles, and looking for them while modules load costs three bare starts
    gc.disable()
    try:
        call()
    except AssistantError as error:
        say(f"error: {error.message}")
        if error.hint:
            say(f"  {error.hint}")
        sys.exit(exit_code(error))
    except Exception as error:  # noqa: BLE001 - the edge: no traceback may reach a user
        at = error.__traceback__
        while at and at.tb_next:
            at = at.tb_next
        where = f"{at.tb_frame.f_globals.get('__name__', '?')}:{at.tb_lineno}" if at else "?"
        say(f"error: this program failed: {type(error).__name__}: {error} (in {where})")
        say("  this is a fault of the program; please report it with this line")
        sys.exit(EXIT_INTERNAL)


def exit_code(error: AssistantError) -> int:
    """The exit code of an error: that of the nearest class above it that has one."""
    return next((code for kind in type(error).__mro__ if (code := EXIT_CODES.get(kind)) is not None), EXIT_INTERNAL)
