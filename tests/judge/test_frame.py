"""A request that stands in the subject alone, above nothing but the frame of a letter."""

from __future__ import annotations

from typing import Any

import pytest

from ackd.judge import frame
from ackd.model import Address
from tests.judge import golden

SENDER = Address("bob.brown@corp.example", "Bob Brown")
ASKS = "Could you please send me the figures for March?"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (ASKS, ""),
        (ASKS, "Hi Alice,"),
        ("Pls send me the figures by Friday", "Bob Brown\nPurchasing\nT +44 113 496 0000"),
        ("Kannst du mir bitte die Zahlen schicken", "Gruß\nBob"),
        ("Kannst du mir bitte die Zahlen schicken?", "i. V. Bob Brown\nEinkauf"),
        ("Peux-tu m'envoyer les chiffres ?", "Belle fin de semaine\nBob\nService achats"),
        ("¿Me puedes enviar las cifras de marzo?", "Saludos\nBob"),
        ("Kun je me de cijfers van maart sturen?", "Groet,\nBob"),
        ("Puoi mandarmi i dati di marzo?", "BB"),
        ("Podes enviar-me os números de março?", "Enviado do meu iPhone"),
        (f"[EXTERNAL] {ASKS}", ""),
    ],
)
def test_a_subject_that_asks_is_the_question(subject: str, text: str) -> None:
    found = golden.read({"headers": {"Subject": subject}, "text": text})

    assert golden.decided(found).acknowledge
    assert found.request.sentence in subject
    assert found.new_text in subject


@pytest.mark.parametrize(
    ("subject", "changes"),
    [
        ("Budget 2027", {}),
        ("Order 4711", {"text": "Bob Brown\nPurchasing"}),
        ("Invoice sent, thanks", {}),
        ("Urlaubsantrag ist freigegeben, danke", {"text": "Bob"}),
        ("Planning terminé, merci", {}),
        ("Please note: office closed Friday", {}),
        ("Bitte beachten: Parkplatz gesperrt", {}),
        ("Merci de noter que le parking est fermé", {}),
        ("Is it Monday or Tuesday? It is Tuesday, he says", {}),
        ("Sai se esce oggi o domani? Esce oggi, dicono", {}),
        (f"Re: {ASKS}", {}),
        ("WG: Kannst du mir bitte die Zahlen schicken?", {"text": "Bob"}),
        (ASKS, {"text": "They came this morning, all is well."}),
        (ASKS, {"headers": {"In-Reply-To": "<0@corp.example>"}}),
        (ASKS, {"headers": {"Content-Type": "application/octet-stream"}}),
        (ASKS, {"text": f"---- Forwarded by Bob Brown on 03/02/2026 07:40 AM ----\n\n{'We sell it. ' * 20}"}),
    ],
)
def test_a_subject_that_names_or_tells_or_is_another_mails_asks_nothing(
    subject: str, changes: dict[str, Any]
) -> None:
    case = {"text": "", **changes, "headers": {"Subject": subject, **changes.get("headers", {})}}

    assert not golden.decided(golden.read(case)).acknowledge


@pytest.mark.parametrize(
    ("text", "is_frame"),
    [
        ("", True),
        ("Hi Alice,\n\nBest regards\nBob Brown", True),
        ("Bob\nHead of Sales, Corp Example Ltd", True),
        ("Herzlich\nBob", True),
        ("Hi Alice,\n\nsee attached\n\nBob came by.", False),
        ("Bob\nCould you call me?", False),
        ("It is done.\nBob", False),
        ("Carol Reed\nPurchasing", False),
        (f"{'.' * 90} hello\nBob", False),  # no word among the characters that are looked at
        (f"Hi Alice,\n{'(' * 90} Viele Grüße\nBob", False),
        ("Hi Alice,\n" + "Bob\n" * 15, True),
        ("Hi Alice,\n" + "Bob\n" * 16, False),
    ],
)
def test_what_is_but_a_frame(text: str, is_frame: bool) -> None:
    assert frame.is_frame(text, SENDER, golden.OWNER) is is_frame
