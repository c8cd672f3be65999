"""Each rule silences its golden mails for its own reason, and lets the near misses pass."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import Any

import pytest

from ackd.judge import rules
from ackd.judge.decide import all_rules, decide
from ackd.judge.rules import robots
from ackd.model import Evidence, Veto
from ackd.views import log as view
from tests.judge import golden

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = sorted((golden.FOLDER / "rules").glob("*.yaml"))


def _cases(kind: str) -> list[Any]:
    return [
        pytest.param(path.stem, case, id=f"{path.stem}-{name}")
        for path in FILES
        for name, case in golden.load(path)[kind].items()
    ]


@pytest.mark.parametrize(("rule", "case"), _cases("silent"))
def test_silent(rule: str, case: dict[str, Any]) -> None:
    verdict = decide(golden.read(case), golden.policy(case))

    assert not verdict.acknowledge
    name = rule.replace("_", " ")
    found = [f for f in verdict.findings if f.rule == name and (isinstance(f, Veto) or f.weight < 0)]
    assert found, verdict.reason
    assert found[0].reason


@pytest.mark.parametrize(("rule", "case"), _cases("acknowledge"))
def test_near_miss(rule: str, case: dict[str, Any]) -> None:
    verdict = decide(golden.read(case), golden.policy(case))

    assert verdict.acknowledge, verdict.reason


def test_every_rule_has_golden_mails() -> None:
    assert {path.stem for path in FILES} == {name.replace(" ", "_") for name in all_rules()}
    for path in FILES:
        cases = golden.load(path)
        assert cases["silent"], path
        assert cases["acknowledge"], path


def test_no_module_of_rules_is_forgotten() -> None:
    themes = [
        importlib.import_module(f"{rules.__name__}.{m.name}") for m in pkgutil.iter_modules(rules.__path__)
    ]
    made = [one for theme in themes for one in vars(theme).values() if isinstance(one, rules.JudgeRule)]
    assert sorted(one.name for one in made) == list(all_rules())


def test_every_rule_is_described_to_users() -> None:
    page = " ".join((ROOT / "docs" / "judge.md").read_text(encoding="utf-8").split())
    for one in view.rules():
        assert f"*{one.name}*: {one.description}" in page, one.name


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        ("mailing_list", robots.LIST_HEADERS),
        ("robot_header", robots.RESPONDER_HEADERS),
        ("exchange_robot", robots.EXCHANGE_HEADERS),
    ],
)
def test_every_header_of_a_rule_has_a_golden_mail(rule: str, named: frozenset[str]) -> None:
    silent = golden.load(golden.FOLDER / "rules" / f"{rule}.yaml")["silent"]

    assert named <= {name.lower() for case in silent.values() for name in case.get("headers", {})}


#: What a rule's veto doesn't do though the vetoes of most rules do: mute what the sender writes later, hold
#: against the owner's command, and forbid a task without a letter.
LENIENT = {
    "addressed": "mute hold forbid",
    "age": "mute hold",
    "answered": "mute hold",
    "auto response suppress": "mute forbid",
    "encrypted": "forbid",
    "excepted": "forbid",
    "folder": "mute hold",
    "internal": "forbid",
    "language": "mute hold forbid",
    "machine": "hold",
    "open promise": "mute hold",
    "put to": "mute hold forbid",
    "recipients": "mute hold forbid",
    "reply to": "mute forbid",
    "right now": "mute hold forbid",
    "sent again": "mute hold",
}


def test_what_a_veto_means() -> None:
    """The safe side is the default: a new rule mutes, holds and forbids."""
    found = {
        name: " ".join(
            word
            for word, lenient in (
                ("mute", not one.mutes_follow_ups),
                ("hold", one.overridable),
                ("forbid", not one.blocks_task),
            )
            if lenient
        )
        for name, one in all_rules().items()
    }
    assert {name: said for name, said in found.items() if said} == LENIENT


@pytest.mark.parametrize(("sender", "blocks"), [("bob@corp.example", True), ("eve@evil.example", False)])
def test_a_missing_stamp_forbids_a_task_only_in_a_colleagues_name(sender: str, blocks: bool) -> None:
    changes = {"X-MS-Exchange-Organization-AuthAs": None, "From": sender}
    verdict = decide(golden.read({"headers": changes}), golden.policy({}))
    (veto,) = [f for f in verdict.findings if isinstance(f, Veto) and f.rule == "authenticated"]
    assert veto.blocks_task is blocks


def test_every_reason_is_kept() -> None:
    case = {"headers": {"Precedence": "bulk", "From": "no-reply@evil.test", "List-Id": "x"}, "text": "FYI"}

    verdict = decide(golden.read(case), golden.policy(case))

    vetoes = {f.rule for f in verdict.findings if isinstance(f, Veto)}
    assert {"precedence", "mailing list", "internal", "system sender"} <= vetoes
    assert [f for f in verdict.findings if isinstance(f, Evidence)]


@pytest.mark.parametrize("bits", range(0x40))
def test_the_bits_of_auto_response_suppress(bits: int) -> None:
    """MS-OXOMSG 2.2.1.77: OOF 0x10 and AutoReply 0x20 silence; DR, NDR, RN and NRN say nothing of answers."""
    verdict = decide(golden.read({"mail": {"suppressed": bits}}), golden.policy({}))

    assert verdict.acknowledge is not bool(bits & 0x30)


def test_what_is_unknown_is_recorded_as_unknown() -> None:
    mail = {"headers": None, "item_class": None, "unreadable": ["when it came", "its text"]}

    verdict = decide(golden.read({"mail": mail}), golden.policy({}))

    reasons = [f.reason for f in verdict.findings if isinstance(f, Veto)]
    assert reasons == [
        "unknown, for it can't be read: when it came, its text",
        "its headers can't be read",
        "what kind of item it is can't be told",
    ]


#: What mail servers and programs call things, as they spell it: every word is known for what it is.
SPELLINGS = {
    "automatic subject": {
        "Subject": """
            Automatic reply: x | Auto-Reply: x | AutoReply: x | Out of Office: x | Out of the office: x | Out
            of Office AutoReply: x | Automatische Antwort: x | Abwesenheitsnotiz: x | Abwesend: x | Réponse
            automatique : x | Absence du bureau : x | Respuesta automática: x | Fuera de la oficina: x |
            Automatisch antwoord: x | Niet aanwezig: x | Risposta automatica: x | Fuori sede: x | Resposta
            automática: x | Fora do escritório: x | Undeliverable: x | Unzustellbar: x | Non remis : x | No se
            puede entregar: x | Onbestelbaar: x | Non recapitabile: x | Não entregue: x | Read: x | Gelesen: x
            | Not read: x | Ungelesen: x | Delivered: x | Delivery Status Notification (Failure) | Returned
            mail: x | Mail delivery failed: x | Failure notice | Recall: x
        """
    },
    "system sender": {
        "From": """
            mailer-daemon | mailer_daemon | postmaster | listserv | majordomo | owner-staff | staff-request |
            staff-bounces | staff-bounces+x | bounce | bounces | bounce-7 | bounces+7 |
            microsoftexchange329e71ec | healthmailbox7 | systemmailbox7 | systemattendant | daemon | root |
            nobody | www-data | cron | autoreply | auto-reply | autoresponder | noreply | no-replies |
            do-not-reply | dont.reply | no-response | nepasrepondre | no-responder | no-contestar |
            nicht-antworten | keine-antwort | niet-beantwoorden | geen-antwoord | non-rispondere |
            nao-responda | nao-responder | unmonitored
        """
    },
}


@pytest.mark.parametrize("rule", SPELLINGS)
def test_every_spelling_is_known(rule: str) -> None:
    for name, words in SPELLINGS[rule].items():
        for word in map(str.strip, " ".join(words.split()).split("|")):
            value = word if name == "Subject" else f"{word}@corp.example"
            verdict = decide(golden.read({"headers": {name: value}}), golden.policy({}))
            assert rule in {veto.rule for veto in verdict.vetoes}, word
