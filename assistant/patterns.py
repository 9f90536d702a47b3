"""Patterns that a user gives for masking: RE2, which needs no more than linear time whatever the pattern is."""

import re2

from assistant.errors import SettingsError

MOST = 100
LONGEST = 500
_ANYTHING = "Any text, whatever it is: 123"


def compile_patterns(where: str, patterns: tuple[str, ...]) -> tuple["re2._Regexp", ...]:
    """Compile the patterns of a setting.

    Args:
        where: the setting, for messages.
        patterns: as the user wrote them.

    Raises:
        SettingsError: there are too many, or one is too long, broken, or matches everything.
    """
    if len(patterns) > MOST:
        raise SettingsError(f"{where} holds {len(patterns)} patterns", hint=f"{MOST} are allowed; join some with |")
    return tuple(_compiled(f"{where} {number}", pattern) for number, pattern in enumerate(patterns, 1))


def _compiled(where: str, pattern: str) -> "re2._Regexp":
    if len(pattern) > LONGEST:
        raise SettingsError(f"{where} has {len(pattern)} characters", hint=f"{LONGEST} are allowed")
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0].decode("utf-8", "replace") if isinstance(error.args[0], bytes) else str(error)
        raise SettingsError(
            f"{where} is no pattern: {pattern!r}: {reason}", hint="patterns are RE2: no look-around, no back-reference"
        ) from None
    if compiled.fullmatch("") or compiled.fullmatch(_ANYTHING):
        raise SettingsError(f"{where} matches everything: {pattern!r}", hint="write what the values have in common")
    return compiled
