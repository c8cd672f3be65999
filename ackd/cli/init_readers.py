"""How answers at `ackd init` are read: as the configuration reads them at their keys, completed where they
can mean nothing else. Each raises Wrong, with what is likely meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
NONE = "none"


def of_key(key: str, complete: Callable[[str], str] = str.strip) -> Callable[[str], str]:
    """A reader for a text that the configuration has at a key."""

    def read(answer: str) -> str:
        from ackd.config.one_value import read_value

        text = complete(answer)
        found = read_value(key, text)
        return found if isinstance(found, str) else text

    return read


def one_of(*allowed: str) -> Callable[[str], str]:
    """A reader for one of several words."""

    def read(answer: str) -> str:
        from ackd.config.value_error import Wrong, choices, nearest

        word = answer.strip().lower()
        if word not in allowed:
            raise Wrong(allowed=choices(allowed), near=nearest(word, allowed))
        return word

    return read


def or_none(read: Callable[[str], str]) -> Callable[[str], str]:
    """The same reader, for which "none" is nothing ("")."""
    return lambda answer: "" if answer.strip().lower() in ("", NONE) else read(answer.strip())


def listed(key: str, *, may_be_empty: bool = True) -> Callable[[str], list[str]]:
    """A reader for what is listed with commas, such as domains; "none" is nothing."""

    def read(answer: str) -> list[str]:
        from ackd.config.meant import several
        from ackd.config.one_value import read_value
        from ackd.config.value_error import Wrong

        found = [] if answer.strip().lower() in ("", NONE) else several(answer)
        if not found and not may_be_empty:
            raise Wrong(allowed="at least one")
        try:
            return [str(one) for one in read_value(key, found)]
        except Wrong as wrong:
            near = ", ".join(_mended(key, found)) if wrong.near else None
            raise Wrong(wrong.detail, allowed=wrong.allowed, near=near, hide=wrong.hide) from None

    return read


def _mended(key: str, found: list[str]) -> list[str]:
    """The list with what is likely meant in place of what can't be used."""
    from ackd.config.one_value import read_value
    from ackd.config.value_error import Wrong

    mended = []
    for one in found:
        try:
            read_value(key, [one])
            mended.append(one)
        except Wrong as wrong:
            mended.append(wrong.near or one)
    return mended


def _likely(read: Callable[[str], T], meant: str) -> Callable[[str], T]:
    """The same reader, which proposes what such an answer likely means (a function of `config.meant`)."""

    def with_proposal(answer: str) -> T:
        from ackd.config import meant as meanings
        from ackd.config.value_error import Wrong

        try:
            return read(answer)
        except Wrong as wrong:
            near = getattr(meanings, meant)(answer) or wrong.near
            raise Wrong(wrong.detail, allowed=wrong.allowed, near=near, hide=wrong.hide) from None

    return with_proposal


def _completed(meant: str) -> Callable[[str], str]:
    def complete(answer: str) -> str:
        from ackd.config import meant as meanings

        return str(getattr(meanings, meant)(answer))

    return complete


def _name(answer: str) -> str:
    from ackd.config.one_value import read_value

    return str(read_value("letters.name", answer)) if answer.strip() else ""


def _file(answer: str) -> Path:
    """A file of the owner's alone; a relative path counts from here."""
    from ackd.config.field_types import Base
    from ackd.config.one_value import read_value

    return Path(read_value("mailbox.certificate", answer, Base(Path.cwd(), Path.home())))


def _week(answer: str) -> dict[str, str] | None:
    """None leaves them to the mailbox."""
    from ackd.config.hours import MAILBOX
    from ackd.config.meant import week
    from ackd.config.one_value import read_value
    from ackd.config.value_error import Wrong

    found = week(answer)
    if isinstance(found, str) and found.lower() == MAILBOX:
        return None
    try:
        read_value("promise.working_hours", found)
    except Wrong as wrong:
        allowed = "mailbox, or such as mon-thu 09:00-12:30, 13:15-17:30; fri 09:00-15:00"
        raise Wrong(wrong.detail, allowed=allowed, near=wrong.near) from None
    return found if isinstance(found, dict) else None


address = of_key("mailbox.address")
aliases = listed("mailbox.aliases")
endpoint = of_key("mailbox.endpoint", _completed("endpoint"))
auth = one_of("auto", "basic", "ntlm", "kerberos")
username = of_key("mailbox.username")
proxy = of_key("mailbox.proxy", _completed("proxy"))
keep = one_of("keyring", "file", "credential")
keep_tokens = one_of("keyring", "file")
kind = one_of("ews", "graph")
authority = of_key("mailbox.authority", _completed("authority"))
client_id = of_key("mailbox.client_id")
sign_in = one_of("browser", "device", "certificate", "secret")
certificate = _file
name = _name
names = listed("mailbox.names")
domains = listed("internal.domains", may_be_empty=False)
tenant = of_key("internal.authenticated_by_tenant")
zone = _likely(of_key("promise.time_zone"), "likely_zone")
week = _likely(_week, "likely_week")
country = _likely(or_none(of_key("promise.holidays.country", str.upper)), "likely_country")
language = _likely(of_key("letters.language", lambda answer: answer.strip().lower()), "likely_language")


def subdivision(of_country: str) -> Callable[[str], str]:
    """A reader for the part of a country, "" where no holidays are kept."""

    def read(answer: str) -> str:
        from ackd.config.days import check_subdivision
        from ackd.config.value_error import Wrong

        if not of_country:
            raise Wrong("there is none without a country", allowed=NONE)
        return check_subdivision(of_country, answer)

    return or_none(read)


#: What can be checked before any server is asked, by its option.
BY_OPTION: Mapping[str, Callable[[str], Any]] = {
    "--address": address,
    "--alias": aliases,
    "--endpoint": endpoint,
    "--auth": auth,
    "--kind": kind,
    "--authority": authority,
    "--client-id": client_id,
    "--sign-in": sign_in,
    "--certificate": certificate,
    "--username": username,
    "--proxy": proxy,
    "--keep": keep,
    "--name": name,
    "--greeted": names,
    "--domain": domains,
    "--authenticated-by-tenant": tenant,
    "--time-zone": zone,
    "--working-hours": week,
    "--country": country,
    "--language": language,
}
#: What depends on something that is known only then.
LATER = ("--subdivision", "--state")
