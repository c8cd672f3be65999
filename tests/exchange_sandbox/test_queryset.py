"""A client's queries, one feature after the other: exchangelib's QuerySet over a folder of twelve mails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import exchangelib
import pytest
from exchangelib import Q
from exchangelib.queryset import DoesNotExist, MultipleObjectsReturned
from lxml import etree

from exchange_sandbox import Sandbox

from .conftest import ALICE, BOB
from .test_client import account
from .wire import check_traffic

Folder = Any
ALL = [f"Mail {number:02}" for number in range(12)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, schema: etree.XMLSchema | None) -> Iterator[Folder]:
    """Twelve mails; every third is of one category and importance, every second is read."""
    data: Path = tmp_path_factory.mktemp("queries")
    with Sandbox(data, {ALICE: "secret", BOB: "secret"}, log=data / "traffic") as sandbox:
        owner = account(sandbox, ALICE)
        folder = exchangelib.folders.Messages(parent=owner.inbox, name="queries").save()
        for number, subject in enumerate(ALL):
            exchangelib.Message(
                account=owner,
                folder=folder,
                subject=subject,
                body=f"Text {number} for Zoë",
                categories=[f"cat{number % 3}", "all"],
                importance=("Low", "Normal", "High")[number % 3],
                is_read=bool(number % 2),
                to_recipients=[
                    exchangelib.Mailbox(name=f"P{number}", email_address=f"p{number}@corp.example")
                ],
                message_id=f"<{number}@corp.example>",
            ).save()
        yield folder
    if schema is not None:
        check_traffic(data / "traffic", schema)


def subjects(found: Any) -> list[str]:
    return sorted(found.values_list("subject", flat=True))


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        (lambda f: f.filter(subject="Mail 03"), [3]),
        (lambda f: f.filter(subject__exact="Mail 03"), [3]),
        (lambda f: f.filter(subject__iexact="mail 03"), [3]),
        (lambda f: f.filter(subject__startswith="Mail 1"), [10, 11]),
        (lambda f: f.filter(subject__startswith="mail 1"), []),
        (lambda f: f.filter(subject__istartswith="mail 1"), [10, 11]),
        (lambda f: f.filter(subject__contains="l 1"), [10, 11]),
        (lambda f: f.filter(subject__contains="L 1"), []),
        (lambda f: f.filter(subject__icontains="L 1"), [10, 11]),
        (lambda f: f.filter(subject__in=["Mail 01", "Mail 02"]), [1, 2]),
        (lambda f: f.filter(subject__in=[]), []),
        (lambda f: f.filter(subject__not="Mail 01"), [0, *range(2, 12)]),
        (lambda f: f.filter(subject__gt="Mail 09"), [10, 11]),
        (lambda f: f.filter(subject__lte="Mail 01"), [0, 1]),
        (lambda f: f.filter(subject__range=("Mail 05", "Mail 07")), [5, 6, 7]),
        (lambda f: f.exclude(subject__startswith="Mail 0"), [10, 11]),
        (lambda f: f.filter(Q(subject="Mail 01") | Q(subject="Mail 02")), [1, 2]),
        (lambda f: f.filter(~Q(subject__startswith="Mail 0"), is_read=True), [11]),
        (lambda f: f.filter(Q(is_read=True) & Q(importance="High")), [5, 11]),
        (lambda f: f.filter(categories__contains=["cat1", "all"], is_read=False), [4, 10]),
        (lambda f: f.filter(categories__contains="cat2"), [2, 5, 8, 11]),
        (lambda f: f.filter(categories__in=["cat1", "cat2"], is_read=False), [2, 4, 8, 10]),
        (lambda f: f.filter(importance="Low", is_read=True), [3, 9]),
        (lambda f: f.filter(body__contains="Text 1"), [1, 10, 11]),
        (lambda f: f.filter(message_id="<7@corp.example>"), [7]),
        (lambda f: f.filter(author=ALICE, subject="Mail 04"), [4]),
        (lambda f: f.filter(reminder_is_set=True), []),
        (lambda f: f.filter(in_reply_to__exists=True), []),
        (lambda f: f.filter(has_attachments=False, size__gt=1, subject="Mail 08"), [8]),
        (lambda f: f.filter('subject:"Mail 03"'), [3]),
        (lambda f: f.filter("to:p7"), [7]),
        (lambda f: f.filter("zoe AND importance:high AND isread:yes"), [5, 11]),
        (lambda f: f.filter("subject:nothing"), []),
        (lambda f: f.none(), []),
    ],
)
def test_filters(folder: Folder, query: Callable[[Folder], Any], wanted: list[int]) -> None:
    found = query(folder)
    assert subjects(found) == [ALL[number] for number in wanted]
    assert found.count() == len(wanted)
    assert found.exists() == bool(wanted)


def test_orders(folder: Folder) -> None:
    every = folder.all()
    assert list(every.order_by("subject").values_list("subject", flat=True)) == ALL
    assert list(every.order_by("-subject").values_list("subject", flat=True)) == ALL[::-1]
    assert list(every.order_by("subject").reverse().values_list("subject", flat=True)) == ALL[::-1]
    both = list(every.order_by("-importance", "-subject").values_list("importance", "subject"))
    assert both[:2] == [("High", "Mail 11"), ("High", "Mail 08")]
    assert both[-1] == ("Low", "Mail 00")


def test_parts_of_a_result(folder: Folder) -> None:
    ordered = folder.all().order_by("subject")
    assert [one.subject for one in ordered[2:5]] == ALL[2:5]
    assert ordered[3].subject == ALL[3]
    ordered.page_size, ordered.chunk_size = 5, 2
    assert [one.subject for one in ordered] == ALL
    assert ordered.get(subject="Mail 05").body == "Text 5 for Zoë"
    with pytest.raises(DoesNotExist):
        folder.get(subject="nothing")
    with pytest.raises(MultipleObjectsReturned):
        folder.get(subject__startswith="Mail")


def test_some_properties_alone(folder: Folder) -> None:
    (one,) = folder.filter(subject="Mail 01").only("subject", "importance")
    assert (one.subject, one.importance, one.body) == ("Mail 01", "Normal", None)
    (body,) = folder.filter(subject="Mail 01").values("body", "to_recipients")
    assert (body["body"], body["to_recipients"][0].email_address) == ("Text 1 for Zoë", "p1@corp.example")
    ids = list(folder.all().values_list("id", flat=True))
    assert len(set(ids)) == 12


def test_several_folders_and_the_hidden_items(folder: Folder) -> None:
    both = exchangelib.folders.FolderCollection(
        account=folder.account, folders=[folder, folder.account.drafts]
    )
    assert both.all().count() == 12
    assert both.filter(subject="Mail 02").count() == 1
    assert list(folder.all().depth("Associated")) == []


def test_what_was_found_is_deleted(folder: Folder) -> None:
    extra = exchangelib.folders.Messages(parent=folder.account.inbox, name="extra").save()
    for subject in ("a", "b", "c"):
        exchangelib.Message(account=folder.account, folder=extra, subject=subject).save()
    extra.filter(subject="b").delete()
    assert subjects(extra.all()) == ["a", "c"]
    extra.get(subject="a").soft_delete()
    assert subjects(folder.account.recoverable_items_deletions.all()) == ["a"]
    assert subjects(extra.all().depth("SoftDeleted")) == ["a"]
    assert subjects(folder.all().depth("SoftDeleted")) == [], "it was not deleted from there"
    extra.all().delete()
    assert extra.all().count() == 0
