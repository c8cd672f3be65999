"""Time zones by the names that programs and people have for them: IANA's, Windows' (CLDR's table of both,
https://www.unicode.org/cldr, windowsZones), Windows' display names ("(UTC+01:00) Amsterdam, Berlin, …") and
CLDR's names in other languages. The one place that knows them."""

from __future__ import annotations

import os
import re
import warnings
import zoneinfo
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from ackd.clock import SystemClock

LONGEST = 200  # characters of a name that is looked up
UNIVERSAL = "UTC"
#: Of zones that go alike the one where most people live.
_LARGE = (
    *("UTC", "Europe/London", "Europe/Berlin", "Europe/Athens", "Europe/Moscow", "Asia/Dubai"),
    *("Asia/Kolkata", "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland"),
    *("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"),
    *("America/Sao_Paulo", "Africa/Lagos", "Africa/Johannesburg"),
)
#: Names of no place, or of whatever place the machine is in.
_NO_PLACE = {"", "local", "localtime", "posixrules", "Factory"}
_ALIASES = {
    **dict.fromkeys(("utc", "gmt", "z", "etc/utc", "etc/gmt", "tzone://microsoft/utc"), UNIVERSAL),
    **dict.fromkeys(("coordinated universal time", "universal time coordinated", "greenwich"), UNIVERSAL),
}
#: What the time of a place is called for short. Those that several places use are left out: CST, IST, AST.
_SHORT = {
    **dict.fromkeys(("cest", "mez", "mesz", "hec"), "Europe/Berlin"),
    **dict.fromkeys(("bst", "wez"), "Europe/London"),
    **dict.fromkeys(("west", "wesz"), "Europe/Lisbon"),
    **dict.fromkeys(("eest", "oez", "oesz"), "Europe/Athens"),
    **dict.fromkeys(("msk",), "Europe/Moscow"),
    **dict.fromkeys(("edt", "et"), "America/New_York"),
    **dict.fromkeys(("cdt", "ct"), "America/Chicago"),
    **dict.fromkeys(("mdt", "mt"), "America/Denver"),
    **dict.fromkeys(("pst", "pdt", "pt"), "America/Los_Angeles"),
    **dict.fromkeys(("akst", "akdt"), "America/Anchorage"),
    "brt": "America/Sao_Paulo",
    "art": "America/Argentina/Buenos_Aires",
    "pkt": "Asia/Karachi",
    "jst": "Asia/Tokyo",
    "kst": "Asia/Seoul",
    "sgt": "Asia/Singapore",
    "hkt": "Asia/Hong_Kong",
    "sast": "Africa/Johannesburg",
    "wat": "Africa/Lagos",
    "eat": "Africa/Nairobi",
    "awst": "Australia/Perth",
    "acst": "Australia/Adelaide",
    **dict.fromkeys(("aest", "aedt"), "Australia/Sydney"),
    **dict.fromkeys(("nzst", "nzdt"), "Pacific/Auckland"),
}
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+−–-])\s*(\d{1,2})(?::?(\d\d))?", re.IGNORECASE)
#: Languages in which Exchange and Windows are much used.
_LANGUAGES = (
    *("en", "de", "fr", "es", "nl", "it", "pt", "pt_PT", "pl", "cs", "sk", "hu", "sv", "da", "nb", "fi"),
    *("ro", "el", "tr", "ru", "uk", "ja", "ko", "zh", "zh_Hant"),
)
#: Copies of the database: as it is, and with leap seconds, which no calendar and no mail program counts.
_COPIES = re.compile(r"(posix|right)/")
#: A rule in place of a name (POSIX, "TZ"): a name, and how far it is from UTC.
_RULE = re.compile(r"([A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)[+-]?\d.*")
_SHOWN = re.compile(r"\((?:UTC|GMT|Z)?\s*(?:([+−–-])\s*(\d{1,2})(?::?(\d\d))?)?\)\s*(.*)", re.IGNORECASE)
_SUMMER = re.compile(r"\b(daylight|summer)\b", re.IGNORECASE)
_LAWS = range(2010, 2031)
_STEP = timedelta(hours=12)
_NEAR = 14  # half days of a year in which zones that count as alike may differ: their days of change do

