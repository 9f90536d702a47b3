"""Options whose text is taken as it stands, without loading pydantic for it.

typer builds a pydantic adapter for every option of the command that runs, given or not: 8 bare starts of the interpreter, a fifth
of a small export. Text, paths and defaults need none; whatever does (a choice, a number) still gets typer's own.
"""

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, cast

import typer
import typer.core
import typer.main

OPTIONS: dict[str, Any] = {
    "add_completion": False,
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,
    "context_settings": {"help_option_names": ["-h", "--help"]},
}
"""What each of our typer apps is made with."""


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


class LateCommand(NamedTuple):
    """A command of which only the name and one line are known until it is wanted.

    Args:
        module: its file in `assistant.cli`, whose function `command` it is.
        help: the first line of that function's docstring.
        settings: of click's context.
    """

    module: str
    help: str
    settings: dict[str, Any] = {}  # noqa: RUF012

    def load(self, name: str) -> typer.core.TyperCommand:
        """Import the file and build the command."""
        module = importlib.import_module(f"assistant.cli.{self.module}")
        alone = typer.Typer(**OPTIONS)
        alone.command(name, cls=LeanCommand, context_settings={**OPTIONS["context_settings"], **self.settings})(module.command)
        return cast("typer.core.TyperCommand", typer.main.get_command(alone))


class LeanGroup(typer.core.TyperGroup):
    """The commands' root: it imports and builds the one command that runs, so that `--help` and each of them start fast."""

    late: ClassVar[Mapping[str, LateCommand]] = {}

    def __init__(self, **settings: Any) -> None:
        """As typer's, with a name and a line for each command."""
        super().__init__(**settings)
        self.commands = {**self.commands, **{name: typer.core.TyperCommand(name, help=one.help) for name, one in self.late.items()}}

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As typer's, with a plain parameter in each option."""
        _plain(self.get_params(ctx))
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """As typer's, with the real command."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, self.late[name].load(name) if name and name in self.late else command, rest
