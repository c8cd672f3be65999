"""Pages of a result: which part of it a client wants, and how that is said in the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import TypeVar

from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties.kinds import Integer
from exchange_sandbox.ews.xml import Element, attributes, local

LONGEST_PAGE = 1000  # Exchange gives no more in one answer, whatever is asked for

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class View:
    """Where a page begins, from which end, and how long it may be. A fraction counts of the whole."""

    offset: int = 0
    most: int = LONGEST_PAGE
    from_end: bool = False
    fraction: tuple[int, int] | None = None

    def page(self, found: Sequence[T]) -> tuple[Sequence[T], dict[str, str]]:
        """The page and the attributes that describe it."""
        total = len(found)
        offset = total * self.fraction[0] // self.fraction[1] if self.fraction else self.offset
        if self.from_end:
            stop = max(0, total - offset)
            start = max(0, stop - self.most)
            last, following = start == 0, total - start
        else:
            start = min(offset, total)
            stop = min(total, start + self.most)
            last, following = stop >= total, stop
        about = {"TotalItemsInView": str(total), "IncludesLastItemInRange": "true" if last else "false"}
        if self.fraction:
            about |= {"NumeratorOffset": str(following), "AbsoluteDenominator": str(max(total, 1))}
        else:
            about["IndexedPagingOffset"] = str(following)
        return found[start:stop], about


def read(element: Element | None) -> View:
    """Read an IndexedPage…View or FractionalPage…View; raises SchemaViolation and EwsError."""
    if element is None:
        return View()
    number = Integer()
    if local(element).startswith("Fractional"):
        values = attributes(element, ("Numerator", "Denominator"), ("MaxEntriesReturned",))
        over, under = number.constant(values["Numerator"], UTC), number.constant(values["Denominator"], UTC)
        if under < 1 or not 0 <= over <= under:
            raise EwsError("ErrorInvalidFractionalPagingParameters", "The fraction is not between 0 and 1.")
        return View(most=most(values), fraction=(over, under))
    values = attributes(
        element, ("Offset", "BasePoint"), ("MaxEntriesReturned",), {"BasePoint": ("Beginning", "End")}
    )
    offset = number.constant(values["Offset"], UTC)
    if offset < 0:
        raise EwsError("ErrorInvalidIndexedPagingParameters", "The offset is negative.")
    return View(offset, most(values), values["BasePoint"] == "End")


def most(values: dict[str, str]) -> int:
    """How many entries a page may have, by its MaxEntriesReturned; raises ErrorInvalidPagingMaxRows."""
    if "MaxEntriesReturned" not in values:
        return LONGEST_PAGE
    wanted = Integer().constant(values["MaxEntriesReturned"], UTC)
    if wanted < 1:
        raise EwsError("ErrorInvalidPagingMaxRows", "A page holds at least one entry.")
    return min(wanted, LONGEST_PAGE)
