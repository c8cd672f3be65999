"""What both ways to a mailbox must name alike: each recognises what the other wrote."""

from __future__ import annotations

import enum

#: The GUID of ackd's own named properties, and their names.
PROPERTY_SET = "7c1d4a54-0000-4000-8000-61636b640001"
TOKEN, QUESTION, ASKER, PROMISED = "ackd-token", "ackd-question", "ackd-asker", "ackd-promised"
MOVES, TOLD = "ackd-moves", "ackd-told"
START_MARK, HOLDER = "ackd-start", "ackd-holder"
STAGE = "ackd-stage"

#: DR, NRN, RN, OOF and AutoReply: no robot and no receipt answers our letters; delivery failures (NDR, 0x2)
#: must come back (MS-OXOMSG 2.2.1.77).
SUPPRESS_ANSWERS = 0x3D


class Stage(enum.StrEnum):
    """How far a draft is that was made to be sent at once (`STAGE`). One for the owner has none."""

    SENDING = "sending"
    TRIED = "tried"  # the server was asked to send it


class Verb(enum.IntEnum):
    """What its reader did with a mail last: PidTagLastVerbExecuted (MS-OXOMSG 2.2.1.73)."""

    REPLY = 102
    REPLY_TO_ALL = 103

    @classmethod
    def is_answer(cls, value: str | None) -> bool:
        """Whether the property's value, as a server writes it, says that the mail was answered."""
        return value is not None and value.strip() in {str(verb.value) for verb in cls}
