"""FindItem: query strings, groups, and views that begin at a name or a condition."""

from __future__ import annotations

import pytest

from exchange_sandbox import Sandbox

from .conftest import ALICE, Time
from .test_find import compare, contains
from .test_folders import named
from .test_items import saved
from .wire import Got, Wire

MAILS = (
    (b"From: Bob Builder <bob@corp.example>\r\nTo: Alice <alice@corp.example>\r\n"
     b"Subject: Quarterly report\r\n\r\nThe numbers are in.\r\n"),
    (b"From: Carol <carol@other.example>\r\nTo: Alice <alice@corp.example>\r\nCc: Bob <bob@corp.example>\r\n"
     b"Importance: high\r\nSubject: Lunch tomorrow\r\n\r\nAbout the report of Zo\xc3\xab.\r\n"),
    (b"From: Dan <dan@other.example>\r\nTo: Alice <alice@corp.example>\r\nSubject: Photos\r\n"
     b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nsee\r\n"
     b"--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=holiday.pdf\r\n"
     b"\r\n" + b"x" * 3000 + b"\r\n--b--\r\n"),
)  # fmt: skip
REPORT, LUNCH, PHOTOS = "Quarterly report", "Lunch tomorrow", "Photos"


@pytest.fixture
def office(sandbox: Sandbox, alice: Wire, time: Time) -> Wire:
    """Three mails, a day apart, the last one today."""
    for raw in MAILS:
        time.move(24 * 3600)
        sandbox.deliver(raw, ALICE)
    return alice


def ask(wire: Wire, query: str, *, more: str = "", view: str = "", folder: str = "inbox") -> Got:
    tail = f"<m:QueryString>{query.replace('<', '&lt;')}</m:QueryString>" if query else ""
    return wire(
        f'<m:FindItem Traversal="Shallow">{wire.shape("item:Subject")}{view}{more}'
        f"<m:ParentFolderIds>{named(folder)}</m:ParentFolderIds>{tail}</m:FindItem>"
    )


def by(uri: str) -> str:
    field = f'<t:FieldURI FieldURI="{uri}"/>'
    return f'<m:SortOrder><t:FieldOrder Order="Ascending">{field}</t:FieldOrder></m:SortOrder>'


@pytest.mark.parametrize(
    ("query", "subjects"),
    [
        ("report", [LUNCH, REPORT]),
        ("REP", [LUNCH, REPORT]),
        ("epo", []),
        ("subject:report", [REPORT]),
        ('subject:"quarterly report"', [REPORT]),
        ('subject:"quarterly rep"', []),
        ("subject:(lunch OR photos)", [PHOTOS, LUNCH]),
        ("subject:lunch tomorrow", [LUNCH]),
        ("subject : lunch AND about", [LUNCH]),
        ("from:bob", [REPORT]),
        ("from:other.example", [PHOTOS, LUNCH]),
        ("cc:bob", [LUNCH]),
        ("to:alice NOT subject:lunch", [PHOTOS, REPORT]),
        ("participants:bob", [LUNCH, REPORT]),
        ("body:zoe", [LUNCH]),
        ("hasattachment:yes", [PHOTOS]),
        ("hasattachment:no", [LUNCH, REPORT]),
        ("-hasattachments:true -importance:high", [REPORT]),
        ("attachment:holiday", [PHOTOS]),
        ("importance:high", [LUNCH]),
        ("isread:false", [PHOTOS, LUNCH, REPORT]),
        ("kind:email", [PHOTOS, LUNCH, REPORT]),
        ("kind:tasks", []),
        ("received:today", [PHOTOS]),
        ("received:yesterday", [LUNCH]),
        ("received:2026-11-25", [REPORT]),
        ("received:>=11/26/2026", [PHOTOS, LUNCH]),
        ("received:<2026-11-26", [REPORT]),
        ("received:2026-11-25..2026-11-26", [LUNCH, REPORT]),
        ('received:"last week"', []),
        ("received:nonsense", []),
        ("received:>0001-01-01", []),
        ("size:>2KB", [PHOTOS]),
        ("size:tiny subject:photos", [PHOTOS]),
        ("(from:bob OR from:carol) AND report", [LUNCH, REPORT]),
        ("NOT (from:bob OR from:carol)", [PHOTOS]),
        ("from:bob OR", [REPORT]),
        ("((from:bob", [REPORT]),
        (") from:bob", [REPORT]),
        ("from: ", []),
        ("unknown:bob", []),
        ('"', []),
    ],
)
def test_query_strings(office: Wire, query: str, subjects: list[str]) -> None:
    got = ask(office, query)
    assert (got.codes, got.texts("t:Subject")) == (["NoError"], subjects)


