"""EWS's words for those of the store (:mod:`exchange_sandbox.store.schema`): the place where both meet."""

from __future__ import annotations

import re

from exchange_sandbox.ews.properties.kinds import Choice, Word
from exchange_sandbox.store.schema import (
    BusyStatus,
    FlagStatus,
    Importance,
    OccurrenceType,
    RequestType,
    Response,
    Sensitivity,
    TaskStatus,
)


def snake(word: str) -> str:
    """A word of EWS as the store writes words: ``BusinessPhone2`` is business_phone2."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", word).lower()


def snakes(*words: str) -> dict[str, str]:
    """Words of EWS, with the store's for each."""
    return {word: snake(word) for word in words}


IMPORTANCE = Choice(("Low", "Normal", "High"), tuple(Importance))
SENSITIVITY = Choice(("Normal", "Personal", "Private", "Confidential"), tuple(Sensitivity))
FLAG_STATUS = Choice(("NotFlagged", "Flagged", "Complete"), tuple(FlagStatus))
TASK_STATUS = Choice(
    ("NotStarted", "InProgress", "Completed", "WaitingOnOthers", "Deferred"), tuple(TaskStatus)
)
BUSY_STATUS = Choice(("Free", "Tentative", "Busy", "OOF", "WorkingElsewhere", "NoData"), tuple(BusyStatus))
RESPONSE = Word(
    ("Unknown", "Organizer", "Tentative", "Accept", "Decline", "NoResponseReceived"), tuple(Response)
)
REQUEST_TYPE = Word(
    ("None", "NewMeetingRequest", "FullUpdate", "InformationalUpdate", "Outdated"), tuple(RequestType)
)
OCCURRENCE_TYPE = Word(("Single", "Occurrence", "Exception", "RecurringMaster"), tuple(OccurrenceType))
FILE_AS = Choice.of(
    snakes(
        "None", "LastCommaFirst", "FirstSpaceLast", "Company", "LastCommaFirstCompany", "CompanyLastFirst",
        "LastFirst", "LastFirstCompany", "CompanyLastCommaFirst", "LastFirstSuffix", "LastSpaceFirstCompany",
        "CompanyLastSpaceFirst", "LastSpaceFirst", "DisplayName", "FirstName", "LastFirstMiddleSuffix",
        "LastName", "Empty",
    )
)  # fmt: skip
MAILING_ADDRESS = Choice.of(snakes("None", "Business", "Home", "Other"))
MAILBOX_TYPE = Choice.of(
    {
        **snakes("Unknown", "OneOff", "Mailbox", "PublicDL", "PrivateDL", "Contact", "PublicFolder"),
        **snakes("GroupMailbox", "ImplicitContact", "User"),
    }
)
OOF_STATE = Choice.of(snakes("Disabled", "Enabled", "Scheduled"))
OOF_AUDIENCE = Choice.of(snakes("None", "Known", "All"))
MEMBER_STATUS = Choice.of(snakes("Unrecognized", "Normal", "Demoted"))

# the entries of a contact's dictionaries
EMAILS = {f"EmailAddress{number}": str(number) for number in (1, 2, 3)}
IM_ADDRESSES = {f"ImAddress{number}": str(number) for number in (1, 2, 3)}
PLACES = snakes("Home", "Business", "Other")
LINES = {**snakes("Street", "City", "State"), "CountryOrRegion": "country", "PostalCode": "postal_code"}
PHONES = snakes(
    "AssistantPhone", "BusinessFax", "BusinessPhone", "BusinessPhone2", "Callback", "CarPhone",
    "CompanyMainPhone", "HomeFax", "HomePhone", "HomePhone2", "Isdn", "MobilePhone", "OtherFax",
    "OtherTelephone", "Pager", "PrimaryPhone", "RadioPhone", "Telex", "TtyTddPhone",
)  # fmt: skip
