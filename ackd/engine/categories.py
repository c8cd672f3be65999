"""The categories by which owner and ackd talk, with their colours, in the mailbox's own list: so that
they stand in Outlook's menu. Only a convenience: what doesn't work is told in the log and left."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping

from ackd.engine.triage import Settings
from ackd.errors import Unreachable
from ackd.model import Colour, Command, ValueKey
from ackd.ports import Ledger, Writing

log = logging.getLogger(__name__)

COLOURS = {
    Command.ACKNOWLEDGE: Colour.GREEN,
    Command.NOT_A_QUESTION: Colour.GRAY,
    Command.CANNOT_HELP: Colour.RED,
    Command.NEED_MORE: Colour.YELLOW,
}


def wanted(settings: Settings) -> dict[str, Colour]:
    """The category that shows a promise, and the commands."""
    state = {settings.category: Colour.BLUE} if settings.category else {}
    return {name: COLOURS[command] for name, command in settings.follow.commands.items()} | state


def show(mailbox: Writing, ledger: Ledger, settings: Settings) -> None:
    """Once for each set of names. Raises AckdError where the server refuses ackd as a whole."""
    colours: Mapping[str, Colour] = wanted(settings)
    names = json.dumps(sorted(colours))
    if not colours or ledger.value(ValueKey.CATEGORIES) == names:
        return
    try:
        mailbox.show_categories(colours)
    except Unreachable as error:
        log.info("event=categories: the mailbox's list couldn't be completed: %s", error)
        return
    ledger.remember(ValueKey.CATEGORIES, names)
