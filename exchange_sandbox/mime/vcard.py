"""A contact as a vCard (RFC 2426), as Exchange gives it for a contact's MIME (MS-OXVCARD)."""

from __future__ import annotations

from typing import Any

from exchange_sandbox.store.schema import Key

_PHONES = {
    "business_phone": "WORK",
    "business_phone2": "WORK",
    "home_phone": "HOME",
    "home_phone2": "HOME",
    "mobile_phone": "CELL",
    "business_fax": "FAX,WORK",
    "home_fax": "FAX,HOME",
    "pager": "PAGER",
    "car_phone": "CAR",
    "isdn": "ISDN",
    "primary_phone": "PREF",
    "other_telephone": "VOICE",
}
_PLACES = {"business": "WORK", "home": "HOME", "other": "POSTAL"}
_LONGEST = 75  # octets of a line, RFC 2426 2.6


def write(bag: dict[str, Any], note: str) -> bytes:
    """The card of a contact; ``note`` is its body."""
    name = [bag.get(part, "") for part in (Key.SURNAME, Key.GIVEN_NAME, Key.MIDDLE_NAME, "", Key.GENERATION)]
    shown = bag.get(Key.DISPLAY_NAME) or " ".join(part for part in (name[1], name[2], name[0]) if part)
    lines = [
        ("PROFILE", "VCARD"),
        ("VERSION", "3.0"),
        ("MAILER", "Microsoft Exchange"),
        ("PRODID", "Microsoft Exchange"),
        ("FN", _escaped(shown)),
        ("N", _compound(name)),
        *_texts(bag),
        *_places(bag),
    ]
    if bag.get(Key.CATEGORIES):
        lines.append(("CATEGORIES", ",".join(_escaped(one) for one in bag[Key.CATEGORIES])))
    if note:
        lines.append(("NOTE", _escaped(note)))
    content = [f"{key}:{value}" for key, value in lines]
    whole = ["BEGIN:VCARD", *content, "END:VCARD"]
    return b"".join(_folded(line.encode("utf-8", "replace")) for line in whole)


def _texts(bag: dict[str, Any]) -> list[tuple[str, str]]:
    by_name = {
        "NICKNAME": bag.get(Key.NICKNAME),
        "ORG": _compound([bag.get(Key.COMPANY, ""), bag.get(Key.DEPARTMENT, "")]),
        "TITLE": bag.get(Key.JOB_TITLE),
        "ROLE": bag.get(Key.PROFESSION),
        "URL;TYPE=WORK": bag.get(Key.HOME_PAGE),
        "BDAY;VALUE=DATE": bag.get(Key.BIRTHDAY, "")[:10],
        "REV;VALUE=DATE-TIME": bag.get(Key.MODIFIED, "")[:19],
    }
    found = [
        (key, value if key in ("ORG",) else _escaped(value))
        for key, value in by_name.items()
        if value and value != ";"
    ]
    emails = [_escaped(one["address"]) for _, one in sorted(_entries(bag, Key.EMAILS))]
    found += [("EMAIL;TYPE=INTERNET", one) for one in emails]
    phones = _entries(bag, Key.PHONES)
    found += [(f"TEL;TYPE={_PHONES[key]}", _escaped(one)) for key, one in phones if key in _PHONES]
    return [
        *found,
        *(("X-MS-IMADDRESS", _escaped(one)) for _, one in sorted(_entries(bag, Key.IM_ADDRESSES))),
    ]


def _entries(bag: dict[str, Any], name: str) -> list[tuple[str, Any]]:
    return list(bag.get(name, {}).items())


def _places(bag: dict[str, Any]) -> list[tuple[str, str]]:
    order = ("", "", "street", "city", "state", "postal_code", "country")
    return [
        (f"ADR;TYPE={_PLACES[key]}", _compound([lines.get(part, "") for part in order]))
        for key, lines in _entries(bag, Key.POSTAL_ADDRESSES)
    ]


def _compound(parts: list[str]) -> str:
    return ";".join(_escaped(part) for part in parts)


def _escaped(text: str) -> str:
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(line: bytes) -> bytes:
    """A line of at most 75 octets, continued after a space; no character is torn apart."""
    found = []
    start = 0
    while len(line) - start > _LONGEST:
        end = start + _LONGEST - (start > 0)
        while line[end] & 0xC0 == 0x80:
            end -= 1
        found.append(line[start:end])
        start = end
    return b"\r\n ".join([*found, line[start:]]) + b"\r\n"
