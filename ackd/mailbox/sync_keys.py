"""What the parts of a sync state are called, whatever protocol tells them. Watched folders stand in it by
their names, which have no leading slash."""

from __future__ import annotations

import enum


class SyncKey(enum.StrEnum):
    """A part that is no watched folder. Ledgers that somebody has know them by these texts."""

    SENT = "/sent"
    TASKS = "/tasks"  # the usual list; another one by `of_list`
    WAITING = "/waiting"  # items that were told of and aren't read yet
    SERVER = "/server"  # by EWS, what the server is known to lack
    GRAPH = "/graph"  # that the state is Graph's, and its version


#: Parts that tell of no folder.
NO_FOLDERS = frozenset((SyncKey.WAITING, SyncKey.SERVER, SyncKey.GRAPH))
#: What people call the folders behind them.
NAMES: dict[str, str] = {SyncKey.SENT: "Sent Items", SyncKey.TASKS: "Tasks"}


def of_list(own_id: str) -> str:
    """The part of another list of tasks than the usual one, by its id."""
    return f"{SyncKey.TASKS}:{own_id}"


def is_of_tasks(key: str) -> bool:
    """Whether it is of a list of tasks."""
    return key == SyncKey.TASKS or is_of_list(key)


def is_of_list(key: str) -> bool:
    """Whether it is of another list than the usual one."""
    return key.startswith(of_list(""))


def list_of(key: str) -> str:
    """The id of the list of tasks; "" of the usual one."""
    return key.removeprefix(of_list("")) if is_of_list(key) else ""
