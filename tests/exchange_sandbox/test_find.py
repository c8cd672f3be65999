"""FindItem: restrictions, pages and orders."""

from __future__ import annotations

import pytest

from exchange_sandbox import Sandbox

from .conftest import ALICE, Time
from .test_items import MINE, saved
from .wire import Got, Wire, extended, message


def path(uri: str) -> str:
    return uri if uri.startswith("<") else f'<t:FieldURI FieldURI="{uri}"/>'


def compare(name: str, uri: str, value: str) -> str:
    constant = f'<t:FieldURIOrConstant><t:Constant Value="{value}"/></t:FieldURIOrConstant>'
    return f"<t:{name}>{path(uri)}{constant}</t:{name}>"


def contains(uri: str, value: str, mode: str = "Substring", how: str = "IgnoreCase") -> str:
    return (
        f'<t:Contains ContainmentMode="{mode}" ContainmentComparison="{how}">{path(uri)}'
        f'<t:Constant Value="{value}"/>'
        "</t:Contains>"
    )


def fields(name: str, uri: str, other: str) -> str:
    return f"<t:{name}>{path(uri)}<t:FieldURIOrConstant>{path(other)}</t:FieldURIOrConstant></t:{name}>"


BUDGET = "budget for Épinal"
TOKEN = f"<t:ExtendedFieldURI {MINE}/>"
FLAGS = '<t:ExtendedFieldURI PropertyTag="0x0e07" PropertyType="Integer"/>'
HEADER = (
    '<t:ExtendedFieldURI DistinguishedPropertySetId="InternetHeaders" PropertyName="X-Kind"'
    ' PropertyType="String"/>'
)


@pytest.fixture
def office(sandbox: Sandbox, alice: Wire, time: Time) -> Wire:
    """Four mails, an hour apart: one red and important, one with a token, one of a kind, one plain."""
    high = "<t:Importance>High</t:Importance>"
    red = "<t:Categories><t:String>Red</t:String><t:String>blue</t:String></t:Categories>"
    for item in (
        f"<t:Message><t:Subject>Budget</t:Subject>{red}{high}</t:Message>",
        message("budget for Épinal", extra=extended(MINE, "Token-1")),
    ):
        saved(alice, item, "inbox")
        time.move(3600)
    sandbox.deliver(b"From: Bob B <bob@corp.example>\r\nSubject: Lunch\r\nX-Kind: Robot\r\n\r\nx", ALICE)
    time.move(3600)
    sandbox.deliver(b"Subject: Plain\r\n\r\nx", ALICE)
    return alice


