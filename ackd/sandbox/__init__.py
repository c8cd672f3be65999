"""The sandbox: an Exchange server (EWS) in one process, for trying out and for tests.

It imports nothing else of ackd. Start it with :class:`Sandbox`, or with ``ackd sandbox serve``.
"""

from ackd.sandbox.clock import ClockError, FileClock
from ackd.sandbox.faults import Fault, Faults
from ackd.sandbox.quirks import Quirks
from ackd.sandbox.requestlog import RequestLog, Served
from ackd.sandbox.server import Sandbox, SandboxError, deliver
from ackd.sandbox.throttle import Limits
from ackd.sandbox.workhours import Period, WorkHours

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
    "deliver",
]
