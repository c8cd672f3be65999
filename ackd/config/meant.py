"""What a person means who answers in other words than the configuration's: "mail.corp.example" for an
address, "Germany" for DE, "9-5" for hours. Pure.

What is completed can mean nothing else; what is only likely is proposed, and a person says yes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from urllib.parse import urlsplit

from ackd import zones
from ackd.config.addresses import AUTODISCOVER, DIRECT, GRAPH
from ackd.config.schema.base import LANGUAGES
from ackd.text.languages import every_line

EWS_PATH = "/EWS/Exchange.asmx"
AUTHORITY = "https://login.microsoftonline.com"
_GRAPH_HOST = urlsplit(GRAPH).netloc
_HOST = re.compile(r"[\w-]+(\.[\w-]+)+(:\d{1,5})?|localhost(:\d{1,5})?", re.IGNORECASE)
_TENANT = re.compile(r"[\w-]+(\.[\w-]+)*", re.IGNORECASE)
_DAYS = "mon-fri"


def endpoint(text: str) -> str:
    """The address of a server of which the host is given alone, or without its path."""
    text = text.strip()
    if text.lower() == AUTODISCOVER:
        return AUTODISCOVER
    host = text.partition("/")[0]
    whole = f"https://{text}" if _HOST.fullmatch(host) else text
    url = urlsplit(whole)
    if url.scheme not in ("http", "https") or url.path.strip("/") or url.query:
        return whole
    if url.netloc.lower() == _GRAPH_HOST:
        return GRAPH
    return f"{url.scheme}://{url.netloc}{EWS_PATH}"


def proxy(text: str) -> str:
    """The address of a proxy of which the host is given alone."""
    text = text.strip()
    return text if text.lower() == DIRECT or "://" in text else f"http://{text}"


def authority(text: str) -> str:
    """The authority of a tenant of which the domain or the id is given."""
    text = text.strip()
    return f"{AUTHORITY}/{text}" if _TENANT.fullmatch(text) else text


def several(text: str) -> list[str]:
    """What is listed with commas (or semicolons)."""
    return [one.strip() for one in re.split(r"[,;]", text) if one.strip()]


def week(text: str) -> dict[str, str] | str:
    """Working hours as the configuration has them, of "mon-thu 09:00-17:00; fri 09:00-15:00"; what isn't
    written so stays a text."""
    parts = [part.strip() for part in text.split(";") if part.strip()]
    named = [part.partition(" ") for part in parts]
    if not named or not all(days[:1].isalpha() and spans.strip() for days, _, spans in named):
        return text.strip()
    return {days.rstrip(":"): spans.strip() for days, _, spans in named}


def likely_week(text: str) -> str | None:
    """What hours without days mean: Monday to Friday, and an end before the beginning is in the afternoon."""
    found = _span().fullmatch(text.strip())
    if found is None:
        return None
    first, second = _minutes(*found.groups()[:3]), _minutes(*found.groups()[3:])
    if first is None or second is None:
        return None
    second += 12 * 60 if second <= first and second <= 12 * 60 else 0
    return f"{_DAYS} {_clock(first)}-{_clock(second)}" if first < second <= 24 * 60 else None


@cache
def _span() -> re.Pattern[str]:
    between, units = (
        "|".join(map(re.escape, every_line(one, "temporal"))) for one in ("range", "clock_units")
    )
    hour = rf"(\d{{1,2}})(?:[:.h](\d{{2}}))?\s*(am|pm|a\.m\.|p\.m\.|{units})?"
    return re.compile(rf"{hour}\s*(?:-|–|{between})\s*{hour}\.?", re.IGNORECASE)


def _minutes(hour: str, minute: str | None, half: str | None) -> int | None:
    hours = int(hour)
    is_half = (half or "").lower().replace(".", "") in ("am", "pm")
    if hours > (12 if is_half else 24) or int(minute or 0) > 59:
        return None
    if is_half:
        hours = hours % 12 + (12 if (half or "").lower().startswith("p") else 0)
    return hours * 60 + int(minute or 0)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def likely_zone(text: str) -> str | None:
    """The zone of a name that Windows or a language has for it, or of a country that has one alone."""
    from babel.core import get_global

    if found := zones.named(text):
        return found
    country = likely_country(text)
    own = [zone for zone, land in get_global("zone_territories").items() if land == country]
    return own[0] if country and len(own) == 1 else None


def likely_country(text: str) -> str | None:
    """The two letters of a country by its name in one of our languages."""
    return _countries().get(text.strip().casefold())


def likely_language(text: str) -> str | None:
    """The code of a language by its name in one of our languages, or in itself."""
    return _languages().get(text.strip().casefold())


@cache
def _countries() -> dict[str, str]:
    return _named("territories", lambda code: len(code) == 2 and code.isalpha())


@cache
def _languages() -> dict[str, str]:
    return _named("languages", lambda code: code in LANGUAGES)


def _named(what: str, is_wanted: Callable[[str], bool]) -> dict[str, str]:
    from babel import Locale

    found: dict[str, str] = {}
    for language in LANGUAGES:
        for code, name in getattr(Locale(language), what).items():
            if is_wanted(code):
                found.setdefault(str(name).casefold(), str(code))
    return found
