"""The form of a pilot: what a first hour on a real server showed, for whoever works on ackd. Pure.

Nothing of what `ackd check` says in words goes into it as it stands: those words hold addresses, folders and
paths. Taken are ackd's own names for things, numbers, dates, and codes that servers answer with.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from ackd.engine.self_test import SelfTest
from ackd.judge.origin import AuthAs
from ackd.model import Course, EffectState, Judged, PromiseState, RuleName, Veto
from ackd.ports import Ledger
from ackd.text.headers import INSIDE_STAMP
from ackd.views.doctor import Finding

_CODES = r"\bAADSTS\d{4,8}\b|\bError[A-Z][A-Za-z]{2,50}\b|\banswered [1-5]\d\d\b"
_HEADERS = rf"\b(?:x-ackd|x-auto-response-suppress|in-reply-to|{INSIDE_STAMP.lower()})\b"
#: What may be told of the words beside a thing that `ackd check` looks at; of others nothing.
_TOLD = {
    "mailbox": re.compile(_CODES),
    "clock": re.compile(r"\b\d{1,7} s\b"),
    "folder": re.compile(r"\b\d{1,7} items\b"),
    "stamps": re.compile(
        r"\b\d{1,7} mails? looked at|\b\d{1,7} in a colleague's name|on these|on all|"
        rf"(?:{'|'.join(map(re.escape, AuthAs))}) \d{{1,7}}"
    ),
}
#: The same of what was tried: the mail and the task were ackd's own.
_TRIED = re.compile(rf"{_CODES}|{_HEADERS}|\b(?:arrive|lost)\b|\b\d{{4}}-\d\d-\d\d\b")
_NOTHING = re.compile(r"(?!)")
_VERSION = re.compile(r"Microsoft Graph v[\d.]{1,9}|\d+(?:\.\d+){3}")
_CLOUDS = {
    "graph.microsoft.com": "the global one",
    "graph.microsoft.us": "US Government L4",
    "dod-graph.microsoft.us": "US Government L5",
    "microsoftgraph.chinacloudapi.cn": "China",
}
_OWN_RULES, _FOREIGN = "rules of the owner's", "rules of an earlier ackd"

HEAD = """\
ackd: form of a pilot (docs/pilot.md)
It holds no name, address, subject, folder, path or server. Read it through before you pass it on."""

#: What only eyes can tell, by the numbers of docs/pilot.md; of Graph alone what stands in the second.
SEEN = (
    "the letter came into the colleague's Inbox, and lies there in the question's conversation",
    "the letter reads well, and its date is one that you would have said",
    "the colleague's automatic reply to the letter stayed out; nothing came back and forth",
    "the task stands in your task list: classic Outlook / new Outlook / web / phone (which)",
    "its reminder rang at its time: classic Outlook / new Outlook / web / phone (which)",
    "your answer ticked the task off within two minutes",
    "a task that you moved to another day brought a draft or a letter with the new date",
    "the category `ackd: not a question` was obeyed",
    "anything was sent twice, or to somebody who shouldn't have got it",
    "after the end nothing is left but what docs/mailbox.md says",
)
SEEN_BY_GRAPH = (
    "who had to consent (you / an administrator), and how long that took",
    "the sign-in went well: browser / device code / certificate; else its AADSTS number",
    "an hour later ackd still works without a new sign-in",
    "you saw the letter in Drafts before it was sent, and for how long",
)


@dataclass(frozen=True, slots=True)
class Counts:
    """What the ledger counts: mails, those that were left by rule, promises and effects by their states,
    kinds of open alarms."""

    judged: int
    acknowledged: int
    left: tuple[tuple[str, int], ...]
    promises: tuple[tuple[str, int], ...]
    effects: tuple[tuple[str, int], ...]
    alarms: tuple[str, ...]


def counts(ledger: Ledger, since: datetime, now: datetime) -> Counts:
    """What was done since a moment."""
    return count(
        ledger.judged(since),
        ledger.courses(since, now),
        {state.value: ledger.count_effects(state) for state in EffectState},
        [alarm.kind.value for alarm in ledger.open_alarms()],
    )


def count(
    judged: Sequence[Judged], courses: Iterable[Course], effects: Mapping[str, int], alarms: Iterable[str]
) -> Counts:
    """The same of what was read."""
    left = [one for one in judged if not one.verdict.acknowledge]
    silent = sum(not one.verdict.vetoes for one in left)
    rules = Counter(_told(veto) for one in left for veto in one.verdict.vetoes)
    states = Counter(course.promise.state for course in courses if course.promise.is_of_answer)
    return Counts(
        judged=len(judged),
        acknowledged=len(judged) - len(left),
        left=(*sorted(rules.items()), *([("no request seen", silent)] if silent else [])),
        promises=tuple((state.value, states[state]) for state in PromiseState if states[state]),
        effects=tuple((state, number) for state, number in effects.items() if number),
        alarms=tuple(sorted(set(alarms))),
    )


def _told(veto: Veto) -> str:
    """The rule as it may be told: what the owner or somebody else called one is no word of ackd's."""
    if veto.rule == RuleName.OWN_RULES:
        return _OWN_RULES
    return veto.rule if isinstance(veto.rule, RuleName) else _FOREIGN


