"""A contact as a vCard (RFC 2426), as Exchange gives it for a contact's MIME (MS-OXVCARD)."""

from __future__ import annotations

from typing import Any

_PHONES = {
    "BusinessPhone": "WORK",
    "BusinessPhone2": "WORK",
    "HomePhone": "HOME",
    "HomePhone2": "HOME",
    "MobilePhone": "CELL",
    "BusinessFax": "FAX,WORK",
    "HomeFax": "FAX,HOME",
    "Pager": "PAGER",
    "CarPhone": "CAR",
    "Isdn": "ISDN",
    "PrimaryPhone": "PREF",
    "OtherTelephone": "VOICE",
}
_PLACES = {"Business": "WORK", "Home": "HOME", "Other": "POSTAL"}
_LONGEST = 75  # octets of a line, RFC 2426 2.6


def write(bag: dict[str, Any], note: str) -> bytes:
    """The card of a contact; ``note`` is its body."""
    name = [bag.get(part, "") for part in ("Surname", "GivenName", "MiddleName", "", "Generation")]
    shown = bag.get("DisplayName") or " ".join(part for part in (name[1], name[2], name[0]) if part)
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
    if bag.get("Categories"):
        lines.append(("CATEGORIES", ",".join(_escaped(one) for one in bag["Categories"])))
    if note:
        lines.append(("NOTE", _escaped(note)))
    content = [f"{key}:{value}" for key, value in lines]
    whole = ["BEGIN:VCARD", *content, "END:VCARD"]
    return b"".join(_folded(line.encode("utf-8", "replace")) for line in whole)


def _texts(bag: dict[str, Any]) -> list[tuple[str, str]]:
    by_name = {
        "NICKNAME": bag.get("Nickname"),
        "ORG": _compound([bag.get("CompanyName", ""), bag.get("Department", "")]),
        "TITLE": bag.get("JobTitle"),
        "ROLE": bag.get("Profession"),
        "URL;TYPE=WORK": bag.get("BusinessHomePage"),
        "BDAY;VALUE=DATE": bag.get("Birthday", "")[:10],
        "REV;VALUE=DATE-TIME": bag.get("LastModifiedTime", "")[:19],
    }
    found = [
        (key, value if key in ("ORG",) else _escaped(value))
        for key, value in by_name.items()
        if value and value != ";"
    ]
    emails = [_escaped(one["address"]) for _, one in sorted(_entries(bag, "EmailAddresses"))]
    found += [("EMAIL;TYPE=INTERNET", one) for one in emails]
    phones = _entries(bag, "PhoneNumbers")
    found += [(f"TEL;TYPE={_PHONES[key]}", _escaped(one)) for key, one in phones if key in _PHONES]
    return [*found, *(("X-MS-IMADDRESS", _escaped(one)) for _, one in sorted(_entries(bag, "ImAddresses")))]


def _entries(bag: dict[str, Any], name: str) -> list[tuple[str, Any]]:
    return list(bag.get(name, {}).items())


def _places(bag: dict[str, Any]) -> list[tuple[str, str]]:
    order = ("", "", "Street", "City", "State", "PostalCode", "CountryOrRegion")
    return [
        (f"ADR;TYPE={_PLACES[key]}", _compound([lines.get(part, "") for part in order]))
        for key, lines in _entries(bag, "PhysicalAddresses")
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
