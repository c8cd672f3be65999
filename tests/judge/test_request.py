"""The classifier, urgency and addressee: what must hold beside the golden mails."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from ackd.judge import facts
from ackd.judge.classifier.model import THRESHOLDS, model
from ackd.judge.policy import Policy
from ackd.judge.rules import question
from ackd.model import Audience, Importance, Thread, Urgency
from tests.judge import golden


def test_thresholds_rise_with_caution() -> None:
    assert set(THRESHOLDS) == {"cautious", "balanced", "eager"}
    assert 0.2 < THRESHOLDS["eager"] < THRESHOLDS["balanced"] < THRESHOLDS["cautious"] < 0.97


def test_the_model_is_small() -> None:
    path = Path(facts.__file__).parent / "classifier" / "request_model.json"

    assert path.stat().st_size < 1_000_000
    assert len(model().trees) >= 100


def test_the_sentence_that_asks() -> None:
    found = golden.read(
        {"text": "Hi Alice,\n\nthe audit is near. Could you send me the list? I'm in Rome today."}
    )

    assert found.request.sentence == "Could you send me the list?"


def test_an_answer_to_the_owner_asks_less() -> None:
    mail = golden.mail({"text": "On Tuesday at ten. Is that ok for you?"})

    alone = facts.read(mail, golden.OWNER).request.probability
    answer = facts.read(mail, golden.OWNER, Thread(owner_asked=True)).request.probability

    assert answer < alone


def test_nothing_new_asks_nothing() -> None:
    assert golden.read({"text": ""}).request.probability == 0
    assert golden.read({"text": "> Could you send it?"}).request.probability == 0


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("Could you send me the figures by Friday?", Urgency.NORMAL),
        ("Could you please, please send me the figures? I'd be so grateful.", Urgency.NORMAL),
        ("Could you send me the figures asap?", Urgency.URGENT),
        ("I need the figures by noon, can you help?", Urgency.URGENT),
        ("Could you look at this today?", Urgency.URGENT),
        ("I saw Carl today. Could you send him the list?", Urgency.NORMAL),
        ("Could you send me the figures? No rush.", Urgency.NO_RUSH),
        ("It's not urgent, but could you send me the figures?", Urgency.NO_RUSH),
        ("When you get a chance, could you look at the draft?", Urgency.NO_RUSH),
        ("Könntest du mir das dringend schicken?", Urgency.URGENT),
        ("Könntest du mir das bei Gelegenheit schicken? Eilt nicht.", Urgency.NO_RUSH),
        ("Peux-tu m'envoyer ça au plus vite ?", Urgency.URGENT),
        ("Rien d'urgent : peux-tu m'envoyer le document ?", Urgency.NO_RUSH),
        ("¿Me lo puedes enviar cuanto antes?", Urgency.URGENT),
        ("Sin prisa: ¿me lo puedes enviar?", Urgency.NO_RUSH),
        ("Kun je mij dit zo snel mogelijk sturen?", Urgency.URGENT),
        ("Kun je mij dit sturen? Heeft geen haast.", Urgency.NO_RUSH),
        ("Me lo puoi mandare il prima possibile?", Urgency.URGENT),
        ("Me lo puoi mandare? Con calma.", Urgency.NO_RUSH),
        ("Pode me enviar isso com urgência?", Urgency.URGENT),
        ("Sem pressa: pode me enviar o documento?", Urgency.NO_RUSH),
    ],
)
def test_urgency(text: str, urgency: Urgency) -> None:
    assert golden.read({"text": text}).urgency is urgency


def test_the_importance_flag_is_urgency() -> None:
    mail = golden.mail({"text": "Could you send me the figures?"})

    assert (
        facts.read(dataclasses.replace(mail, importance=Importance.HIGH), golden.OWNER).urgency
        is Urgency.URGENT
    )
    assert (
        facts.read(dataclasses.replace(mail, importance=Importance.LOW), golden.OWNER).urgency
        is Urgency.NO_RUSH
    )


@pytest.mark.parametrize(
    ("text", "audience"),
    [
        ("Could you send it?", Audience.OPEN),
        ("Alice, could you send it?", Audience.OWNER),
        ("Alice - could you send it?", Audience.OWNER),
        ("Hi Ally,\n\ncould you send it?", Audience.OWNER),
        ("Dear Ms Smith,\n\ncould you send it?", Audience.OWNER),
        ("Could you send it, Alice?", Audience.OWNER),
        ("Alice/Carl - could you send it?", Audience.OWNER),
        ("Carl, could you send it?", Audience.OTHER),
        ("Carl and Dora: could you send it?", Audience.OTHER),
        ("Hi Carl,\n\ncould you send it?", Audience.OTHER),
        ("Mr. Berg, could you send it?", Audience.OTHER),
        ("Lieber Carl,\n\nkönntest du mir das schicken?", Audience.OTHER),
        ("Bonjour Carl,\n\npourrais-tu me l'envoyer ?", Audience.OTHER),
        ("Steve, could you send it?", Audience.STRANGER),
        ("Hi all,\n\ncould you send it?", Audience.EVERYONE),
        ("Hallo zusammen,\n\nkönntet ihr mir das schicken?", Audience.EVERYONE),
        ("Bonjour à tous,\n\npouvez-vous me l'envoyer ?", Audience.EVERYONE),
        ("Hola a todos:\n\n¿podéis enviarme los datos?", Audience.EVERYONE),
        ("Hoi allemaal,\n\nkunnen jullie mij de cijfers sturen?", Audience.EVERYONE),
        ("Ciao a tutti,\n\npotete mandarmi i dati?", Audience.EVERYONE),
        ("Olá a todos,\n\npodem enviar-me os dados?", Audience.EVERYONE),
        ("May I ask you to send it?", Audience.OPEN),
        ("Thanks, could you also send the slides?", Audience.OPEN),
        ("Also, could you send it?", Audience.OPEN),
        ("Friday, 3 pm: could you come?", Audience.OPEN),
        ("Mark my words: could you send it?", Audience.OPEN),
    ],
)
def test_audience(text: str, audience: Audience) -> None:
    to = "alice@corp.example, Carl Berg <carl.berg@corp.example>, dora@corp.example"

    assert golden.read({"headers": {"To": to}, "text": text}).request.audience is audience


@pytest.mark.parametrize("is_unlike", [False, True])
def test_the_reason_tells_the_probability_whatever_stands_behind_it(is_unlike: bool) -> None:
    known = golden.read({"text": "Could you send me the figures?"})
    request = dataclasses.replace(known.request, probability=0.75, is_unlike=is_unlike)
    policy = Policy(golden.OWNER, threshold=0.5)
    found = question.request.check(dataclasses.replace(known, request=request), policy)
    assert found is not None
    assert ("unlike" in found.reason) is is_unlike
    assert question.told(found) == (0.75, 0.5)
