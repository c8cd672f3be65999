"""Frozen values to JSON text and back, for the columns that hold them whole."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import datetime
from functools import lru_cache
from typing import Any

from ackd.model import (
    Address,
    Evidence,
    Finding,
    Importance,
    LetterName,
    MailKind,
    Question,
    Sensitivity,
    Traits,
    Urgency,
    Veto,
    rule_named,
)

_QUESTION = tuple(field.name for field in fields(Question))
_KEPT = 512  # questions: a promise is read at each step of its way


def dump_question(question: Question) -> str:
    data = {name: getattr(question, name) for name in _QUESTION}
    return json.dumps(data, default=_plain, ensure_ascii=False)


def _plain(value: Address | Traits | datetime) -> Any:
    if isinstance(value, Traits):
        return asdict(value)
    if isinstance(value, Address):
        return {"email": value.email, "name": value.name}
    return value.isoformat()


@lru_cache(_KEPT)
def load_question(text: str) -> Question:
    data = json.loads(text)
    data["asker"] = Address(**data["asker"])
    data["received"] = datetime.fromisoformat(data["received"])
    data["deadline"] = datetime.fromisoformat(data["deadline"]) if data["deadline"] else None
    data["urgency"] = Urgency(data["urgency"])
    data["sensitivity"] = Sensitivity(data["sensitivity"])
    data["importance"] = Importance(data["importance"])
    data["letter"] = LetterName(data["letter"])
    data["contact"] = Address(**data["contact"]) if data["contact"] else None
    data["references"] = tuple(data["references"])
    data["reply_to"] = tuple(data.get("reply_to", ()))
    data["traits"] = _traits(data.get("traits"))
    return Question(**data)


def _traits(row: dict[str, Any] | None) -> Traits | None:
    if row is None:
        return None
    return Traits(**row | {"kind": MailKind(row["kind"]), "phrases": tuple(row["phrases"])})


def dump_findings(findings: tuple[Finding, ...]) -> str:
    """Rules and reasons, without quotes: those are text of the mail."""
    return json.dumps([_row(finding) for finding in findings], ensure_ascii=False)


def _row(finding: Finding) -> dict[str, str | float]:
    if isinstance(finding, Veto):
        return {"says": "veto", "rule": finding.rule, "reason": finding.reason}
    return {"says": "evidence", "rule": finding.rule, "weight": finding.weight, "reason": finding.reason}


def load_findings(text: str) -> tuple[Finding, ...]:
    return tuple(map(_finding, json.loads(text)))


def _finding(row: dict[str, Any]) -> Finding:
    says, rule = row.pop("says"), rule_named(row.pop("rule"))
    return Veto(rule, **row) if says == "veto" else Evidence(rule, **row)
