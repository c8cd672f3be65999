"""Requests at random that the published metadata and JSON Schema of Graph allow, and ways to break them."""

from __future__ import annotations

import base64
import json
from typing import Any

from .graph_model import CONCRETE, Model, Operation, plain_name

_TEXTS = (
    "Hello",
    "",
    "alice@corp.example",
    "bob@corp.example",
    "é\u4e2d\U0001f600",
    "<&>\"'",
    "x" * 300,
    "0",
    "Red",
    "<p>Hello</p>",
    "a\u202eb",
    "it's",
    "100%",
)
_MOMENTS = (
    "2026-11-24T08:00:00Z",
    "2026-11-24T09:30:00+01:00",
    "2026-11-24T08:00:00.1234567Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "2026-02-28T23:59:59-12:00",
)
_LOCAL = ("2026-11-25T09:00:00", "2026-11-25T10:00:00.0000000", "2026-12-01", "9999-12-31T23:59:59", "x")
_ZONES = ("UTC", "W. Europe Standard Time", "Europe/Berlin", "Pacific/Kiritimati")
_CLOCKS = ("08:00:00", "17:00:00.0000000", "23:59:59")
_PROPERTIES = (
    "String {7c1d4a54-0000-4000-8000-61636b640001} Name ackd-token",
    "String 0x1042",
    "Integer 0x3FDF",
    "Boolean 0x5",
    "Integer 0x1081",
    "String 0x7d",
    "SystemTime 0x3007",
    "Binary 0x3013",
    "String 0x1000",
    "Integer {00062003-0000-0000-C000-000000000046} Id 0x8101",
)
_WITH_PROPERTY = "singleValueExtendedProperties/any(ep: {})"
_SERVERS = ("id", "completedDateTime", "from", "sender")  # of whole requests these are said seldom
#: What a body says mostly, though the schema leaves it open.
_WANTED: dict[str, tuple[str, ...]] = {
    "message": ("subject", "body", "toRecipients"),
    "mailFolder": ("displayName",),
    "event": ("subject", "start", "end"),
    "calendar": ("name",),
    "todoTaskList": ("displayName",),
    "todoTask": ("title",),
    "checklistItem": ("displayName",),
    "linkedResource": ("applicationName", "externalId"),
    "outlookCategory": ("displayName", "color"),
    "fileAttachment": ("name", "contentBytes"),
    "itemAttachment": ("name",),
    "taskFileAttachment": ("name", "contentBytes"),
    "openTypeExtension": ("extensionName",),
    "emailAddress": ("address",),
    "recipient": ("emailAddress",),
    "attendee": ("emailAddress", "type"),
    "itemBody": ("contentType", "content"),
    "dateTimeTimeZone": ("dateTime", "timeZone"),
    "singleValueLegacyExtendedProperty": ("id", "value"),
    "internetMessageHeader": ("name", "value"),
    "patternedRecurrence": ("pattern", "range"),
    "recurrencePattern": ("type", "interval", "daysOfWeek"),
    "recurrenceRange": ("type", "startDate", "numberOfOccurrences"),
}
_NAMED: dict[str, tuple[Any, ...]] = {
    "address": ("alice@corp.example", "bob@corp.example", "carol@elsewhere.example"),
    "dateTime": _LOCAL[:4],
    "timeZone": _ZONES,
    "extensionName": ("example.one", "example.two"),
    "startDate": ("2026-11-25", "2026-12-31"),
    "endDate": ("2026-12-25",),
    "contentBytes": (base64.b64encode(b"hello").decode(), ""),
    "interval": (1, 2),
    "numberOfOccurrences": (1, 3, 10),
    "Schedules": (["alice@corp.example"], ["bob@corp.example", "nobody@corp.example"]),
    "EmailAddresses": (["alice@corp.example"],),
    "AvailabilityViewInterval": (15, 60),
    "transactionId": ("t-1", "t-2", "t-3", "t-4"),
}


