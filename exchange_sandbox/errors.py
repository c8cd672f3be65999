"""What a sandbox refuses, in words of no protocol; each face says it in its own."""

from __future__ import annotations

import enum


class Problem(enum.Enum):
    """What can be wrong with what somebody wants of the store; the value is a text for people."""

    FOLDER_TOO_DEEP = "Folders are nested too deep."
    FOLDER_EXISTS = "A folder with the specified name already exists."
    FOLDER_NOT_FOUND = "The specified folder could not be found in the store."
    NO_PUBLIC_FOLDERS = "There is no server that holds the public folders."
    STANDARD_FOLDER_MOVED = "Distinguished folders cannot be moved."
    FOLDER_INTO_ITSELF = "The move or copy operation failed."
    STANDARD_FOLDER_DELETED = "Distinguished folders cannot be deleted."
    FOLDER_NOT_EMPTIED = "The folder cannot be emptied."
    ITEM_NOT_FOUND = "The specified object was not found in the store."
    OPERATION_IMPOSSIBLE = "The operation is invalid."
    SEND_AS_DENIED = "Send as denied."
    MAILBOX_NOT_FOUND = "The SMTP address has no mailbox associated with it."
    RECIPIENTS_MISSING = "No recipients were given."
    RECIPIENT_INVALID = "At least one recipient isn't valid."
    NO_RECEIPT_PENDING = "No receipt pending."
    PROPERTY_MISSING = "A property that is required is missing."
    PROPERTY_NOT_SETTABLE = "Set action is invalid for property."
    END_BEFORE_START = "EndDate is earlier than StartDate"
    APPOINTMENT_TOO_LONG = "An appointment lasts no longer than five years."
    DATE_OUT_OF_RANGE = "The date is outside of what a calendar holds."
    OCCURRENCE_TOO_LONG = "An occurrence lasts longer than the time to the next."
    NO_OCCURRENCE = "The recurrence has no occurrence."
    RECURRENCE_INVALID = "Recurrence invalid."
    WEEKLY_DAY_INVALID = "Weekly day invalid."
    OCCURRENCE_DELETED = "The occurrence was deleted from its series."
    OCCURRENCE_CROSSES_NEIGHBOUR = "An occurrence can't be moved past its neighbours in the series."
    TASK_OCCURRENCE_NOT_DELETED = "Task occurrence not deleted."
    RECIPIENT_NOT_FOUND = "Recipient not found."
    LIST_TOO_LARGE = "List too large."


class Refused(Exception):
    """One thing that was wanted can't be done, and nothing of it was.

    ``key`` is the property in question, if there is one (see :mod:`exchange_sandbox.store.schema`).
    """

    def __init__(self, problem: Problem | None, text: str | None = None, *, key: str | None = None) -> None:
        super().__init__(text or (problem.value if problem else ""))
        self.problem = problem
        self.key = key
