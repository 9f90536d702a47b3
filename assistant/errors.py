"""What can go wrong, as one tree.

AssistantError
├── UsageError          the call, a setting or a template is wrong: the user can mend it     exit 2
│   ├── SettingsError       a key of [tool.assistant] or a variable
│   └── TemplateError       a template or playbook file that does not keep the contract
├── InputError          a file given by the user cannot be read                              exit 3
│   └── DocumentError       a document is no Research Export, or lost a part that is needed
├── ModelError          the model failed; the draft was made without it                      exit 4
├── QueueError          the database of a queue cannot be used, or a job in it failed         exit 3
└── CapError            a cap on cost or size stopped the work                               exit 5

A message says what was wrong and where; `hint` says what to do. The exit codes are given in one
place, assistant/cli/edge.py.
"""


class AssistantError(Exception):
    """Anything this program refuses or fails to do, told in one or two lines.

    Args:
        message: what was wrong, and where.
        hint: what the user can do about it; empty where there is nothing.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(AssistantError):
    """The call is wrong and the user can mend it."""


class SettingsError(UsageError):
    """A setting has a name or value that is not known."""


class TemplateError(UsageError):
    """A template or playbook file does not keep the contract."""


class InputError(AssistantError):
    """An input cannot be read."""


class DocumentError(InputError):
    """A document is no Research Export, or lost a part that is needed."""


class ModelError(AssistantError):
    """The model failed; what could be drafted without it was."""


class QueueError(AssistantError):
    """The database of a queue cannot be used, or a job in it failed."""


class CapError(AssistantError):
    """A cap on cost or size stopped the work."""
