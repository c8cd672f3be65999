"""Alice's mailbox by either face, in common terms: what is written by one is read by both.

A *thing* is a mail, a task or an event, said as a dict of plain values; ids are those of EWS.
"""

from __future__ import annotations

from typing import Any, ClassVar
from xml.sax.saxutils import escape, quoteattr

from ..wire import NS, Got, Wire
from .graph_client import Graph

TOKEN = "String {7c1d4a54-0000-4000-8000-61636b640001} Name ackd-token"
_TOKEN_URI = (
    '<t:ExtendedFieldURI PropertySetId="7c1d4a54-0000-4000-8000-61636b640001" PropertyName="ackd-token"'
    ' PropertyType="String"/>'
)
_ANSWERS = "String 0x1042"
_ROOT = '<t:DistinguishedFolderId Id="msgfolderroot"/>'
_SENT = '<t:DistinguishedFolderId Id="sentitems"/>'
_EXPAND = f"singleValueExtendedProperties($filter=id eq '{TOKEN}' or id eq '{_ANSWERS}')"
_TEXT = {"Prefer": 'outlook.body-content-type="text"'}
#: Words of both faces: EWS's with a capital.
_FLAGS = {"notFlagged": "NotFlagged", "flagged": "Flagged", "complete": "Complete"}
_STATUS = {
    "notStarted": "NotStarted", "inProgress": "InProgress", "completed": "Completed",
    "waitingOnOthers": "WaitingOnOthers", "deferred": "Deferred",
}  # fmt: skip
_SHOWN = {"free": "Free", "tentative": "Tentative", "busy": "Busy", "oof": "OOF"}


def _utc(text: str) -> str:
    """A moment of either face, to the second."""
    return text[:19] + "Z" if text else ""


def _in_zone(moment: str) -> dict[str, str]:
    return {"dateTime": moment.removesuffix("Z"), "timeZone": "UTC"}


def _element(name: str, text: str) -> str:
    return f"<t:{name}>{escape(text)}</t:{name}>"


