"""The owner's rules from the file to the plan: each field and each outcome, as YAML says it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ackd.config import loads
from ackd.engine.triage import Settings, Triage, judge
from ackd.model import Address, EffectKind, Mail, Thread, Veto
from ackd.runtime.settings import settings_of
from tests.config.minimal import ENV, MAILBOX
from tests.people import mail

#: A Sunday evening in UTC, and a Monday in Berlin already.
NIGHT = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
BASE = """\
internal: {domains: [corp.example]}
promise: {time_zone: Europe/Berlin, working_hours: {mon-fri: 9-17}, absences: none}
"""
LETTER, TASK = EffectKind.ACKNOWLEDGEMENT, EffectKind.TASK


def configured(*rules: str) -> Settings:
    text = MAILBOX + BASE + f"rules: [{', '.join(rules)}]\n"
    settings, _ = settings_of(loads(text.encode(), Path("/etc/ackd/config.yaml"), ENV).config)
    lists = {"team@corp.example": frozenset({"bob@corp.example"})}
    return replace(settings, policy=replace(settings.policy, lists=lists))


def asked(text: str = "Could you please send me the Figures for October?", **changes: object) -> Mail:
    return replace(mail("q", text), received=NIGHT, **changes)  # type: ignore[arg-type]


def judged(found: Mail, *rules: str) -> Triage:
    return judge(found, configured(*rules), NIGHT + timedelta(minutes=1), thread=Thread(), watermark=None)


def applies(condition: str, found: Mail) -> bool:
    triage = judged(found, f"{{name: mine, when: {condition}, then: {{acknowledge: never}}}}")
    return any("your rule 'mine'" in f.reason for f in triage.verdict.findings)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        # texts: contained, glob, regular expression, list; in any case
        ("{subject: ABOUT}", True),
        ("{subject: figures}", False),
        ('{subject: "about ?"}', False),  # in subjects a question mark is itself
        ('{subject: "about *"}', True),
        ('{subject: "bout *"}', False),  # a glob is the whole subject
        (r"{subject: /^about\s+q$/}", True),
        ("{subject: [nothing, '/abou[st]/']}", True),
        ("{subject: [nothing, else]}", False),
        ("{text: figures for}", True),
        ("{text: about q}", False),
        ("{text: earlier words}", False),  # quoted text isn't new
        (r"{text: '/october\?/'}", True),
        # addresses: the whole, glob, regular expression, list
        ("{from: BOB@corp.example}", True),
        ("{from: ob@corp.example}", False),
        ('{from: "b?b@*"}', True),
        ('{from: "*@corp.exampl"}', False),
        ("{from: /^b.b@/}", True),
        ("{from: [carol@corp.example, bob@corp.example]}", True),
        ("{to: alice@corp.example}", True),
        ("{to: carl@corp.example}", True),  # in Cc
        ("{to: bob@corp.example}", False),
        ("{group: team@corp.example}", True),
        ('{group: "team@*"}', True),
        ("{group: others@corp.example}", False),
        # facts
        ("{urgency: normal}", True),
        ("{urgency: [urgent, no_rush]}", False),
        ("{language: en}", True),
        ("{language: [de, fr]}", False),
        ("{internal: true}", True),
        ("{internal: false}", False),
        ("{has_attachment: yes}", True),
        ("{has_attachment: no}", False),
        # arrival, by the owner's clock: Monday 00:30
        ("{weekday: mon}", True),
        ("{weekday: [sun, tue-fri]}", False),
        ("{weekday: sat-mon}", True),
        ("{hour: 0}", True),
        ("{hour: 23}", False),
        ('{hour: "22:30-6:00"}', True),
        ('{hour: "0:00-0:30"}', False),  # the end doesn't belong to it
        ('{hour: ["9-17", "0:30-0:31"]}', True),
        # all of several conditions
        ("{from: bob@corp.example, text: figures, weekday: mon, internal: true}", True),
        ("{from: bob@corp.example, text: figures, weekday: tue, internal: true}", False),
    ],
)
def test_a_condition(condition: str, holds: bool) -> None:
    text = "Could you please send me the Figures for October?\n\n> earlier words"
    found = asked(text, cc=(Address("Carl@corp.example"),), has_attachments=True)

    assert applies(condition, found) is holds


@pytest.mark.parametrize(
    ("pattern", "sender", "holds"),
    [
        ("bücher.example", "bob@xn--bcher-kva.example", True),
        ("xn--bcher-kva.example", "bob@BÜCHER.example", True),
        ("corp.example", "bob@cоrp.example", False),  # a Cyrillic o
        ("corp.example", "bob@corp.example.evil.test", False),
        ("corp.example", "bob@evilcorp.example", False),
    ],
)
def test_addresses_compare_in_any_spelling_and_with_no_look_alike(
    pattern: str, sender: str, holds: bool
) -> None:
    assert applies(f"{{from: '*@{pattern}'}}", asked(sender=Address(sender))) is holds


@pytest.mark.parametrize(
    ("urgent", "text"),
    [
        ("urgent", "URGENT: could you please send me the figures at once?"),
        ("no_rush", "No rush: could you please send me the figures?"),
    ],
)
def test_urgency_is_what_the_mail_says(urgent: str, text: str) -> None:
    assert applies(f"{{urgency: {urgent}}}", asked(text))
    assert not applies("{urgency: normal}", asked(text))


@pytest.mark.parametrize(
    "expression", ["/(a+)+$/", "/(a|a)*b/", "/(a|aa)+$/", "/^(([a-z])+.)+[A-Z]([a-z])+$/", "/(.*a){12}b/"]
)
def test_no_expression_hangs_on_a_hostile_mail(expression: str) -> None:
    """An engine that goes back and forth would need more steps than there are atoms: this ends."""
    text = "Could you send me the figures? " + "a" * 100_000 + "!"
    settings = configured(f"{{name: mine, when: {{text: '{expression}'}}, then: {{acknowledge: never}}}}")
    (rule,) = settings.owner_rules

    assert not rule.when.text[0].matches(text)
    assert judge(asked(text), settings, NIGHT, thread=Thread(), watermark=None).verdict.findings


# --- outcomes -----------------------------------------------------------------------------------


def kinds(triage: Triage) -> set[EffectKind]:
    return {effect.kind for effect in triage.planned.effects} if triage.planned else set()


def outcome(then: str, found: Mail | None = None) -> Triage:
    return judged(found or asked(), f"{{name: mine, when: {{from: '*'}}, then: {then}}}")


def test_letter_and_contact() -> None:
    triage = outcome("{letter: redirect, contact: HR <hr@corp.example>}")

    assert triage.planned
    question = triage.planned.promise.question
    assert (question.letter, question.contact) == ("redirect", Address("hr@corp.example", "HR"))
    assert question.asker.email == "bob@corp.example"  # the contact is named, never written to
    assert kinds(triage) == {LETTER, TASK}


def test_within() -> None:
    usual, soon = judged(asked()), outcome("{within: 1 business hour}")

    assert usual.planned
    assert soon.planned
    assert soon.planned.promise.due < usual.planned.promise.due


def test_category() -> None:
    triage = outcome("{category: Release}")

    assert triage.planned
    assert triage.planned.promise.question.category == "Release"


@pytest.mark.parametrize(
    ("then", "text", "wanted"),
    [
        ("{category: x}", "Could you send me the figures?", {LETTER, TASK}),
        ("{category: x}", "The weather is nice today.", set()),
        ("{acknowledge: always}", "The weather is nice today.", {LETTER, TASK}),
        ("{acknowledge: always, task: no}", "The weather is nice today.", {LETTER}),
        ("{acknowledge: never}", "Could you send me the figures?", set()),
        ("{acknowledge: never, task: yes}", "The weather is nice today.", {TASK}),
        ("{task: no}", "Could you send me the figures?", {LETTER}),
        ("{task: yes}", "Could you send me the figures?", {LETTER, TASK}),
        ("{task: yes}", "The weather is nice today.", set()),
        ("{acknowledge: null, task: no}", "Could you send me the figures?", {LETTER}),
    ],
)
def test_acknowledge_and_task(then: str, text: str, wanted: set[EffectKind]) -> None:
    assert kinds(outcome(then, asked(text))) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Thanks a lot!",
        "Danke dir, das passt!",
        "Merci beaucoup !",
        "¡Muchas gracias!",
        "Grazie mille!",
        "Bedankt!",
        "Obrigado pela ajuda!",
        "Great, see you tomorrow.",
        "FYI, the report is attached.",
    ],
)
def test_always_with_a_threshold_leaves_thanks(text: str) -> None:
    assert outcome("{acknowledge: always}", asked(text)).verdict.acknowledge
    assert kinds(outcome("{acknowledge: always, threshold: 0.3}", asked(text))) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Any news on the budget?",
        "Gibt es etwas Neues zum Budget?",
        "Du nouveau pour le budget ?",
        "¿Alguna novedad del presupuesto?",
        "Ci sono novità sul budget?",
        "Is er nieuws over het budget?",
        "Há novidades do orçamento?",
    ],
)
def test_always_with_a_threshold_takes_what_is_at_all_a_request(text: str) -> None:
    assert kinds(outcome("{acknowledge: always, threshold: 0.3}", asked(text))) == {LETTER, TASK}


def test_a_threshold_counts_for_the_mails_of_its_rule_alone() -> None:
    mail = asked("We need the numbers for March.")
    found = judged(mail)
    probability = found.facts.request.probability
    assert not found.verdict.acknowledge
    above = f"{{threshold: {min(1, probability + 0.01):.6f}}}"
    assert kinds(outcome(f"{{threshold: {probability - 0.01:.6f}}}", mail)) == {LETTER, TASK}
    assert kinds(outcome(above, mail)) == set()
    assert kinds(outcome("{threshold: eager}", asked("Could you send me the figures?"))) == {LETTER, TASK}
    other = "{name: other, when: {subject: holiday}, then: {threshold: 0.0}}"
    assert not judged(mail, other).verdict.acknowledge
    reasons = [one.reason for one in outcome(above, mail).verdict.findings if one.rule == "rules"]
    assert len(reasons) == 1
    assert "wants a request of at least" in reasons[0]


def test_a_threshold_overrides_no_veto() -> None:
    machine = (("Auto-Submitted", "auto-replied"), ("X-MS-Exchange-Organization-AuthAs", "Internal"))
    triage = outcome("{acknowledge: always, threshold: 0.0}", asked(headers=machine))
    assert not triage.verdict.acknowledge


@pytest.mark.parametrize(
    "unsafe",
    [
        {"headers": (("Auto-Submitted", "auto-replied"), ("X-MS-Exchange-Organization-AuthAs", "Internal"))},
        {"headers": (("From", "bob@corp.example"),)},  # no stamp
        {"headers": None},
        {"sender": Address("bob@evil.test")},
        {"item_class": None},
        {"to": (Address("staff@corp.example"),)},
        {"is_marked_answered": True},
        {"reply_to": (Address("bob@evil.test"),)},
        {"unreadable": ("when it came",)},
    ],
)
def test_always_overrides_no_veto(unsafe: dict[str, object]) -> None:
    triage = outcome("{acknowledge: always, task: yes}", asked(**unsafe))

    assert not triage.verdict.acknowledge
    assert any(isinstance(finding, Veto) for finding in triage.verdict.findings)
    assert kinds(triage) == set()


def test_the_first_match_wins_and_the_others_have_no_say() -> None:
    never = "{name: first, when: {subject: about}, then: {acknowledge: never}}"
    always = "{name: second, when: {from: '*'}, then: {acknowledge: always}}"

    assert not judged(asked(), never, always).verdict.acknowledge
    assert judged(asked(), always, never).verdict.acknowledge
    assert "second" not in judged(asked(), never, always).verdict.reason