#: What a zone does through a year: moments, and the offset from UTC at each.
Course = Sequence[tuple[datetime, timedelta]]


@cache
def load(key: str) -> ZoneInfo | None:
    """The zone of an IANA name; None for what names no place, or none that this machine has data for."""
    key = _COPIES.sub("", key, count=1)
    if key in _NO_PLACE or len(key) > LONGEST:
        return None
    try:
        return ZoneInfo(key)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


@cache
def named(name: str) -> str | None:
    """The IANA name of the zone that a name means; None for one that isn't known or could mean several,
    such as "Customized Time Zone"."""
    text = " ".join(name[: LONGEST + 1].split())
    if not text or len(text) > LONGEST:
        return None
    return _by_id(text) or _by_id(_SUMMER.sub("Standard", text)) or _shown(text) or _spoken(text)


def city(name: str) -> str | None:
    """The zone that is named by a city, in one of our languages."""
    return _city_names().get(_key(name))


def of_time(text: str) -> str | None:
    """A place with a time that goes by a short name (CEST), or is so far from UTC outside of summer (GMT+1:
    an hour ahead, while IANA's Etc/GMT+1 is one behind); None where none is, or a name is that of several."""
    if place := _SHORT.get(_key(text)):
        return place
    found = _OFFSET.fullmatch(text)
    if found is None:
        return None
    sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0)) * (1 if sign == "+" else -1)
    from tzlocal.windows_tz import win_tz

    places = (*_LARGE, *(place for place in win_tz.values() if is_place(place)))
    return next((one for one in places if _usual(one) == offset), None)


def _usual(place: str) -> timedelta | None:
    """A place's distance from UTC, outside of summer."""
    zone, year = load(place), SystemClock().now().year
    told = [datetime(year, month, 1, 12, tzinfo=zone).utcoffset() for month in (1, 7)] if zone else []
    return min((one for one in told if one is not None), default=None)


@cache
def windows_name(key: str) -> str | None:
    """The name that Windows has for the zone of an IANA name; None where it has none."""
    from tzlocal.windows_tz import tz_win

    return tz_win.get(key) or None


def is_place(key: str | None) -> bool:
    """Whether a zone is that of a place, and no plain distance from UTC."""
    return key is not None and "/" in key and not key.startswith("Etc/")


def shown(name: str) -> str:
    """A name that a server gave, for a person to read: short, and in one line."""
    text = "".join(one if one.isprintable() else " " for one in name[:LONGEST])
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:59]}…"


def of_machine() -> ZoneInfo | None:
    """The zone of this machine as it is set now; None where none is set, or one that has no name and goes as
    no zone does (a TZ such as CET-1CEST has none). A TZ that is neither a name, nor a file of the
    database, nor a rule is none either: the clock of such a machine goes by UTC."""
    import tzlocal

    zone: tzinfo | None = None
    try:
        with warnings.catch_warnings():  # of settings that contradict each other: the clock decides
            warnings.simplefilter("ignore")
            zone = tzlocal.reload_localzone()
    except (LookupError, ValueError, OSError):  # contradicting settings, a rule in place of a name, no zone
        if machine_setting() and not _RULE.fullmatch(machine_setting()):
            return None
    if isinstance(zone, ZoneInfo) and (found := load(zone.key or "")):
        return found
    local = zone if isinstance(zone, ZoneInfo) else None
    return load(like(course(local, SystemClock().now().year)) or "")


def machine_setting() -> str:
    """The variable TZ, which says the zone of this machine where it is set."""
    return os.environ.get("TZ", "").removeprefix(":")


def course(zone: tzinfo | None, year: int) -> Course:
    """What a zone does through a year; None is the machine's own clock."""
    begin = datetime(year, 1, 1, tzinfo=UTC)
    moments = (begin + number * _STEP for number in range(2 * 364))
    return [(one, one.astimezone(zone).utcoffset() or timedelta()) for one in moments]


def differ(name: str, expected: Course) -> int:
    """In how many half days a zone goes otherwise than is expected; all of them where it isn't known."""
    zone = load(name)
    if zone is None:
        return len(expected)
    return sum(moment.astimezone(zone).utcoffset() != offset for moment, offset in expected)