class ByEws:
    """The mailbox at the EWS face."""

    name = "EWS"
    _elements: ClassVar = {"mail": "Message", "task": "Task", "event": "CalendarItem"}
    _folders: ClassVar = {"mail": "drafts", "task": "tasks", "event": "calendar"}

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    def _fields(self, kind: str, thing: dict[str, Any]) -> list[tuple[str, str]]:
        """URI and element of each value, in the schema's order; an empty element takes it away."""
        known = {
            "subject": ("item:Subject", lambda one: _element("Subject", one)),
            "body": ("item:Body", lambda one: f'<t:Body BodyType="Text">{escape(one)}</t:Body>'),
            "categories": ("item:Categories", _categories),
            "importance": ("item:Importance", lambda one: _element("Importance", one.capitalize())),
            "answers": ("item:InReplyTo", lambda one: _element("InReplyTo", one)),
            "reminder": ("item:ReminderDueBy", lambda one: _element("ReminderDueBy", one)),
            "reminds": ("item:ReminderIsSet", lambda one: _element("ReminderIsSet", str(one).lower())),
            "token": (
                _TOKEN_URI,
                lambda one: f"<t:ExtendedProperty>{_TOKEN_URI}{_element('Value', one)}</t:ExtendedProperty>",
            ),
            "flag": ("item:Flag", _flag),
            "to": ("message:ToRecipients", _recipients),
            "read": ("message:IsRead", lambda one: _element("IsRead", str(one).lower())),
            "start": ("calendar:Start", lambda one: _element("Start", one)),
            "end": ("calendar:End", lambda one: _element("End", one)),
            "shown": (
                "calendar:LegacyFreeBusyStatus",
                lambda one: _element("LegacyFreeBusyStatus", _SHOWN[one]),
            ),
            "place": ("calendar:Location", lambda one: _element("Location", one)),
            "due": ("task:DueDate", lambda one: _element("DueDate", one)),
            "status": ("task:Status", lambda one: _element("Status", _STATUS[one])),
        }
        return [
            (uri, write(thing[name]) if thing[name] not in ("", []) else "")
            for name, (uri, write) in known.items()
            if name in thing
        ]

    def create(self, kind: str, thing: dict[str, Any]) -> str:
        content = "".join(element for _, element in self._fields(kind, thing))
        name = self._elements[kind]
        got = self.wire.create(f"<t:{name}>{content}</t:{name}>", folder=self._folders[kind])
        assert got.codes == ["NoError"], got.codes
        return got.ids[0][0]

    def update(self, kind: str, number: str, thing: dict[str, Any]) -> str:
        name, changes = self._elements[kind], ""
        for uri, element in self._fields(kind, thing):
            field = uri if uri.startswith("<") else f"<t:FieldURI FieldURI={quoteattr(uri)}/>"
            if element:
                changes += f"<t:SetItemField>{field}<t:{name}>{element}</t:{name}></t:SetItemField>"
            else:
                changes += f"<t:DeleteItemField>{field}</t:DeleteItemField>"
        got = self.wire(
            '<m:UpdateItem ConflictResolution="AlwaysOverwrite" MessageDisposition="SaveOnly"'
            ' SendMeetingInvitationsOrCancellations="SendToNone"><m:ItemChanges><t:ItemChange>'
            f'<t:ItemId Id="{number}"/><t:Updates>{changes}</t:Updates></t:ItemChange></m:ItemChanges>'
            "</m:UpdateItem>"
        )
        assert got.codes == ["NoError"], got.codes
        return got.ids[0][0]

    def read(self, kind: str, number: str) -> dict[str, Any]:
        got = self.wire.get(number, _TOKEN_URI, base="AllProperties", body="Text")
        assert got.codes == ["NoError"], got.codes
        found = {
            "subject": _text(got, "t:Subject"),
            "body": _text(got, "t:Body"),
            "categories": [one.text for one in got.all("t:Categories/t:String")],
            "importance": _text(got, "t:Importance").lower(),
        }
        if kind == "mail":
            status = _text(got, "t:Flag/t:FlagStatus") or "NotFlagged"
            found |= {
                "token": _text(got, "t:ExtendedProperty/t:Value"),
                "answers": _text(got, "t:InReplyTo"),
                "flag": [
                    next(one for one, word in _FLAGS.items() if word == status),
                    _utc(_text(got, "t:Flag/t:DueDate")),
                ],
                "to": [one.text for one in got.all("t:ToRecipients/t:Mailbox/t:EmailAddress")],
                "read": _text(got, "t:IsRead") == "true",
                "draft": _text(got, "t:IsDraft") == "true",
                "message_id": _text(got, "t:InternetMessageId"),
            }
        if kind == "task":
            status = _text(got, "t:Status")
            found |= {
                "due": _utc(_text(got, "t:DueDate")),
                "reminds": _text(got, "t:ReminderIsSet") == "true",
                "reminder": _utc(_text(got, "t:ReminderDueBy"))
                if _text(got, "t:ReminderIsSet") == "true"
                else "",
                "status": next(one for one, word in _STATUS.items() if word == status),
            }
        if kind == "event":
            shown = _text(got, "t:LegacyFreeBusyStatus")
            found |= {
                "token": _text(got, "t:ExtendedProperty/t:Value"),
                "start": _utc(_text(got, "t:Start")),
                "end": _utc(_text(got, "t:End")),
                "shown": next(one for one, word in _SHOWN.items() if word == shown),
                "place": _text(got, "t:Location"),
            }
        return found

    def send(self, number: str) -> None:
        key = self.wire.get(number).ids[0][1]
        got = self.wire(
            f'<m:SendItem SaveItemToFolder="true"><m:ItemIds>'
            f'<t:ItemId Id="{number}" ChangeKey="{key}"/></m:ItemIds>'
            f"<m:SavedItemFolderId>{_SENT}</m:SavedItemFolderId></m:SendItem>"
        )
        assert got.codes == ["NoError"], got.codes

    def move(self, number: str, folder: str) -> str:
        got = self.wire(
            f'<m:MoveItem><m:ToFolderId><t:DistinguishedFolderId Id="{folder}"/></m:ToFolderId>'
            f'<m:ItemIds><t:ItemId Id="{number}"/></m:ItemIds></m:MoveItem>'
        )
        assert got.codes == ["NoError"], got.codes
        return got.ids[0][0]

    def delete(self, number: str) -> None:
        got = self.wire(
            '<m:DeleteItem DeleteType="MoveToDeletedItems" SendMeetingCancellations="SendToNone"'
            f' AffectedTaskOccurrences="AllOccurrences"><m:ItemIds><t:ItemId Id="{number}"/></m:ItemIds>'
            "</m:DeleteItem>"
        )
        assert got.codes == ["NoError"], got.codes

    def folder(self, name: str, *, hidden: bool) -> bool:
        """Make a folder; whether the name was free."""
        flag = '<t:ExtendedFieldURI PropertyTag="0x10F4" PropertyType="Boolean"/>'
        value = f"<t:ExtendedProperty>{flag}<t:Value>{str(hidden).lower()}</t:Value></t:ExtendedProperty>"
        got = self.wire(
            f"<m:CreateFolder><m:ParentFolderId>{_ROOT}</m:ParentFolderId><m:Folders>"
            f"<t:Folder>{_element('FolderClass', 'IPF.Note')}{_element('DisplayName', name)}{value}"
            "</t:Folder></m:Folders></m:CreateFolder>"
        )
        assert got.codes in (["NoError"], ["ErrorFolderExists"]), got.codes
        return got.codes == ["NoError"]

    def folders(self) -> dict[str, bool]:
        """The folders of mail in the root, and whether they are hidden."""
        flag = '<t:ExtendedFieldURI PropertyTag="0x10F4" PropertyType="Boolean"/>'
        got = self.wire(
            '<m:FindFolder Traversal="Shallow"><m:FolderShape><t:BaseShape>Default</t:BaseShape>'
            f'<t:AdditionalProperties><t:FieldURI FieldURI="folder:FolderClass"/>{flag}'
            f"</t:AdditionalProperties></m:FolderShape><m:ParentFolderIds>{_ROOT}</m:ParentFolderIds>"
            "</m:FindFolder>"
        )
        found = {}
        for one in got.all("t:Folders/t:Folder"):
            values = {
                name: one.findtext(f".//t:{name}", "", NS) for name in ("FolderClass", "DisplayName", "Value")
            }
            if values["FolderClass"].startswith("IPF.Note") or not values["FolderClass"]:
                found[values["DisplayName"]] = values["Value"] == "true"
        return found

    def set_away(self, away: dict[str, str]) -> None:
        words = {"disabled": "Disabled", "alwaysEnabled": "Enabled", "scheduled": "Scheduled"}
        replies = "".join(
            f"<t:{side}Reply><t:Message>{escape(away[side.lower()])}</t:Message></t:{side}Reply>"
            for side in ("Internal", "External")
        )
        span = _element("StartTime", away["start"]) + _element("EndTime", away["end"])
        got = self.wire(
            f"<m:SetUserOofSettingsRequest><t:Mailbox><t:Address>{self.wire.user}</t:Address></t:Mailbox>"
            f"<t:UserOofSettings>{_element('OofState', words[away['status']])}"
            f"{_element('ExternalAudience', away['audience'].capitalize())}"
            f"<t:Duration>{span}</t:Duration>{replies}"
            "</t:UserOofSettings></m:SetUserOofSettingsRequest>"
        )
        assert got.codes == ["NoError"], got.codes

    def away(self) -> dict[str, str]:
        got = self.wire(
            f"<m:GetUserOofSettingsRequest><t:Mailbox><t:Address>{self.wire.user}</t:Address></t:Mailbox>"
            "</m:GetUserOofSettingsRequest>"
        )
        words = {"Disabled": "disabled", "Enabled": "alwaysEnabled", "Scheduled": "scheduled"}
        return {
            "status": words[got.text("t:OofState")],
            "audience": got.text("t:ExternalAudience").lower(),
            "internal": got.text("t:InternalReply/t:Message"),
            "external": got.text("t:ExternalReply/t:Message"),
            "start": _utc(got.text("t:StartTime")),
            "end": _utc(got.text("t:EndTime")),
        }