class Requests(Model):
    """Makes options and bodies of requests, and breaks them."""

    # options

    def options(self, operation: Operation) -> dict[str, str]:
        """Options for reading."""
        kind, _, form = operation.answer.partition(".")
        names, pick = self.plain(kind), self.random
        found: dict[str, str] = {}
        if operation.method != "GET" or not names:
            return {}
        if pick.random() < 0.4:
            found["$select"] = ",".join(pick.sample(names, pick.randint(1, min(4, len(names)))))
        if form == "page":
            if pick.random() < 0.3:
                found["$filter"] = self.filter(kind)
            elif pick.random() < 0.3:
                found["$orderby"] = f"{pick.choice(names)}{pick.choice(('', ' asc', ' desc'))}"
            for name, values in (
                ("$top", (1, 5, 1000)),
                ("$skip", (0, 1, 99)),
                ("$count", ("true", "false")),
            ):
                if pick.random() < 0.3:
                    found[name] = str(pick.choice(values))
        if form != "delta" and pick.random() < 0.2:
            there = [name for name, _, _ in self.navigations(kind)]
            if "singleValueExtendedProperties" in there:
                there.append(f"singleValueExtendedProperties($filter=id eq '{pick.choice(_PROPERTIES)}')")
            if there:
                found["$expand"] = pick.choice([*there[-1:] * 3, *there])
        if operation.template[-1] in ("calendarView", "instances"):
            found |= {"startDateTime": "2026-11-24T00:00:00Z", "endDateTime": pick.choice(_MOMENTS)}
        return found

    def filter(self, kind: str) -> str:
        """A condition on members of a type."""
        pick, name = self.random, self.random.choice(self.plain(kind) or ["id"])
        text = pick.choice(_TEXTS).replace("'", "''")
        return pick.choice(
            (
                f"{name} eq '{text}'",
                f"{name} ne null",
                f"contains({name},'{text}')",
                f"{name} eq true",
                f"startswith({name},'{text}')",
                f"{name} ge {pick.choice(_MOMENTS)}",
                f"not ({name} eq 1)",
                f"{name} eq '{text}' and (id ne 'x' or {name} eq null)",
                f"{name}/any(a: a eq '{text}')",
                f"{name}/emailAddress/address eq 'bob@corp.example'",
                f"{name} in ('a','{text}')",
                _WITH_PROPERTY.format(f"ep/id eq '{pick.choice(_PROPERTIES)}' and ep/value eq 'x'"),
                _WITH_PROPERTY.format("ep/id eq 'Integer 0x1081' and cast(ep/value, Edm.Int32) eq 102"),
            )
        )

    # bodies

    def body(self, operation: Operation) -> Any:
        """What a request brings; None for nothing."""
        if isinstance(operation.body, tuple):
            return self._parameters(dict(operation.body))
        return self.thing(operation.body) if operation.body else None

    def _parameters(self, wanted: dict[str, str]) -> dict[str, Any]:
        if {"Comment", "Message"} <= set(wanted):  # one of them
            wanted.pop(self.random.choice(("Comment", "Message")))
        return {name: self._parameter(name, kind) for name, kind in wanted.items() if self.chosen(0.95)}

    def _parameter(self, name: str, kind: str) -> Any:
        if kind.startswith("Collection("):
            if name in _NAMED or name == "InputIds":
                return self._named(name)
            return [self._parameter(name, kind[11:-1]) for _ in range(self.random.randint(0, 2))]
        edm = {"Edm.Boolean": True, "Edm.Int32": 30, "Edm.Double": 50.0, "Edm.Duration": "PT1H"}
        return edm[kind] if kind in edm else self.value(name, {"$ref": f"#/$defs/{plain_name(kind)}"}, 1)

    def _named(self, name: str) -> Any:
        if name.lower() in ("destinationid", "parentfolderid"):
            return self.key("{mailFolder}")
        if name == "InputIds":
            return (self.known.ids["message"] or ["AA="])[-3:]
        return self.random.choice(_NAMED[name])

    def thing(self, kind: str, depth: int = 0) -> dict[str, Any]:
        """A thing of a type."""
        concrete = self.random.choice(CONCRETE.get(kind, (kind,)))
        wanted = _WANTED.get(concrete, ())
        resources = {name for name, _, _ in self.navigations(concrete)}
        out: dict[str, Any] = {}
        if concrete != kind:
            out["@odata.type"] = f"#microsoft.graph.{concrete}"
        for name, schema in self.properties(concrete).items():
            chance = 0.98 if name in wanted else 0.03 if name in resources else 0.15 if depth < 3 else 0.02
            if not name.startswith("@") and name not in _SERVERS and self.chosen(chance):
                out[name] = self.value(name, schema, depth + 1)
        if concrete == "singleValueLegacyExtendedProperty":
            out["id"] = self.random.choice(_PROPERTIES)
        if concrete == "event" and self.chosen(0.9):
            out |= self._times()
        if concrete == "openTypeExtension":
            out["more"] = self.random.choice((1, "x", None, [1, {"a": True}]))
        return out

    def _times(self) -> dict[str, Any]:
        """When an event is, and how it recurs."""
        zone, day = self.random.choice(_ZONES), self.random.choice(_NAMED["startDate"])
        out: dict[str, Any] = {
            name: {"dateTime": f"{day}T{hour:02}:00:00", "timeZone": zone}
            for name, hour in (("start", 9), ("end", 10))
        }
        pattern = self.random.choice(
            (
                {"type": "daily", "interval": 1},
                {"type": "weekly", "interval": 2, "daysOfWeek": ["monday", "friday"]},
                {"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31},
                {
                    "type": "relativeYearly",
                    "interval": 1,
                    "month": 2,
                    "index": "last",
                    "daysOfWeek": ["sunday"],
                },
            )
        )
        range_ = self.random.choice(
            (
                {"type": "numbered", "startDate": day, "numberOfOccurrences": 3},
                {"type": "noEnd", "startDate": day},
                {"type": "endDate", "startDate": day, "endDate": "2027-03-01"},
            )
        )
        return out | ({"recurrence": {"pattern": pattern, "range": range_}} if self.chosen(0.4) else {})

    def value(self, name: str, schema: Any, depth: int) -> Any:
        """A value for a member, as its schema has it."""
        if name in _NAMED and self.chosen(0.9):
            return self._named(name)
        if name.lower() in ("destinationid", "parentfolderid"):
            return self._named(name)
        if "anyOf" in schema:
            kind = schema["anyOf"][0] if self.chosen(0.97) else self.random.choice(schema["anyOf"])
            return self.value(name, kind, depth)
        if "$ref" in schema:
            kind = schema["$ref"].rpartition("/")[2]
            enum = self.definitions.get(kind, {}).get("enum")
            return self.random.choice(enum) if enum else self.value_of_type(name, kind, depth)
        return self._simple(name, schema, depth)

    def value_of_type(self, name: str, kind: str, depth: int) -> Any:
        definition = self.definitions.get(kind)
        if definition is None or kind == "String":
            return self.random.choice(_TEXTS)
        if "properties" in (definition.get("else") or definition):
            return self.thing(kind, depth)
        return self.value(name, definition, depth)

    def _simple(self, name: str, schema: Any, depth: int) -> Any:
        pick = self.random
        if "enum" in schema:
            return pick.choice(schema["enum"])
        kind = schema.get("type")
        if kind == "array":
            most = 2 if depth < 4 else 0
            return [
                self.value(name, schema.get("items", {}), depth + 1) for _ in range(pick.randint(0, most))
            ]
        if kind == "string":
            return self._text(schema)
        simple: dict[Any, tuple[Any, ...]] = {
            "boolean": (True, False),
            "integer": (0, 1, -1, 15, 2147483647),
            "number": (0, 1.5, -1e9),
            "null": (None,),
        }
        return pick.choice(simple.get(kind, (None, "x", {})))

    def _text(self, schema: Any) -> str:
        shape = schema.get("pattern", "")
        if "contentEncoding" in schema:
            return self.random.choice(_NAMED["contentBytes"])
        if "T" in shape and "d{4}" in shape:
            return self.random.choice(_MOMENTS)
        if "d{4}" in shape:
            return self.random.choice(_NAMED["startDate"])
        if ":" in shape:
            return self.random.choice(_CLOCKS)
        return self.random.choice(_TEXTS)

    # what is broken

    def broken_body(self, value: Any) -> bytes:
        """A body that has one thing wrong, or that is none."""
        pick, text = self.random, json.dumps(value)
        way = pick.randrange(8)
        if way == 0:
            return text[: pick.randrange(len(text) + 1)].encode()
        if way == 1:
            return pick.choice(
                (b"[]", b"1", b'"x"', b"null", b"\xff\xfe{}", b'{"a":NaN}', b"{" * 9000, b"[" * 9000)
            )
        if way == 2:
            place = pick.randrange(len(text))
            return (text[:place] + pick.choice('{}[]",:0\\\x00') + text[place + 1 :]).encode()
        if way == 3:
            return (
                b'{"subject":"\\ud800","displayName":"\\udfff","title":"\\ud83d","a":"'
                + b"x" * 70_000
                + b'"}'
            )
        return json.dumps(self._spoiled(value)).encode()

    def _spoiled(self, value: Any) -> Any:
        """The same with one of its values another."""
        pick = self.random
        if isinstance(value, dict) and value and self.chosen(0.85):
            name = pick.choice(list(value))
            if self.chosen(0.15):
                return {
                    **value,
                    pick.choice(("nonsense", "", "@odata.type", "subject\u0000", "__proto__")): 1,
                }
            return {**value, name: self._spoiled(value[name])}
        if isinstance(value, list) and value and self.chosen(0.7):
            return [self._spoiled(value[0]), *value[1:]]
        return pick.choice(
            (
                None,
                True,
                0,
                -1,
                10**30,
                1.5e300,
                "",
                "x" * 5000,
                [],
                {},
                [None],
                {"a": {"b": {}}},
                "\u0000",
                "\ud800",
                "9999-99-99T99:99:99Z",
                "0000-00-00",
                [[[[[]]]]],
                "#microsoft.graph.nothing",
                "P1D",
            )
        )

    def broken_address(self, address: str) -> str:
        """An address that has one thing wrong."""
        pick, segments = self.random, address.split("/")
        place = pick.randrange(1, len(segments))
        junk = pick.choice(
            (
                "%00",
                "%ff%fe",
                "..",
                "",
                "x" * 3000,
                "'",
                "a b",
                "('",
                "me",
                "%E2%80%AE",
                "{id}",
                "$count",
                "$ref",
                "$value",
                "AAAA",
                "('%27')",
                "delta(a='b')",
                "()",
                "null",
            )
        )
        segments[place] = pick.choice((junk, segments[place] + junk, segments[place][:-2]))
        return "/".join(segments)

    def broken_options(self, options: dict[str, str]) -> dict[str, str]:
        """Options that have one thing wrong."""
        pick = self.random
        wrong = (
            ("$top", ("0", "-1", "x", "1001", "9" * 40, "1.5", "")),
            ("$skip", ("-1", "x", "9" * 40)),
            (
                "$filter",
                (
                    "(" * 500,
                    "subject eq",
                    "'",
                    "a/b/c/d eq 1",
                    "subject gt 5",
                    "contains(isRead,'x')",
                    "not",
                    "x" * 9000,
                    "cast(id, Edm.Nothing) eq 1",
                    "id eq 9999-99-99T99:99:99Z",
                    "id eq 1e999",
                    "categories/all(c: c/x/y eq 1)",
                    "length(id) eq 'x'",
                    "concat(id,1) eq 2",
                    "receivedDateTime ge 99999-01-01T00:00:00Z",
                    "id in ()",
                    "id eq " + "9" * 5000,
                    "subject/any(a: a eq 'x')",
                    "isRead/all(a: a)",
                    "duration'P1D' eq id",
                ),
            ),
            (
                "$orderby",
                ("body", "nothing", "subject sideways", ",", "toRecipients", "from/emailAddress/x/y"),
            ),
            ("$select", (",,", "nothing", "*", "subject/x", "%")),
            ("$count", ("maybe", "")),
            (
                "$expand",
                (
                    "x(",
                    "attachments($expand=attachments)",
                    "singleValueExtendedProperties($filter=id eq 1)",
                    "singleValueExtendedProperties",
                    "extensions($filter=(",
                    "attachments($top=x)",
                ),
            ),
            ("$search", ('"', "AND OR", '"subject:x" OR (', "(" * 300)),
            ("$skiptoken", ("x", "\u4e2d", "AAAA")),
            ("$deltatoken", ("x", "AAAA", "latest")),
            ("$nonsense", ("1",)),
            ("$format", ("xml",)),
            ("startDateTime", ("x", "2026", "")),
            ("endDateTime", ("0001-01-01T00:00:00Z", "x")),
            ("includeHiddenFolders", ("x", "true")),
            ("a\u0000b", ("c",)),
        )
        name, values = pick.choice(wrong)
        return {**options, name: pick.choice(values)}
