"""What SQL says of a search is what the search itself would say of each item."""

from __future__ import annotations

import itertools

import pytest

from exchange_sandbox import Sandbox
from exchange_sandbox.ews import prefilter

from .conftest import ALICE, BOB
from .test_find import compare, contains
from .wire import Wire, extended, message

TAG = 'PropertyTag="0x1081" PropertyType="Integer"'
NAMED = 'PropertySetId="7c1d4a54-0000-4000-8000-61636b640001" PropertyName="Straße" PropertyType="String"'
FIELDS = {
    "item:Subject": ("alpha", "BETA", "Straße 7", "é"),
    "item:Importance": ("Normal", "High"),
    "item:Sensitivity": ("Private",),
    "item:Size": ("600",),
    "item:DateTimeCreated": ("2026-11-24T08:00:00Z",),
    "item:Categories": ("red", "BLUE", "none"),
    "item:LastModifiedName": ("alice",),
    "message:From": ("alice", ALICE, "nobody"),
    "message:ConversationTopic": ("beta",),
    "message:IsRead": ("true",),
    "task:Status": ("NotStarted", "Completed"),
    "task:PercentComplete": ("50",),
    "contacts:CompanyName": ("x",),
}
COMPARISONS = (
    "IsEqualTo",
    "IsNotEqualTo",
    "IsGreaterThan",
    "IsGreaterThanOrEqualTo",
    "IsLessThan",
    "IsLessThanOrEqualTo",
)
SEARCHES = [
    *(compare(how, field, one) for field, some in FIELDS.items() for one in some for how in COMPARISONS),
    *(
        contains(field, one, mode, comparing)
        for field, one in (
            ("item:Subject", "STRASSE"),
            ("item:Subject", "e"),
            ("item:Categories", "RE"),
            ("message:From", "ali"),
            ("item:LastModifiedName", "Ali"),
        )
        for mode, comparing in itertools.product(
            ("FullString", "Prefixed", "Substring", "PrefixOnWords"), ("Exact", "IgnoreCase", "Loose")
        )
    ),
    *(f'<t:Exists><t:FieldURI FieldURI="{field}"/></t:Exists>' for field in FIELDS),
]


def test_both_ways_find_the_same(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    alice = Wire(sandbox.url, ALICE)
    for subject, more in (
        ("alpha", "<t:Categories><t:String>Red</t:String></t:Categories>"),
        ("Beta", "<t:Importance>High</t:Importance>"),
        ("Strasse 7", extended(TAG, "102") + extended(NAMED, "Eins")),
        ("É", "<t:Categories><t:String>blue</t:String><t:String>red</t:String></t:Categories>"),
        ("", extended(TAG, "103")),
    ):
        assert alice.create(message(subject, BOB, extra=more)).codes == ["NoError"]
    alice.create(
        "<t:Task><t:Subject>alpha</t:Subject><t:PercentComplete>50</t:PercentComplete></t:Task>",
        folder="drafts",
    )
    paths = [f"<t:ExtendedFieldURI {one}/>" for one in (TAG, NAMED)]
    own = [
        f'<t:{how}>{path}<t:FieldURIOrConstant><t:Constant Value="{value}"/></t:FieldURIOrConstant></t:{how}>'
        for path, value in zip(paths, ("102", "eins"), strict=True)
        for how in COMPARISONS
    ]
    searches = [*SEARCHES, *own, *(f"<t:Not>{one}</t:Not>" for one in SEARCHES[::7])]
    by_sql = [answer(alice, one) for one in searches]
    for name in ("comparison", "exists", "contains"):
        monkeypatch.setattr(prefilter, name, lambda *_: None)
    monkeypatch.setattr(prefilter, "order", lambda _: None)
    for one, found in zip(searches, by_sql, strict=True):
        assert found == answer(alice, one), one
    assert len({tuple(found) for found in by_sql}) > 8  # that is, they do tell items apart


def answer(wire: Wire, restriction: str) -> list[str]:
    got = wire(
        '<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>'
        f"<m:Restriction>{restriction}</m:Restriction><m:SortOrder>"
        '<t:FieldOrder Order="Descending"><t:FieldURI FieldURI="item:Subject"/></t:FieldOrder></m:SortOrder>'
        '<m:ParentFolderIds><t:DistinguishedFolderId Id="drafts"/></m:ParentFolderIds></m:FindItem>'
    )
    return [*got.codes, *(number for number, _ in got.ids)]
