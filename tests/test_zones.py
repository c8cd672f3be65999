"""Names of time zones, and the machine's own zone."""

from __future__ import annotations

import importlib
import os
import sys
import time
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from babel.core import get_global
from exchangelib import EWSTimeZone
from exchangelib.winzone import MS_TIMEZONE_TO_IANA_MAP

from ackd import zones
from ackd.clock import in_zone
from ackd.config.days import read_zone
from ackd.config.meant import likely_zone
from ackd.config.value_error import Wrong
from ackd.engine.owner_settings import Wanted, assumed
from ackd.model import OwnerSettings

BERLIN = "Europe/Berlin"
#: What TZ may be set to and is no zone: folders of the database and of the machine, other files, rubbish.
NO_ZONES = (
    *("Europe", "America/Argentina", "posix", "posix/Europe", "right/Europe", "__pycache__", "Europe/"),
    *("/", ".", "..", "/usr/share/zoneinfo", "/usr/share/zoneinfo/Europe", ":Europe", "::"),
    *("/etc/passwd", "../../etc/passwd", "../../../etc/passwd", "/dev/null", "zone.tab", "__init__.py"),
    *("a" * 300, "a" * 5000, "\udcff\udcfe", "a\nb", "%s", "CEST", "nosuch", "Europa/Berlín"),
)


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("W. Europe Standard Time", BERLIN),
        ("w. europe standard time", BERLIN),
        (" W. Europe  Standard Time\n", BERLIN),
        ("W. Europe Daylight Time", BERLIN),  # what Windows calls it in summer
        ("Central Standard Time (Mexico)", "America/Mexico_City"),
        ("Europe/Vienna", "Europe/Vienna"),
        ("europe/vienna", "Europe/Vienna"),
        ("tzone://Microsoft/Utc", "UTC"),
        ("Etc/GMT", "UTC"),
        ("UTC-11", "Etc/GMT+11"),
        ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", BERLIN),
        ("(UTC+01:00) Amsterdam, Berlin, Bern, Rom, Stockholm, Wien", BERLIN),
        ("(UTC+01:00) Amsterdam, Berlijn, Bern, Rome, Stockholm, Wenen", BERLIN),
        ("(GMT+01:00) Brussels, Copenhagen, Madrid, Paris", "Europe/Paris"),
        ("(UTC) Dublin, Edinburgh, Lisbon, London", "Europe/London"),
        ("(UTC+00:00) Dublin, Édimbourg, Lisbonne, Londres", "Europe/London"),
        ("(UTC-05:00) Eastern Time (US & Canada)", "America/New_York"),
        ("(UTC) Coordinated Universal Time", "UTC"),
        ("Mitteleuropäische Zeit", BERLIN),
        ("heure d'Europe centrale", BERLIN),
        ("Hora estándar de Europa central", BERLIN),
        ("Ora standard dell’Europa centrale", BERLIN),
        ("Midden-Europese standaardtijd", BERLIN),
        ("中央ヨーロッパ標準時", BERLIN),
        ("Nordamerikanische Ostküstenzeit", "America/New_York"),
        *((name, None) for name in ("", " ", "Customized Time Zone", "tzone://Microsoft/Custom")),
        *((name, None) for name in ("(UTC+01:00) Nowhere", "(UTC+01:00)", "(UTC+05:00) Berlin")),
        *((name, None) for name in ("(UTC+99:99) Berlin", "../../etc/passwd", "/etc/localtime", "a/b\0c")),
        *((name, None) for name in ("x" * 500, "localtime", "Factory", "Paris, Tokyo", "Mars/Base")),
    ],
)
def test_names(name: str, zone: str | None) -> None:
    assert zones.named(name) == zone


def test_every_zone_of_windows_is_known_and_leads_back() -> None:
    """By the tables of others, which are made of CLDR's as well."""
    others = get_global("windows_zone_mapping") | MS_TIMEZONE_TO_IANA_MAP
    assert len(others) > 140
    for name, place in others.items():
        found = zones.named(name)
        assert found
        now = datetime(2026, 11, 23, tzinfo=UTC).astimezone(ZoneInfo(place))
        assert zones.differ(found, zones.course(now.tzinfo, 2026)) == 0, name
        if name != "tzone://Microsoft/Utc":
            assert zones.windows_name(found) == name


def test_every_zone_that_may_be_configured_can_be_written() -> None:
    """A zone that isn't known to a library would end in an error when something is written."""
    for name in zoneinfo.available_timezones() - {"localtime", "posixrules", "Factory"}:
        zone = read_zone(name)
        assert isinstance(zone, ZoneInfo)
        EWSTimeZone.from_timezone(zone)
        assert zones.named(name)
    assert zones.windows_name("Europe/Vienna") == "W. Europe Standard Time"


