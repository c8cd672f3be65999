"""What help calls the values of options: words of people, and not of Python."""

from __future__ import annotations

from typing import Any

_FILES = ("config", "clock", "ca_bundle")
_FOLDERS = ("state", "data")
_NUMBERS = ("port", "number", "lines")


def name_values(command: Any) -> None:
    """Name them in a command and all below it, where the command itself doesn't."""
    for one in getattr(command, "commands", {}).values():
        name_values(one)
    for parameter in command.params:
        _name(parameter)
    own = command.get_help_option  # it is made when it is asked for
    command.get_help_option = lambda context: _name(own(context))


def _name(parameter: Any) -> Any:
    if parameter is None:
        return None
    if parameter.param_type_name == "argument":
        parameter.display_type_rich = lambda ctx: ""  # its name stands in the column before
    elif parameter.metavar is None:
        parameter.metavar = _word(parameter)
    return parameter


def _word(option: Any) -> str:
    if option.is_flag:
        return ""
    for names, word in ((_FILES, "FILE"), (_FOLDERS, "FOLDER"), (_NUMBERS, "NUMBER")):
        if option.name in names:
            return word
    return "TEXT"
