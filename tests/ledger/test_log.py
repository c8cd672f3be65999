"""The ledger's log finds what a plain look at every decision finds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ackd.engine.triage import judge
from ackd.ledger import SqlLedger
from ackd.ledger.log import is_of_ackd
from ackd.model import (
    Address,
    Decision,
    Evidence,
    Finding,
    Judged,
    Mail,
    Mode,
    Page,
    Thread,
    Verdict,
    Veto,
)
from ackd.model.log import LogFilter
from ackd.text.addresses import matches
from tests.people import ALICE, MONDAY, mail
from tests.people import settings as policies
from tests.plays import many

OWN_MAIL = (Veto("own mail", "sent by the owner"), Veto("robot header", "another ackd's own letter: X-Ackd"))
RULES = ("age", "open promise", "rules", 'q"uote', "100%", "a_b", "back\\slash", "ä")
OWN = ("no budgets", "it's", "100%", 'say "x"', "age")
SENDERS = (
    "bob@corp.example",
    "b_b@corp.example",
    "b%b@corp.example",
    "ann\\e@corp.example",
    "zoë@corp.example",
)
GLOBS = ("", "*", "BOB@*", "b_b@*", "b%b@*", "b?b@corp.example", "*\\e@*", "ZOË@*", "bob", "*@corp.example")

findings = st.lists(
    st.one_of(
        st.sampled_from(RULES).map(lambda name: Veto(name, f"because of {name}")),
        st.sampled_from(RULES).map(lambda name: Evidence(name, 1.0, 'it says "rule": "age"')),
        st.sampled_from(OWN).map(lambda name: Veto("rules", f"your rule {name!r} says: never acknowledge")),
        st.sampled_from(OWN).map(lambda name: Evidence("rules", 0.0, f"your rule {name!r} applies")),
        st.sampled_from((*OWN_MAIL, Veto("robot header", "sent by an automatic responder: X-Loop: 1"))),
    ),
    max_size=3,
)
decisions = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(SENDERS), st.booleans(), findings), max_size=8
)
filters = st.builds(
    LogFilter,
    message_ids=st.none() | st.just(("<m1@corp.example>", "<m3@corp.example>", "<none@x>")),
    since=st.none() | st.integers(0, 5).map(lambda h: MONDAY + timedelta(hours=h)),
    until=st.none() | st.integers(0, 5).map(lambda h: MONDAY + timedelta(hours=h)),
    acknowledged=st.none() | st.booleans(),
    rules=st.lists(st.sampled_from((*RULES, *OWN, "unknown")), max_size=2).map(tuple),
    sender=st.sampled_from(GLOBS),
    own=st.booleans(),
    limit=st.none() | st.integers(1, 4),
)


def is_meant(judged: Judged, wanted: LogFilter) -> bool:
    def is_by(finding: Finding, name: str) -> bool:
        own = finding.rule == "rules" and finding.reason.startswith(f"your rule {name!r} ")
        return own or finding.rule == name

    return (
        (wanted.message_ids is None or judged.message_id in wanted.message_ids)
        and (wanted.since is None or judged.decided >= wanted.since)
        and (wanted.until is None or judged.decided < wanted.until)
        and wanted.acknowledged in (None, judged.verdict.acknowledge)
        and (wanted.own or not set(OWN_MAIL) <= set(judged.verdict.findings))
        and (not wanted.rules or any(is_by(f, n) for f in judged.verdict.findings for n in wanted.rules))
        and (not wanted.sender or matches(wanted.sender.lower(), judged.sender))
    )


@given(decisions=decisions, wanted=filters)
@settings(max_examples=many(60))
def test_filters_find_what_a_plain_look_finds(
    decisions: list[tuple[int, str, bool, list[Finding]]], wanted: LogFilter
) -> None:
    ledger = SqlLedger("sqlite://", ALICE.address)
    for number, (hour, sender, acknowledge, said) in enumerate(decisions):
        at = MONDAY + timedelta(hours=hour)
        came = replace(mail(f"m{number}"), sender=Address(sender), received=at + timedelta(seconds=number))
        decision = Decision(came, Verdict(acknowledge, tuple(said)))
        ledger.record(Page(at, Mode.SEND, sync_state="", decisions=(decision,)))
    everything = ledger.judged(MONDAY - timedelta(days=1))
    in_order = sorted(everything, key=lambda judged: (judged.decided, judged.received))
    expected = [judged for judged in in_order if is_meant(judged, wanted)]
    expected = expected[-wanted.limit :] if wanted.limit else expected
    found = ledger.log(wanted)
    ledger.close()
    assert [entry.judged for entry in found] == expected


def test_ackds_own_mail_to_the_owner_is_known_by_what_the_judge_says() -> None:
    """Of whoever else's ackd, and of the owner's own words to themselves, it isn't said."""
    mark = "X-Ackd: 1\r\n"
    came = {
        "digest": mail("digest", sender=ALICE.address, headers=mark),
        "another's": mail("another", headers=mark),
        "a note": mail("note", sender=ALICE.address),
        "a loop": mail("loop", sender=ALICE.address, headers="X-Loop: alice\r\n"),
    }
    found = {name: judged(one) for name, one in came.items()}
    assert {name for name, findings in found.items() if is_of_ackd(findings)} == {"digest"}


def judged(one: Mail) -> tuple[Finding, ...]:
    return judge(one, policies(), MONDAY, thread=Thread(), watermark=None).verdict.findings