def test_a_place_whose_name_a_system_leaves_out_is_found_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    real = zones.load

    def lacks(key: str) -> ZoneInfo | None:
        return None if key == "Asia/Calcutta" else real(key)

    monkeypatch.setattr(zones, "load", lacks)
    zones._place.cache_clear()
    assert zones._place("India Standard Time") == "Asia/Kolkata"
    zones._place.cache_clear()


@pytest.mark.parametrize("name", ["W. Europe Standard Time", "Mitteleuropäische Zeit", "europe/berlin"])
def test_a_name_of_others_in_the_configuration_is_answered_by_iana_s(name: str) -> None:
    with pytest.raises(Wrong) as wrong:
        read_zone(name)
    assert wrong.value.near == likely_zone(name) == BERLIN


@pytest.mark.parametrize("name", ["localtime", "Factory", "posixrules"])
def test_a_zone_of_no_place_is_none(name: str) -> None:
    with pytest.raises(Wrong):
        read_zone(name)


def test_a_name_is_shown_in_one_short_line() -> None:
    assert zones.shown("\x1b[31mMars\nBase\0") == "[31mMars Base"
    assert len(zones.shown("x" * 500)) == 60


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    yield monkeypatch
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("variable", "zone"),
    [
        ("Asia/Tokyo", "Asia/Tokyo"),
        (":Asia/Tokyo", "Asia/Tokyo"),
        ("/usr/share/zoneinfo/Asia/Tokyo", "Asia/Tokyo"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", BERLIN),  # a rule without a name: a zone that goes alike
        ("JST-9", "Asia/Tokyo"),
        ("XXX-7:17", None),
        ("posix/Asia/Tokyo", "Asia/Tokyo"),
        ("right/Asia/Tokyo", "Asia/Tokyo"),  # with leap seconds, which nobody's mail counts
        ("UTC0", "UTC"),
        *((one, None) for one in NO_ZONES),
    ],
)
def test_the_machine_s_zone(machine: pytest.MonkeyPatch, variable: str, zone: str | None) -> None:
    machine.setenv("TZ", variable)
    time.tzset()
    found = zones.of_machine()
    assert (found and found.key) == zone


@pytest.mark.parametrize("variable", NO_ZONES)
def test_a_machine_without_a_zone_is_served_in_utc(machine: pytest.MonkeyPatch, variable: str) -> None:
    """Babel asks for the machine's zone when it is loaded."""
    for name in ("ackd.babel_dates", "babel.dates", "babel.localtime"):
        machine.delitem(sys.modules, name, raising=False)
    machine.setenv("TZ", variable)
    time.tzset()
    dates = importlib.import_module("ackd.babel_dates")
    assert dates.format_datetime(datetime(2026, 11, 23, 9, tzinfo=UTC), "HH:mm", locale="de") == "09:00"
    assert os.environ["TZ"] == variable
    told = next(assumed(Wanted(), OwnerSettings()))
    assert told.startswith("time zone UTC, since this machine")
    assert "set `promise.time_zone`" in told
    assert told.isprintable()
    assert len(told) < 150
    assert in_zone("2026-11-23T09:00:00+00:00") == "2026-11-23 09:00 UTC"


def test_the_machine_s_zone_is_looked_for_anew(machine: pytest.MonkeyPatch) -> None:
    """A laptop travels while ackd runs."""
    for name in ("Europe/Berlin", "America/New_York"):
        machine.setenv("TZ", name)
        time.tzset()
        found = zones.of_machine()
        assert found is not None
        assert found.key == name


@pytest.mark.parametrize(
    ("written", "near"),
    [
        *(
            (one, BERLIN)
            for one in ("CEST", "mesz", "GMT+1", "UTC+01:00", "utc +1", "+0100", "Berlni", "Europa/Berlin")
        ),
        ("UTC-5", "America/New_York"),
        ("GMT−3", "America/Sao_Paulo"),
        ("UTC+5:30", "Asia/Kolkata"),
        ("UTC+14", "Pacific/Kiritimati"),
        ("West", "Europe/Lisbon"),
        ("PST", "America/Los_Angeles"),
        ("Wien", "Europe/Vienna"),
        ("Asia/Tokio", "Asia/Tokyo"),
        ("New York", "America/New_York"),
        ("Mailbox", "mailbox"),
        *(
            (one, None)
            for one in ("IST", "CST", "GMT+25", "UTC+99", "UTC+1:17", "Westeuropa", "Osteuropa", "Europe")
        ),
        *(
            (one, None)
            for one in ("localtime", "Factory", "posixrules", "local", "here", "auto", "system", "xyz")
        ),
        *((one, None) for one in ("Deutschland", "Europe/Munich", "Munich", "a" * 5000, "", "+", "Ostern")),
    ],
)
def test_only_a_zone_that_may_be_meant_is_proposed(written: str, near: str | None) -> None:
    """One that is spelled alike lies anywhere."""
    with pytest.raises(Wrong) as wrong:
        read_zone(written)
    assert wrong.value.near == near
    assert near is None or read_zone(near)