class ByGraph:
    """The mailbox at the Graph face."""

    name = "Graph"

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        lists = graph.get("/me/todo/lists").value
        self._list = next(one["id"] for one in lists if one["wellknownListName"] == "defaultList")

    def _place(self, kind: str) -> str:
        places = {"mail": "/me/messages", "event": "/me/events", "task": f"/me/todo/lists/{self._list}/tasks"}
        return places[kind]

    def _address(self, kind: str, number: str) -> str:
        return f"{self._place(kind)}/{self.translated(number)}"

    def translated(self, number: str, source: str = "ewsId", target: str = "restId") -> str:
        """An id as another kind of ids has it."""
        got = self.graph.post(
            "/me/translateExchangeIds",
            {"inputIds": [number], "sourceIdType": source, "targetIdType": target},
        )
        assert got.status == 200, got
        (one,) = got.value
        assert one["sourceId"] == number
        assert one["targetId"], one
        return str(one["targetId"])

    def _ews_id(self, got: Any) -> str:
        assert got.status in (200, 201), got
        return self.translated(got.id, "restId", "ewsId")

    def _body(self, kind: str, thing: dict[str, Any]) -> dict[str, Any]:
        properties = {"token": TOKEN, "answers": _ANSWERS}
        writers: dict[str, Any] = {
            "subject": ("title" if kind == "task" else "subject", lambda one: one),
            "body": ("body", lambda one: {"contentType": "text", "content": one}),
            "categories": ("categories", list),
            "importance": ("importance", lambda one: one),
            "flag": ("flag", _graph_flag),
            "to": ("toRecipients", lambda found: [{"emailAddress": {"address": one}} for one in found]),
            "read": ("isRead", lambda one: one),
            "start": ("start", _in_zone),
            "end": ("end", _in_zone),
            "shown": ("showAs", lambda one: one),
            "place": ("location", lambda one: {"displayName": one}),
            "due": ("dueDateTime", lambda one: _in_zone(one) if one else None),
            "reminds": ("isReminderOn", lambda one: one),
            "reminder": ("reminderDateTime", lambda one: _in_zone(one) if one else None),
            "status": ("status", lambda one: one),
        }
        out = {name: write(thing[key]) for key, (name, write) in writers.items() if key in thing}
        extended = [{"id": properties[key], "value": thing[key]} for key in properties if thing.get(key)]
        return out | ({"singleValueExtendedProperties": extended} if extended else {})

    def create(self, kind: str, thing: dict[str, Any]) -> str:
        return self._ews_id(self.graph.post(self._place(kind), self._body(kind, thing)))

    def update(self, kind: str, number: str, thing: dict[str, Any]) -> str:
        return self._ews_id(self.graph.patch(self._address(kind, number), self._body(kind, thing)))

    def read(self, kind: str, number: str) -> dict[str, Any]:
        expand = {} if kind == "task" else {"$expand": _EXPAND}
        got = self.graph.get(self._address(kind, number), params=expand, headers=_TEXT)
        assert got.status == 200, got
        value = got.json
        found = {
            "subject": value["title" if kind == "task" else "subject"],
            "body": value["body"]["content"],
            "categories": value["categories"],
            "importance": value["importance"],
        }
        extended = {one["id"].lower(): one["value"] for one in value.get("singleValueExtendedProperties", ())}
        if kind == "mail":
            found |= {
                "token": extended.get(TOKEN.lower(), ""),
                "answers": extended.get(_ANSWERS.lower(), ""),
                "flag": [value["flag"]["flagStatus"], _moment(value["flag"].get("dueDateTime"))],
                "to": [one["emailAddress"]["address"] for one in value["toRecipients"]],
                "read": value["isRead"],
                "draft": value["isDraft"],
                "message_id": value["internetMessageId"] or "",
            }
        if kind == "task":
            found |= {
                "due": _moment(value.get("dueDateTime")),
                "reminds": value["isReminderOn"],
                "reminder": _moment(value.get("reminderDateTime")) if value["isReminderOn"] else "",
                "status": value["status"],
            }
        if kind == "event":
            found |= {
                "token": extended.get(TOKEN.lower(), ""),
                "start": _moment(value["start"]),
                "end": _moment(value["end"]),
                "shown": value["showAs"],
                "place": value["location"].get("displayName", ""),
            }
        return found

    def send(self, number: str) -> None:
        got = self.graph.post(f"{self._address('mail', number)}/send")
        assert got.status == 202, got

    def move(self, number: str, folder: str) -> str:
        return self._ews_id(
            self.graph.post(f"{self._address('mail', number)}/move", {"destinationId": folder})
        )

    def delete(self, number: str) -> None:
        got = self.graph.delete(self._address("mail", number))
        assert got.status == 204, got

    def folder(self, name: str, *, hidden: bool) -> bool:
        got = self.graph.post("/me/mailFolders", {"displayName": name, "isHidden": hidden})
        assert (got.status, got.code if got.status != 201 else "") in (
            (201, ""),
            (409, "ErrorFolderExists"),
        ), got
        return got.status == 201

    def folders(self) -> dict[str, bool]:
        found = self.graph.all("/me/mailFolders", params={"includeHiddenFolders": "true"})
        return {one["displayName"]: one["isHidden"] for one in found}

    def set_away(self, away: dict[str, str]) -> None:
        setting = {
            "status": away["status"],
            "externalAudience": away["audience"],
            "internalReplyMessage": away["internal"],
            "externalReplyMessage": away["external"],
            "scheduledStartDateTime": _in_zone(away["start"]),
            "scheduledEndDateTime": _in_zone(away["end"]),
        }
        got = self.graph.patch("/me/mailboxSettings", {"automaticRepliesSetting": setting})
        assert got.status == 200, got

    def away(self) -> dict[str, str]:
        value = self.graph.get("/me/mailboxSettings").json["automaticRepliesSetting"]
        return {
            "status": value["status"],
            "audience": value["externalAudience"],
            "internal": value["internalReplyMessage"],
            "external": value["externalReplyMessage"],
            "start": _moment(value["scheduledStartDateTime"]),
            "end": _moment(value["scheduledEndDateTime"]),
        }

    def by_token(self, token: str) -> list[tuple[str, bool]]:
        """What bears a token, in the whole mailbox: EWS ids, and whether they are drafts."""
        condition = f"singleValueExtendedProperties/any(ep: ep/id eq '{TOKEN}' and ep/value eq '{token}')"
        found = self.graph.all("/me/messages", params={"$filter": condition, "$select": "id,isDraft"})
        return [(self.translated(one["id"], "restId", "ewsId"), one["isDraft"]) for one in found]


def _text(got: Got, path: str) -> str:
    found = got.texts(path)
    return found[0] if found else ""


def _moment(value: dict[str, str] | None) -> str:
    return _utc(value["dateTime"]) if value else ""


def _categories(found: list[str]) -> str:
    return f"<t:Categories>{''.join(_element('String', one) for one in found)}</t:Categories>"


def _recipients(found: list[str]) -> str:
    people = "".join(f"<t:Mailbox>{_element('EmailAddress', one)}</t:Mailbox>" for one in found)
    return f"<t:ToRecipients>{people}</t:ToRecipients>"


def _flag(flag: list[str]) -> str:
    status, due = flag
    dates = _element("StartDate", due) + _element("DueDate", due) if due else ""
    return f"<t:Flag>{_element('FlagStatus', _FLAGS[status])}{dates}</t:Flag>"


def _graph_flag(flag: list[str]) -> dict[str, Any]:
    status, due = flag
    dates = {"startDateTime": _in_zone(due), "dueDateTime": _in_zone(due)} if due else {}
    return {"flagStatus": status, **dates}
