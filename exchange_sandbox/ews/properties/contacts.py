"""Properties of contacts and distribution lists, in schema order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews import ids
from exchange_sandbox.ews.properties import choices, kinds
from exchange_sandbox.ews.properties.common import NEVER
from exchange_sandbox.ews.properties.contact_kinds import (
    Addresses,
    CompleteName,
    Dictionary,
    Emails,
    Members,
)
from exchange_sandbox.ews.properties.prop import Prop, Reader
from exchange_sandbox.store import items
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key, by_id, by_tag

_TITLE = by_tag(0x3A45, "String")  # PidTagDisplayNamePrefix
_YOMI_FIRST, _YOMI_LAST = by_id("Address", 0x802C, "String"), by_id("Address", 0x802D, "String")


def _names(bag: dict[str, Any], *names: str) -> str:
    return " ".join(bag[name] for name in names if bag.get(name))


def _comma(last: str, rest: str) -> str:
    return ", ".join(part for part in (last, rest) if part)


def _lines(*parts: str) -> str:
    return "\r\n".join(part for part in parts if part)


def _first_names(bag: dict[str, Any]) -> str:
    return _names(bag, Key.GIVEN_NAME, Key.MIDDLE_NAME)


# how a contact is filed by each FileAsMapping (MS-OXOCNTC 2.2.1.1.11)
_FILED: dict[str, Callable[[dict[str, Any]], str]] = {
    "None": lambda bag: "",
    "LastCommaFirst": lambda bag: _comma(bag.get(Key.SURNAME, ""), _first_names(bag)),
    "FirstSpaceLast": lambda bag: _names(bag, Key.GIVEN_NAME, Key.MIDDLE_NAME, Key.SURNAME),
    "Company": lambda bag: bag.get(Key.COMPANY, ""),
    "LastCommaFirstCompany": lambda bag: _lines(_FILED["LastCommaFirst"](bag), bag.get(Key.COMPANY, "")),
    "CompanyLastFirst": lambda bag: _lines(bag.get(Key.COMPANY, ""), _FILED["LastFirst"](bag)),
    "LastFirst": lambda bag: f"{bag.get(Key.SURNAME, '')}{_first_names(bag)}",
    "LastFirstCompany": lambda bag: _lines(_FILED["LastFirst"](bag), bag.get(Key.COMPANY, "")),
    "CompanyLastCommaFirst": lambda bag: _lines(bag.get(Key.COMPANY, ""), _FILED["LastCommaFirst"](bag)),
    "LastFirstSuffix": lambda bag: _names({**bag, "_": _FILED["LastFirst"](bag)}, "_", Key.GENERATION),
    "LastSpaceFirstCompany": lambda bag: _lines(_FILED["LastSpaceFirst"](bag), bag.get(Key.COMPANY, "")),
    "CompanyLastSpaceFirst": lambda bag: _lines(bag.get(Key.COMPANY, ""), _FILED["LastSpaceFirst"](bag)),
    "LastSpaceFirst": lambda bag: _names(bag, Key.SURNAME, Key.GIVEN_NAME, Key.MIDDLE_NAME),
    "DisplayName": lambda bag: bag.get(Key.DISPLAY_NAME, ""),
    "FirstName": lambda bag: bag.get(Key.GIVEN_NAME, ""),
    "LastFirstMiddleSuffix": lambda bag: _comma(
        bag.get(Key.SURNAME, ""), _names(bag, Key.GIVEN_NAME, Key.MIDDLE_NAME, Key.GENERATION)
    ),
    "LastName": lambda bag: bag.get(Key.SURNAME, ""),
    "Empty": lambda bag: "",
}


def _text(*names: str) -> list[Prop]:
    return [Prop(name, f"contacts:{name}", kinds.Text()) for name in names]


def _unknown(*names: str) -> list[Prop]:
    return [Prop(name, f"contacts:{name}", kinds.Unknown(), NEVER, apart=True) for name in names]


def _display_name(item: Item, reader: Reader) -> str | None:
    return (
        item.bag.get(Key.DISPLAY_NAME)
        or _names(item.bag, Key.GIVEN_NAME, Key.MIDDLE_NAME, Key.SURNAME)
        or None
    )


def _file_as(item: Item, reader: Reader) -> str | None:
    """As the client said, else as the mapping makes it of the names."""
    mapping = choices.FILE_AS.shown(item.bag.get(Key.FILE_AS_MAPPING, "none"))
    return item.bag.get(Key.FILE_AS) or _FILED[mapping](item.bag) or None


def _complete_name(item: Item, reader: Reader) -> dict[str, str] | None:
    bag = item.bag
    parts = {
        "Title": bag.get(_TITLE),
        "FirstName": bag.get(Key.GIVEN_NAME),
        "MiddleName": bag.get(Key.MIDDLE_NAME),
        "LastName": bag.get(Key.SURNAME),
        "Suffix": bag.get(Key.GENERATION),
        "Initials": bag.get(Key.INITIALS),
        "FullName": _display_name(item, reader),
        "Nickname": bag.get(Key.NICKNAME),
        "YomiFirstName": bag.get(_YOMI_FIRST),
        "YomiLastName": bag.get(_YOMI_LAST),
    }
    return {part: text for part, text in parts.items() if text} or None


def members(item: Item, reader: Reader) -> list[dict[str, Any]]:
    """The members of a private list; those that are contacts with the name and address that these have."""
    return [
        {**one, **_contact(item, one, reader)} if "item" in one else one
        for one in item.bag.get(Key.MEMBERS, ())
    ]


def _contact(listing: Item, member: dict[str, Any], reader: Reader) -> dict[str, Any]:
    try:
        found = ids.decode(reader.store, member["item"])
        contact = items.get(reader.db, found.number)
    except Refused:  # it is gone, or never was: what the client said of it is all there is
        return {}
    if found.kind != ids.ITEM or contact.mailbox != listing.mailbox:
        return {}
    emails = contact.bag.get(Key.EMAILS, {})
    address = next((emails[key]["address"] for key in sorted(emails)), member["address"])
    return {"name": _display_name(contact, reader) or member["name"] or address, "address": address}


def _has_picture(item: Item, reader: Reader) -> bool:
    return any(one.get("is_contact_photo") for one in item.bag.get(Key.ATTACHMENTS, ()))


CONTACT: tuple[Prop, ...] = (
    Prop("FileAs", "contacts:FileAs", kinds.Text(), read=_file_as),
    Prop("FileAsMapping", "contacts:FileAsMapping", choices.FILE_AS),
    Prop("DisplayName", "contacts:DisplayName", kinds.Text(), shown=True, read=_display_name),
    *_text("GivenName", "Initials", "MiddleName", "Nickname"),
    Prop("CompleteName", "contacts:CompleteName", CompleteName(), NEVER, shown=True, read=_complete_name),
    *_text("CompanyName"),
    Prop(
        "EmailAddresses",
        "contacts:EmailAddresses",
        Emails(choices.EMAILS),
        shown=True,
    ),
    Prop(
        "PhysicalAddresses",
        "contacts:PhysicalAddresses",
        Addresses(choices.PLACES),
        find=False,
    ),
    Prop("PhoneNumbers", "contacts:PhoneNumbers", Dictionary(choices.PHONES), shown=True),
    *_text("AssistantName"),
    Prop("Birthday", "contacts:Birthday", kinds.Moment()),
    *_text("BusinessHomePage"),
    Prop("Children", "contacts:Children", kinds.Strings()),
    Prop("Companies", "contacts:Companies", kinds.Strings()),
    Prop("ContactSource", "contacts:ContactSource", kinds.Text(), NEVER),
    *_text("Department", "Generation"),
    Prop(
        "ImAddresses",
        "contacts:ImAddresses",
        Dictionary(choices.IM_ADDRESSES),
        shown=True,
    ),
    *_text("JobTitle", "Manager", "Mileage", "OfficeLocation"),
    Prop(
        "PostalAddressIndex",
        "contacts:PostalAddressIndex",
        choices.MAILING_ADDRESS,
        default="none",
    ),
    *_text("Profession", "SpouseName", "Surname"),
    Prop("WeddingAnniversary", "contacts:WeddingAnniversary", kinds.Moment()),
    Prop("HasPicture", "contacts:HasPicture", kinds.Boolean(), NEVER, read=_has_picture),
    *_unknown("PhoneticFullName"),
    Prop(
        "PhoneticFirstName",
        "contacts:PhoneticFirstName",
        kinds.Text(),
        NEVER,
        apart=True,
        read=lambda item, _: item.bag.get(_YOMI_FIRST),
    ),
    Prop(
        "PhoneticLastName",
        "contacts:PhoneticLastName",
        kinds.Text(),
        NEVER,
        apart=True,
        read=lambda item, _: item.bag.get(_YOMI_LAST),
    ),
    *_unknown(
        "Alias",
        "Notes",
        "Photo",
        "UserSMIMECertificate",
        "MSExchangeCertificate",
        "DirectoryId",
        "ManagerMailbox",
        "DirectReports",
    ),
)

DISTRIBUTION_LIST: tuple[Prop, ...] = (
    Prop("DisplayName", "contacts:DisplayName", kinds.Text(), shown=True),
    *_text("FileAs"),
    Prop("ContactSource", "contacts:ContactSource", kinds.Text(), NEVER),
    Prop("Members", "distributionlist:Members", Members(), find=False, append=True, read=members),
)

# what is addressed by a uri and a key: the property, and of a postal address the line
INDEXED: dict[str, tuple[str, str | None]] = {
    "contacts:EmailAddress": ("contacts:EmailAddresses", None),
    "contacts:PhoneNumber": ("contacts:PhoneNumbers", None),
    "contacts:ImAddress": ("contacts:ImAddresses", None),
    "distributionlist:Members:Member": ("distributionlist:Members", None),
    **{
        f"contacts:PhysicalAddress:{line}": ("contacts:PhysicalAddresses", kept)
        for line, kept in choices.LINES.items()
    },
}