def form(
    build: Mapping[str, str],
    way: Mapping[str, str],
    findings: Iterable[Finding],
    tried: SelfTest | None,
    counted: Counts,
    *,
    is_graph: bool,
) -> str:
    """The form as text. `build` are versions, `way` words of the configuration that come from fixed lists."""
    lines = [HEAD, "", "== Versions", _pairs(build), _pairs(way), "", "== What `ackd check` found"]
    lines += [_found(one) for one in findings]
    lines += ["", "== What was tried (`ackd check --send-to-self`)", *_tried(tried)]
    lines += ["", "== Counted", *_counted(counted), "", "== What you saw: yes, no or not tried, and a word"]
    asked = (*SEEN, *(SEEN_BY_GRAPH if is_graph else ()))
    lines += [f"{number:>2}. {question}:\n    …" for number, question in enumerate(asked, start=1)]
    return "\n".join([*lines, "", "Anything else (no names, please):", "    …", ""])


def cloud(endpoint: str) -> str:
    """Which of Microsoft's clouds an address of Graph is in, by its host alone."""
    return _CLOUDS.get((urlsplit(endpoint).hostname or "").lower(), "another")


def _version(words: str) -> str:
    """A server's version, where it looks like one."""
    found = _VERSION.search(words)
    return found[0] if found else "unknown"


def _pairs(values: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())


def _found(finding: Finding) -> str:
    pattern = _VERSION if finding.what == "server" else _TOLD.get(finding.what, _NOTHING)
    return _line(finding.what, pattern.findall(finding.found), is_well=finding.well)


def _line(what: str, facts: Iterable[str], *, is_well: bool | None) -> str:
    mark = {True: "ok  ", False: "FAIL", None: "  ? "}[is_well]
    found = ", ".join(facts)
    return f"{mark} {what}" + (f": {found}" if found else "")


def _tried(known: SelfTest | None) -> Iterator[str]:
    if known is None:
        yield "never"
        return
    yield f"on {known.at:%Y-%m-%d}, {_version(known.version)}"
    for result in known.results:
        yield _line(result.what, _TRIED.findall(result.found), is_well=result.holds)


def _counted(found: Counts) -> Iterator[str]:
    yield f"mails judged {found.judged}, acknowledged {found.acknowledged}"
    for name, values in (
        ("left by", found.left),
        ("promises", found.promises),
        ("letters, tasks and notices", found.effects),
    ):
        yield f"{name}: {', '.join(f'{what} {number}' for what, number in values) or 'none'}"
    yield f"open alarms: {', '.join(found.alarms) or 'none'}"