def test_a_query_string_beside_an_order_and_a_page(office: Wire) -> None:
    order = by("item:Subject")
    view = '<m:IndexedPageItemView MaxEntriesReturned="1" Offset="1" BasePoint="Beginning"/>'
    got = ask(office, "kind:email", more=order, view=view)
    assert got.texts("t:Subject") == [PHOTOS]
    assert got.all("m:RootFolder")[0].get("TotalItemsInView") == "3"


@pytest.mark.parametrize("query", ["(" * 5000, "-" * 50_000 + "x", "a OR " * 5000 + "b", '"' * 20_001])
def test_hostile_query_strings(office: Wire, query: str) -> None:
    assert ask(office, query).codes in (["NoError"], ["ErrorRestrictionTooComplex"])


def test_groups(office: Wire) -> None:
    by_importance = (
        '<m:GroupBy Order="Descending"><t:FieldURI FieldURI="item:Importance"/>'
        '<t:AggregateOn Aggregate="Maximum"><t:FieldURI FieldURI="item:DateTimeReceived"/></t:AggregateOn>'
        "</m:GroupBy>"
    )
    got = ask(office, "", more=by_importance)
    assert got.texts("t:GroupIndex") == ["Normal", "High"]
    assert [len(one.findall(".//{*}Subject")) for one in got.all("t:GroupedItems")] == [2, 1]
    by_topic = (
        '<m:DistinguishedGroupBy Order="Ascending"><t:StandardGroupBy>ConversationTopic</t:StandardGroupBy>'
        "</m:DistinguishedGroupBy>"
    )
    assert ask(office, "", more=by_topic).texts("t:GroupIndex") == [REPORT, LUNCH, PHOTOS]


@pytest.mark.parametrize(
    ("end", "condition", "subjects"),
    [
        ("Beginning", contains("item:Subject", "lunch"), [LUNCH, REPORT]),
        ("End", contains("item:Subject", "lunch"), [PHOTOS, LUNCH]),
        ("Beginning", contains("item:Subject", "nowhere"), []),
    ],
)
def test_a_page_that_begins_at_a_condition(
    office: Wire, end: str, condition: str, subjects: list[str]
) -> None:
    view = (
        f'<m:SeekToConditionPageItemView BasePoint="{end}"><t:Condition>{condition}</t:Condition>'
        "</m:SeekToConditionPageItemView>"
    )
    assert ask(office, "", view=view).texts("t:Subject") == subjects


def test_contacts_by_their_names(alice: Wire) -> None:
    for name in ("Anna", "Berta", "Carla", "Cäsar"):
        saved(
            alice,
            f"<t:Contact><t:Subject>{name}</t:Subject><t:DisplayName>{name}</t:DisplayName></t:Contact>",
            "contacts",
        )
    view = '<m:ContactsView InitialName="B" FinalName="Ca" MaxEntriesReturned="10"/>'
    assert ask(alice, "", view=view, folder="contacts").texts("t:Subject") == ["Berta", "Carla"]


def test_choices_are_ordered_as_what_they_mean(office: Wire) -> None:
    order = by("item:Importance")
    assert ask(office, "", more=order).texts("t:Subject")[-1] == LUNCH
    assert ask(
        office,
        "",
        more=f"<m:Restriction>{compare('IsGreaterThan', 'item:Importance', 'Low')}</m:Restriction>",
    ).texts("t:Subject") == [PHOTOS, LUNCH, REPORT]
