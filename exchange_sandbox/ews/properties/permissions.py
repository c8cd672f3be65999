"""Permissions of folders: kept as they were given and told again. They open nothing: here nobody but the
owner comes to a folder. (EWS PermissionSet; levels: MS-OXCPERM 2.2.7 as EWS names them.)
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC
from typing import Any

from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties import kinds
from exchange_sandbox.ews.xml import Element, SchemaViolation, children, listed, sub, text_of
from exchange_sandbox.store import groups, mailboxes

_FLAGS = ("CanCreateItems", "CanCreateSubFolders", "IsFolderOwner", "IsFolderVisible", "IsFolderContact")
_ACTIONS = ("EditItems", "DeleteItems")
_RIGHTS = (*_FLAGS, *_ACTIONS, "ReadItems")
_READING = ("None", "FullDetails")
_CALENDAR_READING = ("None", "TimeOnly", "TimeAndSubjectAndLocation", "FullDetails")
_T, _F = "true", "false"
_LEVELS = {
    "None": (_F, _F, _F, _F, _F, "None", "None", "None"),
    "Owner": (_T, _T, _T, _T, _T, "All", "All", "FullDetails"),
    "PublishingEditor": (_T, _T, _F, _T, _F, "All", "All", "FullDetails"),
    "Editor": (_T, _F, _F, _T, _F, "All", "All", "FullDetails"),
    "PublishingAuthor": (_T, _T, _F, _T, _F, "Owned", "Owned", "FullDetails"),
    "Author": (_T, _F, _F, _T, _F, "Owned", "Owned", "FullDetails"),
    "NoneditingAuthor": (_T, _F, _F, _T, _F, "None", "Owned", "FullDetails"),
    "Reviewer": (_F, _F, _F, _T, _F, "None", "None", "FullDetails"),
    "Contributor": (_T, _F, _F, _T, _F, "None", "None", "None"),
}
_CALENDAR_LEVELS = {
    "FreeBusyTimeOnly": (_F, _F, _F, _F, _F, "None", "None", "TimeOnly"),
    "FreeBusyTimeAndSubjectAndLocation": (_F, _F, _F, _F, _F, "None", "None", "TimeAndSubjectAndLocation"),
}
_USER = (
    "t:SID?",
    "t:PrimarySmtpAddress?",
    "t:DisplayName?",
    "t:DistinguishedUser?",
    "t:ExternalUserIdentity?",
)


def parse(element: Element) -> list[dict[str, Any]]:
    """Read a PermissionSet. Raises SchemaViolation, and ErrorInvalidPermissionSettings for a Custom level
    that does not say every right."""
    found = children(element, "t:Permissions|t:CalendarPermissions", "t:UnknownEntries?")
    calendar = "Calendar" if "CalendarPermissions" in found else ""
    listing = found[f"{calendar}Permissions"]
    return [_permission(one, calendar) for one in listed(listing, f"t:{calendar}Permission", least=0)]


def _permission(element: Element, calendar: str) -> dict[str, Any]:
    found = children(
        element, "t:UserId", *(f"t:{right}?" for right in _RIGHTS), f"t:{calendar}PermissionLevel"
    )
    levels = {**_LEVELS, **(_CALENDAR_LEVELS if calendar else {})}
    level = kinds.Choice((*levels, "Custom")).parse(found[f"{calendar}PermissionLevel"], UTC)
    reading = _CALENDAR_READING if calendar else _READING
    given = {}
    for right in _RIGHTS:
        if right in found:
            given[right] = _right(right, found[right], reading)
    if level != "Custom":
        return {
            "user": user_of(found["UserId"]),
            "level": level,
            **dict(zip(_RIGHTS, levels[level], strict=True)),
        }
    if len(given) < len(_RIGHTS):
        raise EwsError("ErrorInvalidPermissionSettings", "A Custom level needs every right to be said.")
    return {"user": user_of(found["UserId"]), "level": level, **given}


def _right(name: str, element: Element, reading: tuple[str, ...]) -> str:
    if name in _FLAGS:
        return _T if kinds.Boolean().parse(element, UTC) else _F
    return kinds.Choice(("None", "Owned", "All") if name in _ACTIONS else reading).parse(element, UTC)


def user_of(element: Element) -> dict[str, str]:
    """Read a UserId: what it names of SID, PrimarySmtpAddress, DisplayName, DistinguishedUser."""
    found = {name: text_of(one).strip() for name, one in children(element, *_USER).items()}
    if found.get("DistinguishedUser", "Default") not in ("Default", "Anonymous"):
        raise SchemaViolation("The DistinguishedUser is not known.", element)
    return found


def known_user(db: sqlite3.Connection, user: dict[str, str]) -> dict[str, str]:
    """A UserId as the directory knows it; raises ErrorInvalidUserInfo for one that names nobody."""
    if "DistinguishedUser" in user:
        return {"DistinguishedUser": user["DistinguishedUser"]}
    address = user.get("PrimarySmtpAddress", "")
    named = mailboxes.find(db, address) or groups.find(db, address)
    if named is None:
        raise EwsError("ErrorInvalidUserInfo")
    return {"PrimarySmtpAddress": named.address, "DisplayName": named.name}


def settled(db: sqlite3.Connection, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Permissions for a folder's bag: of users that there are, each once. Raises ErrorInvalidUserInfo,
    ErrorDuplicateUserIdsSpecified."""
    known = [{**one, "user": known_user(db, one["user"])} for one in given]
    users = [tuple(one["user"].values()) for one in known]
    if len(set(users)) < len(users):
        raise EwsError("ErrorDuplicateUserIdsSpecified")
    return known


def default(*, is_calendar: bool) -> list[dict[str, Any]]:
    """What a folder has on which nothing was set: others see nothing, of the calendar when one is busy."""
    level = "FreeBusyTimeOnly" if is_calendar else "None"
    rights = {**_LEVELS, **_CALENDAR_LEVELS}
    return [
        {"user": {"DistinguishedUser": user}, "level": one, **dict(zip(_RIGHTS, rights[one], strict=True))}
        for user, one in (("Default", level), ("Anonymous", "None"))
    ]


def emit(parent: Element, given: Sequence[dict[str, Any]], calendar: str) -> None:
    """Append the PermissionSet; ``calendar`` is "Calendar" for a calendar's, else empty."""
    listing = sub(sub(parent, "t:PermissionSet"), f"t:{calendar}Permissions")
    for one in given:
        box = sub(listing, f"t:{calendar}Permission")
        emit_user(box, one["user"])
        for right in _RIGHTS:
            sub(box, f"t:{right}", one[right])
        sub(box, f"t:{calendar}PermissionLevel", one["level"])


def emit_user(parent: Element, user: dict[str, str]) -> None:
    """Append a UserId."""
    box = sub(parent, "t:UserId")
    for name in ("SID", "PrimarySmtpAddress", "DisplayName", "DistinguishedUser"):
        if name in user:
            sub(box, f"t:{name}", user[name])
