"""Inbox rules (MS-OXWSRULES): read, checked and kept. What they do with mail: :mod:`.rulework`.

Conditions and actions are kept by the names of their elements, as the store writes words.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC
from typing import Any

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews.call import Call, box, check_target
from exchange_sandbox.ews.errors import in_ews
from exchange_sandbox.ews.properties import choices, compound, kinds
from exchange_sandbox.ews.properties.choices import snake
from exchange_sandbox.ews.xml import Element, attributes, children, listed, local, sub, text_of
from exchange_sandbox.transport import rulework

STRINGS = frozenset(
    (  # noqa: SIM905 - names read best as a text
        "Categories ContainsBodyStrings ContainsHeaderStrings ContainsRecipientStrings ContainsSenderStrings "
        "ContainsSubjectOrBodyStrings ContainsSubjectStrings FromConnectedAccounts ItemClasses "
        "MessageClassifications AssignCategories"
    ).split()
)
ADDRESSES = frozenset(
    (  # noqa: SIM905 - names read best as a text
        "FromAddresses SentToAddresses ForwardAsAttachmentToRecipients ForwardToRecipients "
        "RedirectToRecipients SendSMSAlertToRecipients"
    ).split()
)
_CHOICES: dict[str, kinds.Kind] = {
    "Importance": choices.IMPORTANCE,
    "MarkImportance": choices.IMPORTANCE,
    "Sensitivity": choices.SENSITIVITY,
    "FlaggedForAction": kinds.Choice(
        ("Any", "Call", "DoNotForward", "FollowUp", "FYI", "Forward", "NoResponseNecessary", "Read", "Reply",
         "ReplyToAll", "Review")
    ),
}  # fmt: skip
_RANGES = {
    "WithinDateRange": {"StartDateTime": "least", "EndDateTime": "most"},
    "WithinSizeRange": {"MinimumSize": "least", "MaximumSize": "most"},
}
_PREDICATES = (  # noqa: SIM905 - in the order of the schema
    "Categories ContainsBodyStrings ContainsHeaderStrings ContainsRecipientStrings ContainsSenderStrings "
    "ContainsSubjectOrBodyStrings ContainsSubjectStrings FlaggedForAction FromAddresses "
    "FromConnectedAccounts HasAttachments Importance IsApprovalRequest IsAutomaticForward "
    "IsAutomaticReply IsEncrypted IsMeetingRequest IsMeetingResponse IsNDR IsPermissionControlled "
    "IsReadReceipt IsSigned IsVoicemail "
    "ItemClasses MessageClassifications NotSentToMe SentCcMe SentOnlyToMe SentToAddresses SentToMe "
    "SentToOrCcMe Sensitivity WithinDateRange WithinSizeRange"
).split()
_ACTIONS = (  # noqa: SIM905 - in the order of the schema
    "AssignCategories CopyToFolder Delete ForwardAsAttachmentToRecipients ForwardToRecipients "
    "MarkImportance MarkAsRead MoveToFolder PermanentDelete RedirectToRecipients SendSMSAlertToRecipients "
    "ServerReplyWithMessage StopProcessingRules"
).split()
# what names something that nobody has here, and how that is said
_UNKNOWN = {
    "FromConnectedAccounts": "ConnectedAccountNotFound",
    "MessageClassifications": "MessageClassificationNotFound",
}
_FOLDERS = ("CopyToFolder", "MoveToFolder")
_PARTS = {"Conditions": _PREDICATES, "Exceptions": _PREDICATES, "Actions": _ACTIONS}


class Problem(Exception):
    """What is wrong with a rule: the field, and code and text as MS-OXWSRULES has them."""

    def __init__(self, field: str, code: str, text: str, value: str = "") -> None:
        super().__init__(text)
        self.field = field
        self.code = code
        self.value = value


def parse(element: Element) -> dict[str, Any]:
    """Read a Rule; raises SchemaViolation."""
    found = children(
        element, "t:RuleId?", "t:DisplayName", "t:Priority", "t:IsEnabled", "t:IsNotSupported?",
        "t:IsInError?", "t:Conditions?", "t:Exceptions?", "t:Actions?",
    )  # fmt: skip
    for name in ("IsNotSupported", "IsInError"):
        if name in found:
            kinds.Boolean().parse(found[name], UTC)
    rule = {
        "id": text_of(found["RuleId"]) if "RuleId" in found else "",
        "name": text_of(found["DisplayName"]),
        "priority": kinds.Integer().parse(found["Priority"], UTC),
        "enabled": kinds.Boolean().parse(found["IsEnabled"], UTC),
    }
    for part, names in _PARTS.items():
        values = children(found[part], *(f"t:{name}?" for name in names)) if part in found else {}
        rule[part.lower()] = {snake(name): _value(name, one) for name, one in values.items()}
    return rule


def _value(name: str, element: Element) -> Any:
    if name in STRINGS:
        return kinds.Strings().parse(element, UTC)
    if name in ADDRESSES:
        return [compound.parse_mailbox(one) for one in listed(element, "t:Address", least=0)]
    if name in _FOLDERS:
        check_target(element)
        one = element[0]
        return {"kind": local(one), "id": one.get("Id", "")}
    if name in _RANGES:
        found = children(element, *(f"t:{one}?" for one in _RANGES[name]))
        bound = kinds.Moment() if name == "WithinDateRange" else kinds.Integer()
        return {_RANGES[name][key]: bound.parse(one, UTC) for key, one in found.items()}
    if name == "ServerReplyWithMessage":
        return attributes(element, ("Id",), ("ChangeKey",))
    return _CHOICES.get(name, kinds.Boolean()).parse(element, UTC)


def check(call: Call, db: sqlite3.Connection, rule: dict[str, Any]) -> None:
    """Whether a rule can be kept; raises :class:`Problem`."""
    if not rule["name"].strip():
        raise Problem("DisplayName", "EmptyValueFound", "A rule needs a name.")
    if rule["priority"] < 1:
        raise Problem("Priority", "InvalidValue", "A priority is 1 or more.", str(rule["priority"]))
    if not rule["actions"]:
        raise Problem("Actions", "MissingAction", "A rule needs an action.")
    for part, names in _PARTS.items():
        for name, value in _by_name(rule[part.lower()], names):
            _check_value(f"{part.removesuffix('s')}:{name}", name, value)
    for name, target in _by_name(rule["actions"], _FOLDERS):
        rule["actions"][snake(name)] = _folder(call, db, f"Action:{name}", target)


def _by_name(values: dict[str, Any], names: Iterable[str]) -> list[tuple[str, Any]]:
    """What is kept, by the names of the elements and in their order."""
    return [(name, values[snake(name)]) for name in names if snake(name) in values]


def _check_value(field: str, name: str, value: Any) -> None:
    if name in STRINGS | ADDRESSES and (not value or "" in value):
        raise Problem(field, "EmptyValueFound", "The list holds nothing, or an empty text.")
    if name in _UNKNOWN:
        raise Problem(field, _UNKNOWN[name], "There is none of that name here.", value[0])
    if name in _RANGES:
        ends = [value.get(key) for key in ("least", "most")]
        code = "InvalidSizeRange" if name == "WithinSizeRange" else "InvalidDateRange"
        if any(isinstance(end, int) and end < 0 for end in ends):
            raise Problem(field, "SizeLessThanZero", "A size is 0 or more.")
        if ends == [None, None]:
            raise Problem(field, "MissingRangeValue", "The range has no ends.")
        if None not in ends and ends[0] > ends[1]:
            raise Problem(field, code, "The range ends before it begins.")


def _folder(call: Call, db: sqlite3.Connection, field: str, target: dict[str, Any]) -> dict[str, Any]:
    """The folder of an action by its number in the store."""
    if "number" in target:
        return target
    named = sub(box("t:Target"), f"t:{target['kind']}", Id=target["id"])
    try:
        return {"number": call.folder(db, named).id}
    except Refused as failure:
        error = in_ews(failure)
        code = "FolderDoesNotExist" if error.code == "ErrorFolderNotFound" else "InvalidFolderId"
        raise Problem(field, code, str(error), target["id"]) from error


def write(call: Call, db: sqlite3.Connection, parent: Element, rule: dict[str, Any]) -> None:
    """Append a rule. One whose folder is gone is in error, and does not say the folder."""
    element = sub(parent, "t:Rule")
    sub(element, "t:RuleId", rule["id"])
    sub(element, "t:DisplayName", rule["name"])
    sub(element, "t:Priority", str(rule["priority"]))
    sub(element, "t:IsEnabled", "true" if rule["enabled"] else "false")
    if rulework.is_in_error(db, rule):
        sub(element, "t:IsInError", "true")
    for part, names in _PARTS.items():
        values = rule[part.lower()]
        if values:
            group = sub(element, f"t:{part}")
            for name, value in _by_name(values, names):
                _write(call, db, group, name, value)


def _write(call: Call, db: sqlite3.Connection, parent: Element, name: str, value: Any) -> None:
    if name in STRINGS:
        kinds.Strings().emit(parent, f"t:{name}", value, kinds.Style())
    elif name in ADDRESSES:
        element = sub(parent, f"t:{name}")
        for one in value:
            address = sub(element, "t:Address")
            sub(address, "t:Name", one["name"])
            sub(address, "t:EmailAddress", one["address"])
            sub(address, "t:RoutingType", "SMTP")
    elif name in _FOLDERS:
        number, key = call.reader(db).folder_id(call.user.id, value["number"], 0)
        sub(sub(parent, f"t:{name}"), "t:FolderId", Id=number, ChangeKey=key)
    elif name in _RANGES:
        element = sub(parent, f"t:{name}")
        for end, key in _RANGES[name].items():
            if key in value:
                text = value[key]
                sub(element, f"t:{end}", str(text) if name == "WithinSizeRange" else text[:19] + "Z")
    elif name == "ServerReplyWithMessage":
        sub(parent, f"t:{name}", **value)
    else:
        _CHOICES.get(name, kinds.Boolean()).emit(parent, f"t:{name}", value, kinds.Style())
