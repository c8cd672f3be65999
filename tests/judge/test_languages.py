"""The golden mails of each language: asked, or not. A third was kept aside while the phrases were
written; it counts the same."""

from __future__ import annotations

from typing import Any

import pytest

from ackd.config.schema import base
from ackd.judge.classifier.model import THRESHOLDS
from ackd.text.language_id import language_of
from ackd.text.languages import LANGUAGES, languages
from ackd.text.names import given
from ackd.text.tokens import words
from tests.judge import golden

CODES = sorted(path.stem for path in (golden.FOLDER / "languages").glob("*.yaml"))


def _mails(code: str) -> list[tuple[str, bool, bool]]:
    groups: dict[str, Any] = golden.load(golden.FOLDER / "languages" / f"{code}.yaml")
    return [(text, "asks" in name, "fresh" in name) for name, texts in groups.items() for text in texts]


def test_every_language_has_golden_mails() -> None:
    assert set(CODES) == set(languages()) == set(LANGUAGES)
    for code in CODES:
        mails = _mails(code)
        assert len(mails) >= 40
        assert sum(asks for _, asks, _ in mails) * 2 == len(mails)
        assert sum(fresh for _, _, fresh in mails) * 3 >= len(mails)


@pytest.mark.parametrize("sensitivity", THRESHOLDS)
@pytest.mark.parametrize("code", CODES)
def test_accuracy(code: str, sensitivity: str) -> None:
    wrong = []
    for text, asks, _ in (mails := _mails(code)):
        found = golden.read({"text": text, "headers": {"Subject": "Info"}})
        is_taken = found.request.probability >= THRESHOLDS[sensitivity]
        if found.language != code or is_taken is not asks:
            wrong.append((text, found.language, round(found.request.probability, 2)))

    assert 1 - len(wrong) / len(mails) >= 0.95, wrong


@pytest.mark.parametrize("code", CODES)
def test_cautious_takes_nothing_wrongly(code: str) -> None:
    taken = [
        text
        for text, asks, _ in _mails(code)
        if not asks and golden.read({"text": text}).request.probability >= THRESHOLDS["cautious"]
    ]

    assert not taken


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Bitte um Rückruf.", "de"),
        ("Je réserve la salle.", "fr"),
        ("¿Qué tal el martes?", "es"),
        ("Doe ik.", "nl"),
        ("Ci penso io.", "it"),
        ("Está bem, eu trato disso.", "pt"),
        ("Fine by me.", "en"),
        ("Czy możesz mi wysłać raport na jutro? Dziękuję", "pl"),
        ("Hej, kan du skicka mig siffrorna till i morgon? Tack", "sv"),
        ("Hej, kan du sende mig tallene inden fredag? Venlig hilsen", "da"),
        ("Voitko lähettää minulle luvut perjantaihin mennessä? Kiitos", "fi"),
        ("Poți să-mi trimiți cifrele până vineri? Mulțumesc", "ro"),
        ("Не могли бы вы прислать мне цифры?", "ru"),
        ("金曜日までに数字を送っていただけますか？", "ja"),
        ("Bitte Z. K.", "de"),
        ("Mit Gruß i. V. Müller, z. Hd. A. K.", "de"),
        ("Merci, J.-P. A. O.", "fr"),
        ("Z. K.", None),
        ("z.K. o. A.", None),
        ("Podes dicirme cando remata o prazo? Xa teño os datos. Grazas", "gl"),
        ("Poderías axudarme coa páxina antes do luns?", "gl"),
        ("Podes dizer-me quando acaba o prazo? Já tenho os dados. Obrigado", "pt"),
        ("¿Puedes decirme cuándo termina el plazo? Ya tengo los datos. Gracias", "es"),
        ("Moien, kanns du mir d'Zuele schécken? Ech brauch se", "lb"),
        ("12345 67890", None),
        ("", None),
    ],
)
def test_language_of(text: str, code: str | None) -> None:
    assert language_of(text) == code


@pytest.mark.parametrize("code", CODES)
def test_no_ordinary_word_is_taken_for_a_name(code: str) -> None:
    kinds = (
        "common",
        "question",
        "reply",
        "thanks",
        "greeting",
        "closing",
        "verbs",
        "ask",
        "inform",
        "courtesy",
    )
    language = languages()[code]
    ordinary = {word for kind in kinds for line in language.lines(kind) for word in words(line)}

    assert not {word for word in ordinary & given.GIVEN if not given.is_ambiguous(word)}


def test_all_rooms_know_the_same_languages() -> None:
    assert set(LANGUAGES) == set(languages()) == set(base.LANGUAGES)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Thoughts?", "en"),
        ("Approve?", "en"),
        ("Einverstanden?", "de"),
        ("Meinungen?", "de"),
        ("Des idées ?", "fr"),
        ("¿Opiniones?", "es"),
        ("Gedachten?", "nl"),
        ("Pareri?", "it"),
        ("Opiniões?", "pt"),
        ("Xyzzy?", None),
    ],
)
def test_one_word_has_a_language_below_a_subject_that_tells_none(text: str, code: str | None) -> None:
    assert golden.read({"text": text, "headers": {"Subject": "4711"}}).language == code


OUTSIDE = "This came from outside of the organisation. Do not open links unless you know the sender.\n\n"
AUSSEN = (
    "Diese Nachricht kommt von außerhalb. Öffnen Sie keine Anhänge, wenn Sie den Absender nicht kennen.\n\n"
)
RATE = (
    "\n\nOur offices are closed on Friday. Tell us on the page above how we have served you, it will help us."
)


@pytest.mark.parametrize(
    ("above", "letter", "below", "code"),
    [
        (OUTSIDE, "Hallo Alice,\n\nkannst du mir die Zahlen schicken?\n\nBob", "", "de"),
        (OUTSIDE, "Hola Alice:\n\n¿me puedes enviar las cifras?\n\nBob", "", "es"),
        ("", "Bonjour Alice,\n\npeux-tu m'envoyer les chiffres ?\n\nBob", RATE, "fr"),
        ("", "Hoi Alice,\n\nkun je me de cijfers sturen?\n\nGroet,\nBob", RATE, "nl"),
        (AUSSEN, "Hi Alice,\n\ncould you send me the figures?\n\nThanks\nBob", "", "en"),
        (AUSSEN, "Ciao Alice,\n\nmi mandi i dati?\n\nBob", RATE, "it"),
    ],
)
def test_what_stands_around_a_letter_does_not_decide_its_language(
    above: str, letter: str, below: str, code: str
) -> None:
    assert golden.read({"text": f"{above}{letter}{below}"}).language == code
