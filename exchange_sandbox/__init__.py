"""The sandbox: an Exchange server (EWS and Graph) in one process, for trying out and for tests.

It imports nothing else of ackd. Start it with :class:`Sandbox`, or with ``ackd sandbox serve``.
"""

from exchange_sandbox.calendar.workhours import Period, WorkHours
from exchange_sandbox.clock import ClockError, FileClock
from exchange_sandbox.faults import Fault, Faults
from exchange_sandbox.quirks import Quirks
from exchange_sandbox.server.request_log import RequestLog, Served
from exchange_sandbox.server.server import Sandbox, SandboxError, consent, deliver
from exchange_sandbox.server.throttle import Limits

__all__ = [
    "ClockError",
    "Fault",
    "Faults",
    "FileClock",
    "Limits",
    "Period",
    "Quirks",
    "RequestLog",
    "Sandbox",
    "SandboxError",
    "Served",
    "WorkHours",
    "consent",
    "deliver",
]
