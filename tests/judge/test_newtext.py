"""New text is found whatever program quoted the old one, in every language."""

# ruff: noqa: E501  (mails stand here as they are)

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ackd.judge.newtext import new_text

NEW = "Could you send me the figures?"
OLD = "Old text that somebody else wrote?"

QUOTES = {
    "angle brackets": f"> {OLD}\n> More of it.",
    "gmail": f"On Mon, Mar 2, 2026 at 9:00 AM Carl Berg <carl@corp.example> wrote:\n\n{OLD}",
    "gmail, wrapped": f"On Mon, Mar 2, 2026 at 9:00 AM Carl Berg\n<carl@corp.example> wrote:\n> {OLD}",
    "apple, German": f"Am 02.03.2026 um 09:00 schrieb Carl Berg <carl@corp.example>:\n\n> {OLD}",
    "gmail, French": f"Le lun. 2 mars 2026 à 09:00, Carl Berg <carl@corp.example> a écrit :\n\n{OLD}",
    "gmail, Spanish": f"El lun, 2 mar 2026 a las 9:00, Carl Berg (<carl@corp.example>) escribió:\n\n{OLD}",
    "gmail, Dutch": f"Op ma 2 mrt 2026 om 09:00 schreef Carl Berg <carl@corp.example>:\n\n{OLD}",
    "gmail, Italian": f"Il giorno lun 2 mar 2026 alle ore 09:00 Carl Berg <carl@corp.example> ha scritto:\n\n{OLD}",
    "gmail, Portuguese": f"Em seg., 2 de mar. de 2026 às 09:00, Carl Berg <carl@corp.example> escreveu:\n\n{OLD}",
    "outlook": f"From: Carl Berg\nSent: Monday, March 2, 2026 9:00 AM\nTo: Bob Brown\nSubject: Figures\n\n{OLD}",
    "outlook, ruled": f"{'_' * 32}\nFrom: Carl Berg\nSent: Monday\nTo: Bob Brown\nSubject: x\n\n{OLD}",
    "outlook, old": f"-----Original Message-----\nFrom: Carl Berg\nSent: Monday\nTo: Bob\nSubject: x\n\n{OLD}",
    "outlook, starred": f"*From:* Carl Berg\n*Sent:* Monday\n*To:* Bob Brown\n*Subject:* x\n\n{OLD}",
    "outlook, German": f"Von: Carl Berg\nGesendet: Montag, 2. März 2026 09:00\nAn: Bob\nBetreff: Zahlen\n\n{OLD}",
    "outlook, German, old": f"-----Ursprüngliche Nachricht-----\nVon: Carl\nGesendet: Montag\nAn: Bob\nBetreff: x\n\n{OLD}",
    "outlook, French": f"De : Carl Berg\nEnvoyé : lundi 2 mars 2026 09:00\nÀ : Bob\nObjet : chiffres\n\n{OLD}",
    "outlook, Spanish": f"De: Carl Berg\nEnviado el: lunes, 2 de marzo de 2026\nPara: Bob\nAsunto: cifras\n\n{OLD}",
    "outlook, Dutch": f"Van: Carl Berg\nVerzonden: maandag 2 maart 2026\nAan: Bob\nOnderwerp: cijfers\n\n{OLD}",
    "outlook, Italian": f"Da: Carl Berg\nInviato: lunedì 2 marzo 2026\nA: Bob\nOggetto: dati\n\n{OLD}",
    "outlook, Portuguese": f"De: Carl Berg\nEnviada em: segunda-feira\nPara: Bob\nAssunto: números\n\n{OLD}",
    "notes": f"Carl Berg@CORP\n03/02/2026 09:00 AM\n\n\nTo: Bob Brown/HQ/CORP@CORP\ncc:  \n\nSubject: Figures\n\n{OLD}",
    "notes, indented": f"\tCarl Berg\n\t03/02/2026 09:00 AM\n\t\t \n\t\t To: Bob/HQ@CORP\n\t\t cc: \n\t\t Subject: x\n\n{OLD}",
    "notes, forwarded": f"---------------------- Forwarded by Bob Brown/HQ/CORP on 03/02/2026 \n09:00 AM ----------\n\n{OLD}",
    "notes, in one line": f"From: Carl Berg/CORP@CORP on 03/02/2026 09:00 AM\nTo: Bob/HQ@CORP\ncc: \n\n{OLD}",
    "gmail, forwarded": f"---------- Forwarded message ---------\nFrom: Carl <carl@corp.example>\nDate: Mon\n\n{OLD}",
    "apple, forwarded": f"Begin forwarded message:\n\nFrom: Carl Berg\nSubject: x\nDate: 2 March\nTo: Bob\n\n{OLD}",
}
SIGNATURES = {
    "dashes": "-- \nBob Brown\nSales, Corp\n+1 555 123 4567",
    "closing": "Best regards,\n\nBob Brown\nHead of Sales\nTel. +1 555 123 4567",
    "closing, German": "Mit freundlichen Grüßen\n\nBob Brown\nVertrieb\nTelefon 0555 123456",
    "no closing": "Bob Brown\nHead of Sales\nPhone: 555-123-4567\nFax: 555-123-4568",
    "mobile": "Sent from my iPhone",
    "mobile, French": "Envoyé de mon iPhone",
    "disclaimer": "This e-mail and any attachments are confidential. If you are not the intended recipient, delete it?",
    "disclaimer, German": "Diese E-Mail enthält vertrauliche Informationen. Sind Sie nicht der Adressat?",
}


