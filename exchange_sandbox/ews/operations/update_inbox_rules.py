"""UpdateInboxRules."""

from __future__ import annotations

import secrets
import sqlite3
from datetime import UTC
from typing import Any

from lxml import etree

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews import rules
from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.errors import EwsError, in_ews
from exchange_sandbox.ews.operations.get_inbox_rules import check_owner, refuse
from exchange_sandbox.ews.properties.kinds import Boolean
from exchange_sandbox.ews.rules import Problem
from exchange_sandbox.ews.xml import NSMAP, Element, children, listed, local, sub, tag, text_of
from exchange_sandbox.store import kept
from exchange_sandbox.transport import rulework

NAME = "UpdateInboxRules"
_OPERATIONS = ("t:CreateRuleOperation", "t:SetRuleOperation", "t:DeleteRuleOperation")


def answer(call: Call, request: Element) -> Element:
    """Make, change and delete rules: all that is asked, or nothing and what is wrong."""
    found = children(request, "m:MailboxSmtpAddress?", "m:RemoveOutlookRuleBlob?", "m:Operations")
    if "RemoveOutlookRuleBlob" in found:
        Boolean().parse(found["RemoveOutlookRuleBlob"], UTC)
    wanted = [_read(one) for one in listed(found["Operations"], *_OPERATIONS)]
    response = etree.Element(tag("m:UpdateInboxRulesResponse"), nsmap=NSMAP)
    try:
        check_owner(call, found.get("MailboxSmtpAddress"))
    except Refused as failure:
        error = in_ews(failure)
        refuse(response, error)
        return response
    with call.store.write() as db:
        known = {rule["id"]: rule for rule in rulework.every(db, call.user.id)}
        problems = _done(call, db, known, wanted)
        if not problems:
            kept.put(db, call.user.id, kept.RULES, list(known.values()))
    if problems:
        _refuse(response, problems)
    else:
        response.set("ResponseClass", "Success")
        sub(response, "m:ResponseCode", "NoError")
    return response


def _read(element: Element) -> tuple[str, dict[str, Any]]:
    what = local(element).removesuffix("RuleOperation")
    if what == "Delete":
        return what, {"id": text_of(children(element, "t:RuleId")["RuleId"])}
    return what, rules.parse(children(element, "t:Rule")["Rule"])


def _done(
    call: Call,
    db: sqlite3.Connection,
    known: dict[str, dict[str, Any]],
    wanted: list[tuple[str, dict[str, Any]]],
) -> dict[int, Problem]:
    problems = {}
    for index, (what, rule) in enumerate(wanted):
        try:
            _do(call, db, known, what, rule)
        except Problem as problem:
            problems[index] = problem
    return problems


def _do(
    call: Call, db: sqlite3.Connection, known: dict[str, dict[str, Any]], what: str, rule: dict[str, Any]
) -> None:
    if what == "Create":
        if rule["id"]:
            raise Problem("RuleId", "CreateWithRuleId", "The server gives a new rule its id.", rule["id"])
        rule["id"] = secrets.token_hex(8).upper()
    elif not rule["id"]:
        raise Problem("RuleId", "MissingParameter", "Which rule?")
    elif rule["id"] not in known:
        raise Problem("RuleId", "RuleNotFound", "There is no such rule.", rule["id"])
    if what == "Delete":
        del known[rule["id"]]
        return
    rules.check(call, db, rule)
    known[rule["id"]] = rule


def _refuse(response: Element, problems: dict[int, Problem]) -> None:
    refuse(response, EwsError("ErrorInboxRulesValidationError"))
    listing = sub(response, "m:RuleOperationErrors")
    for index, problem in problems.items():
        one = sub(listing, "t:RuleOperationError")
        sub(one, "t:OperationIndex", str(index))
        error = sub(sub(one, "t:ValidationErrors"), "t:Error")
        sub(error, "t:FieldURI", problem.field)
        sub(error, "t:ErrorCode", problem.code)
        sub(error, "t:ErrorMessage", str(problem))
        sub(error, "t:FieldValue", problem.value)
