"""The frozen values that flow through ackd, from a mail to the promise it led to.

Every moment is an aware datetime. Addresses compare by `Address.key`. Nothing here does I/O.
"""

from ackd.model.mail import (
    Address,
    Audience,
    Facts,
    Importance,
    Mail,
    Owner,
    Request,
    Sensitivity,
    Thread,
    Urgency,
)
from ackd.model.mailbox import (
    Appointment,
    Changes,
    Done,
    Letter,
    MailboxReport,
    Outcome,
    Place,
    Refused,
    SeenTask,
    SentMail,
    Task,
    Unknown,
)
from ackd.model.promise import Effect, EffectKind, EffectState, Promise, PromiseState, Question, token_of
from ackd.model.record import Decision, Judged, Lease, Pending, Summary
from ackd.model.settings import Duration, Mode, OwnerSettings, Unit, WorkingHours
from ackd.model.verdict import Evidence, Finding, Verdict, Veto

__all__ = [
    "Address",
    "Appointment",
    "Audience",
    "Changes",
    "Decision",
    "Done",
    "Duration",
    "Effect",
    "EffectKind",
    "EffectState",
    "Evidence",
    "Facts",
    "Finding",
    "Importance",
    "Judged",
    "Lease",
    "Letter",
    "Mail",
    "MailboxReport",
    "Mode",
    "Outcome",
    "Owner",
    "OwnerSettings",
    "Pending",
    "Place",
    "Promise",
    "PromiseState",
    "Question",
    "Refused",
    "Request",
    "SeenTask",
    "Sensitivity",
    "SentMail",
    "Summary",
    "Task",
    "Thread",
    "Unit",
    "Unknown",
    "Urgency",
    "Verdict",
    "Veto",
    "WorkingHours",
    "token_of",
]