@pytest.mark.parametrize(
    ("restriction", "subjects"),
    [
        (compare("IsEqualTo", "item:Subject", "LUNCH"), ["Lunch"]),
        (compare("IsNotEqualTo", "item:Subject", "lunch"), ["Budget", "Plain", "budget for Épinal"]),
        (compare("IsEqualTo", TOKEN, "Token-1"), ["budget for Épinal"]),
        (compare("IsEqualTo", TOKEN, "Token-2"), []),
        (f"<t:Exists>{TOKEN}</t:Exists>", ["budget for Épinal"]),
        (f"<t:Not><t:Exists>{TOKEN}</t:Exists></t:Not>", ["Budget", "Lunch", "Plain"]),
        (compare("IsEqualTo", "message:IsRead", "false"), ["Budget", "Lunch", "Plain", "budget for Épinal"]),
        (compare("IsEqualTo", "item:Categories", "blue"), ["Budget"]),
        (compare("IsEqualTo", "item:Importance", "High"), ["Budget"]),
        (
            compare("IsGreaterThanOrEqualTo", "item:DateTimeReceived", "2026-11-24T10:00:00Z"),
            ["Lunch", "Plain"],
        ),
        (compare("IsGreaterThan", "item:DateTimeReceived", "2026-11-24T11:00:00+01:00"), ["Plain"]),
        (compare("IsGreaterThan", "item:DateTimeReceived", "2026-11-25"), []),
        (
            compare("IsLessThan", "item:DateTimeReceived", "2026-11-24T09:00:00.5Z"),
            ["Budget", "budget for Épinal"],
        ),
        (compare("IsLessThanOrEqualTo", "item:DateTimeReceived", "2026-11-24T08:00:00Z"), ["Budget"]),
        (compare("IsEqualTo", HEADER, "robot"), ["Lunch"]),
        (
            fields("IsEqualTo", "item:DateTimeSent", "item:DateTimeCreated"),
            ["Budget", "Lunch", "Plain", BUDGET],
        ),
        (fields("IsGreaterThan", "item:Subject", "message:From"), ["Budget", "Lunch", BUDGET]),
        (f"<t:Excludes>{FLAGS}<t:Bitmask Value='0x8'/></t:Excludes>", ["Lunch", "Plain"]),
        (contains("item:Subject", "BUDGET"), ["Budget", "budget for Épinal"]),
        (contains("item:Subject", "budget", how="Exact"), ["budget for Épinal"]),
        (contains("item:Subject", "epinal", how="Loose"), ["budget for Épinal"]),
        (contains("item:Subject", "budget", "FullString"), ["Budget"]),
        (contains("item:Subject", "for", "PrefixOnWords"), ["budget for Épinal"]),
        (contains("item:Subject", "plain", "Prefixed"), ["Plain"]),
        (contains("message:From", "bob@corp"), ["Lunch"]),
        (contains("item:Body", "HELL"), ["budget for Épinal"]),
        (contains("item:Body", "Text"), []),
        (compare("IsEqualTo", "item:Body", "hello"), ["budget for Épinal"]),
        (
            "<t:Or>"
            + compare("IsEqualTo", TOKEN, "Token-1")
            + compare("IsEqualTo", "item:Subject", "plain")
            + "</t:Or>",
            ["Plain", "budget for Épinal"],
        ),
        (
            f"<t:And>{contains('item:Subject', 'budget')}{compare('IsEqualTo', TOKEN, 'token-1')}</t:And>",
            ["budget for Épinal"],
        ),
        (
            f"<t:And>{contains('item:Subject', 'u')}{contains('item:Subject', 'n')}</t:And>",
            ["Lunch", "budget for Épinal"],
        ),
    ],
)
def test_restrictions(office: Wire, restriction: str, subjects: list[str]) -> None:
    assert (
        sorted(office.find("inbox", "item:Subject", restriction=restriction).texts("t:Subject")) == subjects
    )


@pytest.mark.parametrize(
    ("restriction", "code"),
    [
        (compare("IsEqualTo", "item:Importance", "Huge"), "ErrorInvalidValueForProperty"),
        (compare("IsEqualTo", "item:DateTimeReceived", "yesterday"), "ErrorInvalidValueForProperty"),
        (compare("IsEqualTo", "item:Attachments", "x"), "ErrorUnsupportedPathForQuery"),
        (contains("item:Attachments", "x"), "ErrorUnsupportedPathForQuery"),
        (contains("message:IsRead", "true"), "ErrorContainsFilterWrongType"),
        (contains("item:DateTimeReceived", "2026"), "ErrorContainsFilterWrongType"),
        (compare("IsEqualTo", FLAGS, "x"), "ErrorInvalidExtendedPropertyValue"),
        (
            "<t:Not>" * 60 + compare("IsEqualTo", "item:Subject", "x") + "</t:Not>" * 60,
            "ErrorRestrictionTooComplex",
        ),
        (compare("IsEqualTo", "item:Nonsense", "x"), "ErrorSchemaValidation"),
        ("<t:And/>", "ErrorSchemaValidation"),
        (compare("IsLike", "item:Subject", "x"), "ErrorSchemaValidation"),
    ],
)
def test_restrictions_that_are_refused(office: Wire, restriction: str, code: str) -> None:
    assert office.find("inbox", restriction=restriction).codes == [code]


