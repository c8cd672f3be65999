"""What a fault on purpose does inside a call of EWS (see :mod:`exchange_sandbox.faults`)."""

from __future__ import annotations

from exchange_sandbox.ews.errors import EwsError, RequestFault
from exchange_sandbox.faults import Fault

#: Kinds by which every item is refused.
_REFUSED_FOR = {"quota-exceeded": "ErrorQuotaExceeded", "send-as-denied": "ErrorSendAsDenied"}


class FaultHook:
    """What a fault does inside a call; without a fault, nothing."""

    def __init__(self, fault: Fault | None) -> None:
        self._kind = fault.kind if fault else ""
        self._value = (fault.value if fault else None) or 0
        self._number = 0
        self._breaks = False

    def break_off(self) -> None:
        """See :class:`exchange_sandbox.ews.call.Hook`."""
        self._breaks = True

    def before_item(self, number: int) -> None:
        """See :class:`exchange_sandbox.ews.call.Hook`."""
        self._number = number
        if self._kind == "store-unavailable" and number == self._value:
            raise EwsError("ErrorMailboxStoreUnavailable")
        if self._kind in _REFUSED_FOR:
            raise EwsError(_REFUSED_FOR[self._kind])

    def after_act(self, number: int) -> None:
        """See :class:`exchange_sandbox.ews.call.Hook`."""
        if self._kind == "refused-with-copy" and number == self._value:
            raise EwsError("ErrorConnectionFailed")

    def after_item(self, number: int) -> None:
        """See :class:`exchange_sandbox.ews.call.Hook`."""
        if self._breaks or (self._kind == "refused-in-batch" and number == self._value):
            raise RequestFault(
                "ErrorInternalServerError", "An internal server error occurred. The operation failed."
            )

    def reaches_nobody(self) -> bool:
        """See :class:`exchange_sandbox.ews.call.Hook`."""
        is_refused = self._kind in ("refused-in-batch", "refused-with-copy")
        return self._breaks or (is_refused and self._number == self._value)

    def on_sync(self, state: str) -> bool:
        """See :class:`exchange_sandbox.ews.call.Hook`."""
        if self._kind == "stale-sync-state":
            raise EwsError("ErrorInvalidSyncStateData")
        return self._kind == "full-resync"

    def keeps_copy(self) -> float | None:
        """See :class:`exchange_sandbox.ews.call.Hook`."""
        return self._value if self._kind == "late-sent-copy" else None

    def stays_on_page(self) -> bool:
        """See :class:`exchange_sandbox.ews.call.Hook`."""
        return self._kind == "same-page"

    def loses_draft(self) -> bool:
        """See :class:`exchange_sandbox.ews.call.Hook`."""
        return self._kind == "lost-draft"
