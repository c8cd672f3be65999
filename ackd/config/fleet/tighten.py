"""What the administrator fixed, against what an owner wants: the stricter counts. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ackd.config.fleet.schema import Fixed
from ackd.config.schema import Config, Internal, Limits
from ackd.model import Mode

#: From the mode that does least on.
_MODES = (Mode.PREVIEW, Mode.DRAFT, Mode.SEND)
#: Of limits those of which the lower number is stricter.
_COUNTS = ("per_sender_per_day", "per_hour", "per_day")
#: Of `internal` whom it lets in, and whom it keeps out.
_LETS_IN = ("domains", "addresses", "groups")
_KEEPS_OUT = ("except_", "system_senders")


def tightened(config: Config, fixed: Fixed) -> tuple[Config, tuple[str, ...]]:
    """The configuration as the administrator allows it, and in words what it asks for in vain."""
    notes: list[str] = []
    update: dict[str, Any] = {}
    if fixed.mode is not None and _MODES.index(config.mode) > _MODES.index(fixed.mode):
        notes.append(
            f"mode: {config.mode.value} is more than the administrator allows: {fixed.mode.value} counts"
        )
        update["mode"] = fixed.mode
    if fixed.limits is not None:
        update["limits"] = config.limits.model_copy(update=dict(_limits(config.limits, fixed.limits, notes)))
    if fixed.internal is not None:
        changed = dict(_internal(config.internal, fixed.internal, notes))
        update["internal"] = config.internal.model_copy(update=changed)
    return config.model_copy(update=update), tuple(notes)


def _limits(own: Limits, fixed: Limits, notes: list[str]) -> Iterator[tuple[str, Any]]:
    said = fixed.model_fields_set
    for key in _COUNTS:
        most, wanted = getattr(fixed, key), getattr(own, key)
        if key in said and wanted > most:
            if key in own.model_fields_set:
                notes.append(f"limits, {key}: {wanted} is more than the administrator allows: {most} counts")
            yield key, most
    key = "one_per_sender_within"
    if key in said and own.one_per_sender_within.elapsed < fixed.one_per_sender_within.elapsed:
        if key in own.model_fields_set:
            words = f"{own.one_per_sender_within} is less than the administrator asks for"
            notes.append(f"limits, {key}: {words}: {fixed.one_per_sender_within} counts")
        yield key, fixed.one_per_sender_within
    if "over" in said and own.over is not fixed.over:
        if "over" in own.model_fields_set:
            notes.append(f"limits, over: the administrator says {fixed.over.value}")
        yield "over", fixed.over


def _internal(own: Internal, fixed: Internal, notes: list[str]) -> Iterator[tuple[str, Any]]:
    """Who may come in is fixed as a whole, by whichever way: an owner may leave some out."""
    said = fixed.model_fields_set
    fixes_people = not said.isdisjoint(_LETS_IN)
    for key in _LETS_IN if fixes_people else ():
        allowed, wanted = getattr(fixed, key), getattr(own, key)
        kept = tuple(one for one in wanted if one in allowed) if key in own.model_fields_set else allowed
        if len(kept) < len(wanted) and key in own.model_fields_set:
            left = ", ".join(one for one in wanted if one not in allowed)
            notes.append(
                f"internal, {key}: not among those whom the administrator names, and left out: {left}"
            )
        yield key, kept
    for key in _KEEPS_OUT:
        yield key, tuple(dict.fromkeys((*getattr(fixed, key), *getattr(own, key))))
    if fixed.require_authenticated and not own.require_authenticated:
        notes.append("internal, require_authenticated: the administrator says true")
        yield "require_authenticated", True
    if "authenticated_by" in said:
        yield "authenticated_by", fixed.authenticated_by
    if "authenticated_by_tenant" in said:
        yield "authenticated_by_tenant", fixed.authenticated_by_tenant
    elif own.authenticated_by_tenant:
        notes.append("internal, authenticated_by_tenant: what proves a sender is the administrator's to say")
        yield "authenticated_by_tenant", None