@pytest.mark.parametrize("quote", QUOTES.values(), ids=QUOTES)
def test_quotes_are_left_out(quote: str) -> None:
    assert new_text(f"{NEW}\n\n\n{quote}\n", None) == NEW


@pytest.mark.parametrize("quote", [q for n, q in QUOTES.items() if n != "angle brackets"])
def test_a_bare_forward_has_no_new_text(quote: str) -> None:
    assert OLD not in new_text(quote, None)


@pytest.mark.parametrize("signature", SIGNATURES.values(), ids=SIGNATURES)
def test_signatures_are_left_out(signature: str) -> None:
    found = new_text(f"{NEW}\n\n{signature}\n", None)

    assert found.startswith(NEW)
    assert not any(
        word in found for word in ("Brown", "555", "iPhone", "confidential", "vertraulich", "Adressat")
    )


def test_answers_between_quotes_are_kept() -> None:
    text = "On Monday Carl Berg wrote:\n> Is it red?\nYes, it is.\n> When do you need it?\nBy Friday. Can you do that?"

    assert new_text(text, None) == "Yes, it is.\nBy Friday. Can you do that?"


@pytest.mark.parametrize(
    "text",
    [
        "To be clear: could you send it?\nNote: I need it today.",
        "Dear Alice,\n\nfrom: here, to: there. What does the subject line say?",
        "Questions:\n1. Who is it for?\n2. When is it due?",
        "I read what Carl wrote: it is wrong. Can you fix it?",
        "Please call me at 555-123-4567 about the contract.",
        "Thanks\n\nOne more thing: can you also send the slides?",
    ],
)
def test_nothing_new_is_lost(text: str) -> None:
    assert new_text(text, None).split() == text.split()


HTML = {
    "gmail": '<div dir="ltr">{new}</div><br><div class="gmail_quote"><div>On Mon, Carl wrote:</div>{old}</div>',
    "outlook": "<p class=MsoNormal>{new}</p><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0 0 0'>"
    "<p><b>From:</b> Carl</p></div><p>{old}</p>",
    "outlook web": "<div>{new}</div><div id='appendonsend'></div><hr><div id='divRplyFwdMsg'><b>From:</b> Carl</div>{old}",
    "apple": '<div>{new}</div><br><blockquote type="cite"><div>{old}</div></blockquote>',
    "thunderbird": '<p>{new}</p><div class="moz-cite-prefix">On Monday, Carl wrote:<br></div><blockquote>{old}</blockquote>',
    "hidden": "<p>{new}</p><div style='display:none'>{old}</div>",
    "style": "<html><head><style>p {{color: red}} /* {old} */</style></head><body><p>{new}</p></body></html>",
    "comment": "<!-- {old} --><p>{new}</p>",
    "signature": "<p>{new}</p><div class='gmail_signature'>{old}</div>",
}


@pytest.mark.parametrize("markup", HTML.values(), ids=HTML)
def test_html(markup: str) -> None:
    assert new_text("ignored", markup.format(new=NEW, old=OLD)) == NEW


def test_html_entities_and_breaks() -> None:
    assert new_text("", "<p>Gr&uuml;&szlig;e&nbsp;an <b>A</b>lice</p><p>K&ouml;nnen wir?<br>Ja</p>") == (
        "Grüße an Alice\n\nKönnen wir?\nJa"
    )


def test_html_that_is_nothing_but_quote_is_no_new_text() -> None:
    assert new_text(OLD, f"<blockquote type='cite'>{OLD}</blockquote>") in ("", OLD)
    assert new_text("", f"<div class='gmail_quote'>{OLD}</div>") == ""


@given(st.text(max_size=400), st.none() | st.text(alphabet="<>/abdiv=\"' -!q\n", max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read(text: str, html: str | None) -> None:
    assert isinstance(new_text(text, html), str)
