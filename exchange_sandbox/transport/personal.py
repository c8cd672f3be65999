"""One's own contacts and private lists as recipients: once sent they are the addresses behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from exchange_sandbox.errors import Problem, Refused
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key

#: The owner's item behind the id by which a client named a recipient; None if it is no item of the owner's.
Resolve = Callable[[str], Item | None]


def addressed(resolve: Resolve, recipients: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The recipients of a mail, contacts by their first address and lists by their members, also of
    lists in lists; raises Problem.RECIPIENT_INVALID for one who has no address."""
    found: list[dict[str, Any]] = []
    seen: set[int] = set()
    todo = list(recipients)[::-1]
    while todo:
        one = todo.pop()
        if "item" not in one or one["address"]:
            found.append(one)
            continue
        item = _item(resolve, one["item"])
        if item.id in seen:  # lists that contain each other
            continue
        seen.add(item.id)
        if item.cls.lower().startswith("ipm.distlist"):
            todo += [_recipient(member) for member in item.bag.get(Key.MEMBERS, [])[::-1]]
        else:
            found.append(_contact(item, one))
    return found


def _recipient(member: dict[str, Any]) -> dict[str, Any]:
    """A member of a list without what it is to the list."""
    return {name: value for name, value in member.items() if name not in ("key", "status")}


def _item(resolve: Resolve, number: str) -> Item:
    try:
        item = resolve(number)
    except Refused as error:
        raise Refused(Problem.RECIPIENT_INVALID) from error
    if item is None:
        raise Refused(Problem.RECIPIENT_INVALID)
    return item


def _contact(item: Item, one: dict[str, Any]) -> dict[str, Any]:
    emails = item.bag.get(Key.EMAILS, {})
    if not emails:
        raise Refused(Problem.RECIPIENT_INVALID)
    address = emails[min(emails)]["address"]
    return {"name": one["name"] or item.bag.get(Key.DISPLAY_NAME) or address, "address": address}