def look(wire: Wire, view: str, *, sort: str = "", folders: str = "inbox") -> Got:
    parents = "".join(f'<t:DistinguishedFolderId Id="{one}"/>' for one in folders.split())
    return wire(
        f'<m:FindItem Traversal="Shallow">{wire.shape("item:Subject")}{view}{sort}'
        f"<m:ParentFolderIds>{parents}</m:ParentFolderIds></m:FindItem>"
    )


def test_pages_from_both_ends_and_by_fractions(office: Wire) -> None:
    indexed = '<m:IndexedPageItemView MaxEntriesReturned="3" Offset="{}" BasePoint="{}"/>'
    pages = [
        look(office, indexed.format(0, "Beginning")),
        look(office, indexed.format(3, "Beginning")),
        look(office, indexed.format(0, "End")),
        look(office, '<m:FractionalPageItemView MaxEntriesReturned="9" Numerator="1" Denominator="2"/>'),
    ]
    assert [page.texts("t:Subject") for page in pages] == [
        ["Plain", "Lunch", "budget for Épinal"],
        ["Budget"],
        ["Lunch", "budget for Épinal", "Budget"],
        ["budget for Épinal", "Budget"],
    ]
    assert [page.all("m:RootFolder")[0].get("IncludesLastItemInRange") for page in pages[:2]] == [
        "false",
        "true",
    ]
    assert {page.all("m:RootFolder")[0].get("TotalItemsInView") for page in pages} == {"4"}


@pytest.mark.parametrize(
    ("uri", "order", "subjects"),
    [
        ("item:Subject", "Ascending", ["Budget", "budget for Épinal", "Lunch", "Plain"]),
        ("item:DateTimeReceived", "Ascending", ["Budget", "budget for Épinal", "Lunch", "Plain"]),
        ("item:DateTimeReceived", "Descending", ["Plain", "Lunch", "budget for Épinal", "Budget"]),
        (TOKEN, "Descending", ["budget for Épinal", "Plain", "Lunch", "Budget"]),
    ],
)
def test_orders(office: Wire, uri: str, order: str, subjects: list[str]) -> None:
    sort = f'<m:SortOrder><t:FieldOrder Order="{order}">{path(uri)}</t:FieldOrder></m:SortOrder>'
    found = look(office, "", sort=sort).texts("t:Subject")
    assert found == subjects if order == "Ascending" or uri != TOKEN else found[0] == subjects[0]


def test_several_folders_in_one_request(office: Wire) -> None:
    saved(office, message("here"), "drafts")
    got = look(office, "", folders="inbox drafts voicemail")
    assert got.codes == ["NoError", "NoError", "ErrorFolderNotFound"]
    assert [len(one.findall(".//{*}Message")) for one in got.all("m:RootFolder")] == [4, 1]


def test_views_that_are_refused(office: Wire) -> None:
    for view, code in (
        (
            '<m:IndexedPageItemView MaxEntriesReturned="0" Offset="0" BasePoint="Beginning"/>',
            "ErrorInvalidPagingMaxRows",
        ),
        ('<m:IndexedPageItemView Offset="-1" BasePoint="Beginning"/>', "ErrorInvalidIndexedPagingParameters"),
        ('<m:IndexedPageItemView Offset="0" BasePoint="Middle"/>', "ErrorSchemaValidation"),
        (
            '<m:FractionalPageItemView Numerator="2" Denominator="1"/>',
            "ErrorInvalidFractionalPagingParameters",
        ),
    ):
        assert look(office, view).codes == [code]


def test_the_calendar_between_two_moments(alice: Wire) -> None:
    for day in ("24", "25", "26"):
        saved(
            alice,
            f"<t:CalendarItem><t:Subject>{day}</t:Subject><t:Start>2026-11-{day}T09:00:00Z</t:Start>"
            f"<t:End>2026-11-{day}T10:00:00Z</t:End></t:CalendarItem>",
        )
    view = '<m:CalendarView StartDate="2026-11-24T09:30:00Z" EndDate="2026-11-25T09:30:00Z"/>'
    assert look(alice, view, folders="calendar").texts("t:Subject") == ["24", "25"]