def like(expected: Course, first: Iterable[str] = ()) -> str | None:
    """A zone that goes as is expected: one of those named first if one does, else that of a large city; where
    none goes so to the day, the one that comes nearest, within a week of the year; None without."""
    from tzlocal.windows_tz import win_tz

    places = (place for place in win_tz.values() if "/" in place)
    names = list(dict.fromkeys((*first, *_LARGE, *places)))
    for name in names:
        zone = load(name)
        if zone and all(moment.astimezone(zone).utcoffset() == offset for moment, offset in expected):
            return name
    nearest = min(names, key=lambda name: differ(name, expected))
    return nearest if differ(nearest, expected) <= _NEAR else None


# --- names ---------------------------------------------------------------------------------------


def _by_id(text: str) -> str | None:
    """By IANA's name or Windows', whatever the case."""
    if load(text):
        return _ALIASES.get(_key(text), text)
    return _ids().get(_key(text))


@cache
def _ids() -> dict[str, str]:
    from tzlocal.windows_tz import win_tz

    known = {_key(one): one for one in sorted(zoneinfo.available_timezones()) if load(one)}
    ids = {_key(name): place for name in win_tz if (place := _place(name))}
    return known | ids | _ALIASES


@cache
def _place(windows: str) -> str | None:
    """The zone of Windows' name: CLDR's own choice, else the first place with it that this machine knows
    (some systems leave out names such as Asia/Calcutta)."""
    from tzlocal.windows_tz import tz_win, win_tz

    others = (place for place, name in tz_win.items() if name == windows)
    return next((one for one in (win_tz.get(windows, ""), *others) if load(one)), None)


def _key(text: str) -> str:
    return text.casefold().replace("’", "'")


def _shown(text: str) -> str | None:
    """By a display name: an offset, and cities or the name of a time."""
    found = _SHOWN.fullmatch(text)
    sign, hours, minutes, words = found.groups() if found else (None, None, None, text)
    if found and not words:
        return None
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0)) if hours else timedelta()
    offset = offset if sign in (None, "+") else -offset
    windows = {windows_name(place) for place in _cities(words)} - {None}
    places = [place for name in windows if (place := _place(name or "")) and _fits(place, offset, found)]
    if len(places) == 1:
        return places[0]
    name = (_by_id(words) or _spoken(words)) if found else None
    return name if name and _fits(name, offset, found) else None


def _cities(words: str) -> Iterator[str]:
    known = _city_names()
    for one in re.split(r"\s*[,;]\s*", words):
        if place := known.get(_key(one)):
            yield place


def _fits(place: str, offset: timedelta, told: object) -> bool:
    """Whether a place's time is so far from UTC, where that is told, or was or will be by a law that the
    name's author knew."""
    zone = load(place)
    usual = (datetime(year, month, 1, 12, tzinfo=zone) for year in _LAWS for month in (1, 7))
    return told is None or any(one.utcoffset() == offset for one in usual)


@cache
def _city_names() -> dict[str, str]:
    """Cities that zones are named by, in our languages."""
    from babel import Locale
    from tzlocal.windows_tz import tz_win

    found = {_key(place.rpartition("/")[2].replace("_", " ")): place for place in tz_win if is_place(place)}
    for language in _LANGUAGES:
        for place, names in Locale.parse(language).time_zones.items():
            if "city" in names and load(place):
                found.setdefault(_key(names["city"]), place)
    return found


def _spoken(text: str) -> str | None:
    """By the name of a time in a language: "Mitteleuropäische Zeit", "Eastern Time (US & Canada)"."""
    names = _spoken_names()
    return names.get(_key(text)) or names.get(_key(re.sub(r"\s*\(.*\)$", "", text)))


@cache
def _spoken_names() -> dict[str, str]:
    from babel import Locale
    from babel.core import get_global

    places: dict[str, str] = {}
    zones = get_global("meta_zones")
    for place in (*_LARGE, *sorted(zones)):
        if place in zones and load(place):
            places.setdefault(zones[place], place)
    found: dict[str, str] = {}
    for language in _LANGUAGES:
        for meta, names in Locale.parse(language).meta_zones.items():
            for name in names.get("long", {}).values():
                if meta in places:
                    found.setdefault(_key(name), places[meta])
    return found
