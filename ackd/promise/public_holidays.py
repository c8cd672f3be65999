"""Public holidays and extra days without work, by date."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from functools import cache


@dataclass(frozen=True, slots=True)
class Holidays:
    """The public holidays of a country (ISO 3166-1) or a subdivision of it (ISO 3166-2 without
    the country), and extra dates. Called with a date it says whether that is a day off.

    Raises ValueError when built for a country or subdivision that isn't known.
    """

    country: str | None = None
    subdivision: str | None = None
    extra: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        _public(self.country, self.subdivision)

    def __call__(self, day: date) -> bool:
        return day in self.extra or day in _public(self.country, self.subdivision)


@cache
def _public(country: str | None, subdivision: str | None) -> Container[date]:
    if country is None:
        return frozenset()
    import holidays  # imported late: 11 MB, and an owner may do without

    try:
        return holidays.country_holidays(country, subdiv=subdivision)
    except NotImplementedError:
        known = holidays.list_supported_countries()
        if country not in known:
            raise ValueError(
                f"no holidays are known for the country {country!r}: use its ISO 3166-1 code"
            ) from None
        raise ValueError(
            f"no holidays are known for {subdivision!r} in {country}: use one of {', '.join(known[country])}"
        ) from None
