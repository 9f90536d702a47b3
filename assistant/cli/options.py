"""Options whose text is taken as it stands, without loading pydantic for it.

typer builds a pydantic adapter for every option of the command that runs, given or not: 8 bare starts of the interpreter, a fifth
of a small export. Text, paths and defaults need none; whatever does (a choice, a number) still gets typer's own.
"""

from pathlib import Path
from typing import Any

import typer.core


class PlainParameter:
    """Stands where typer keeps an option's adapter, and has typer build that only for a value that needs it."""

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """Turn what the command line holds into what the command takes.

        Args:
            value: What stands there, or the default.
            param: typer's option or argument.
            ctx: click's context of the call.

        Returns:
            The value, of the type that the command declares.
        """
        several = param.multiple or param.nargs == -1
        if value is None:
            return () if several else None
        wanted = param.type_descriptor.annotation
        if several and wanted == list[str] and isinstance(value, list | tuple):
            return list(value)
        if isinstance(value, str) and wanted in (str, Path):
            return wanted(value)
        if not several and isinstance(wanted, type) and isinstance(value, wanted) and value == param.default:
            return value
        param._runtime_param = None  # typer builds one where there is none
        return param.get_runtime_param().coerce(value, param=param, ctx=ctx)


def _plain(params: list[Any]) -> None:
    for param in params:
        if hasattr(param, "_runtime_param"):
            param._runtime_param = PlainParameter()


class LeanCommand(typer.core.TyperCommand):
    """A command that takes plain text as it stands; paths too, as no option of ours resolves or checks one."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As typer's, with a plain parameter in each option."""
        _plain(self.get_params(ctx))
        return super().parse_args(ctx, args)


class LeanGroup(typer.core.TyperGroup):
    """The same for the commands' root."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As typer's, with a plain parameter in each option."""
        _plain(self.get_params(ctx))
        return super().parse_args(ctx, args)
