"""By structure: old mail in any language, notices, hidden text and lines below a signature are no new text;
lines of the same shape that the sender wrote are."""

# ruff: noqa: E501  (mails stand here as they are)

from __future__ import annotations

import pytest

from ackd.text.reply_text import new_text

NEW = "Fine, I have all that I wanted.\n\nTom"
OLD = "May I have the plan of the new hall?\n\nEve"
ASK = "Would you book the hall for us?"

HEADERS = {
    "Swedish": "Från: Eve Moor <eve@corp.example>\nSkickat: den 3 mars 2026 09:20\nTill: Tom Hill <tom@corp.example>\nÄmne: Hallen",
    "Polish": "Od: Eve Moor <eve@corp.example>\nWysłano: wtorek, 3 marca 2026 09:20\nDo: Tom Hill <tom@corp.example>\nTemat: Hala",
    "Greek": "Από: Eve Moor <eve@corp.example>\nΣτάλθηκε: Τρίτη, 3 Μαρτίου 2026 09:20\nΠρος: Tom Hill <tom@corp.example>\nΘέμα: x",
    "Chinese": "发件人：Eve Moor <eve@corp.example>\n发送时间：2026年3月3日 9:20\n收件人：Tom Hill <tom@corp.example>\n主题：x",
    "Arabic": "من: Eve Moor <eve@corp.example>\nتم الإرسال: 3 مارس 2026 09:20\nإلى: Tom Hill <tom@corp.example>\nالموضوع: x",
    "a recipient without an address": "Fra: Eve Moor <eve@corp.example>\nSendt: 3. mars 2026 09:20\nTil: Tom Hill\nEmne: x",
    "no address below a rule": "________________________________\nFra: Eve Moor\nSendt: 3. mars 2026 09:20\nTil: Tom Hill\nEmne: x",
    "a long list of recipients": "Lähettäjä: Eve Moor <eve@corp.example>\nLähetetty: 3. maaliskuuta 2026 9.20\nVastaanottaja: Tom Hill <tom@corp.example>; Ann\n <ann@corp.example>\nAihe: x",
    "below dashes": "-------- Původní zpráva --------\nOd: Eve Moor <eve@corp.example>\nDatum: 03.03.26 09:20\nKomu: tom@corp.example\nPředmět: x",
}
INTRODUCTIONS = {
    "between dashes, English": "---- On Tue, 03 Mar 2026 09:20:11 +0000 eve@corp.example wrote ----",
    "between dashes, Italian": "---- Il mar, 3 mar 2026 09:20:11 +0100 Eve Moor <eve@corp.example> ha scritto ----",
    "between dashes, wrapped": "---- On Tue, 03 Mar 2026 09:20:11 +0000 Eve Moor of the Planning Office\n<eve@corp.example> wrote ----",
    "the day first": "2026-03-03 9:20 GMT+01:00 Eve Moor <eve@corp.example>:",
    "the day alone": "2026/03/03 Eve Moor <eve@corp.example>",
    "torn in the address": "2026-03-03 9:20 GMT+01:00 Eve Moor of the Planning Office <\neve@corp.example>:",
    "Russian": "вт, 3 мар. 2026 г. в 09:20, Eve Moor <eve@corp.example>:",
    "Turkish, wrapped": "Eve Moor <eve@corp.example>, 3 Mar 2026 Sal, 09:20 tarihinde şunu\nyazdı:",
    "German, torn in the date": "Eve Moor <eve@corp.example> schrieb am Di., 3.\nMärz 2026 um 09:20 Uhr:",
}


@pytest.mark.parametrize(
    "above", [*HEADERS.values(), *INTRODUCTIONS.values()], ids=[*HEADERS, *INTRODUCTIONS]
)
def test_old_mail_is_told_in_any_language(above: str) -> None:
    mail = f"{NEW}\n\n{above}\n\n{OLD}"
    paragraphs = mail.replace("<", "&lt;").replace("\n\n", "</p><p>").replace("\n", "<br>")

    assert new_text(mail, None) == NEW
    assert new_text("", f"<p>{paragraphs}</p>").split() == NEW.split()


@pytest.mark.parametrize(
    "text",
    [
        f"Hello,\n\nFrom: Hull\nTo: Bonn\nDate: 3 March 2026\n\n{ASK}",
        f"Hallo,\n\nVon: Hull\nNach: Bonn\nDatum: 3. März\nBetreff: Messe\n\n{ASK}",
        f"Our guest:\n\nName: Ann Low\nE-Mail: ann@corp.example\nComes: 3 March 2026 10:00\nDesk: 12\n\n{ASK}",
        f"The visit:\n\nContact: ann@corp.example\nDate: 3 March 2026\nPlace: Hull\n\n{ASK}",
        f"On Tuesday the landlord wrote:\n“The hall is free.”\n\n{ASK}",
        f"Am 3. März 2026 schrieb der Vermieter:\n„Die Halle ist frei.“\n\n{ASK}",
        f"Sent from my old desk, the plan never came.\n\n{ASK}",
        f"The landlord called.\n--\n{ASK}\n\nTom",
        f"I ran this:\n\nmake\n--\nplan.txt\n\n{ASK}",
        f"This email is about the hall. {ASK}\n\nTom",
        f"Attention: the link in the attachment is broken. {ASK}\n\nTom",
        f"CONFIDENTIAL: {ASK}\n\nTom",
        f"Fine.\n\nTom Hill\nPlanning\nT +44 113 496 0000\n\n{ASK}",
        f"Fine.\n\nTom Hill\nPlanning\n\nPlease fill in the questionnaire by Friday. {ASK}",
        f"Fine.\n\nTom Hill\nPlanning\n\nPlease print it for the meeting. {ASK.replace('?', '.')}",
        f"Fine.\n\nTom Hill\nPlanning\n\nI am away until Monday. {ASK.replace('?', '.')}",
        f"Fine.\n\nTom Hill\nPlanning\nT +44 113 496 0000\n\nPS: {ASK} I also rate the service there.",
        f"Fine.\n\nKind regards,\nTom Hill\n\nOne more thing: {ASK.replace('?', '.')}",
    ],
)
def test_what_only_looks_like_old_mail_is_kept(text: str) -> None:
    assert ASK.rstrip("?") in new_text(text, None)


QUOTE = '<blockquote type="cite"><div>May I have the plan?</div></blockquote>'
GMAIL = '<blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid">May I have the plan?</blockquote>'
SAID = "On 3 Mar 2026, at 09:20, Eve Moor &lt;eve@corp.example&gt; wrote:"


@pytest.mark.parametrize(
    "markup",
    [
        f"<div>{SAID}</div>{QUOTE}<div>{ASK}</div>",
        f"<div>{SAID}</div>{QUOTE}<div>Yes. {ASK}</div>{QUOTE}<div>No.</div>",
        f'<div class="gmail_quote"><div class="gmail_attr">{SAID}<br></div>{GMAIL}</div><div>{ASK}</div>',
        f'<div class="gmail_quote"><div class="gmail_attr">{SAID}<br></div>{GMAIL}<div>{ASK}</div>{GMAIL}</div>',
        f'<div>Eve,</div><div class="gmail_quote"><p>{ASK}</p></div>',
        f"<p>Eve Moor wrote:</p><blockquote>May I have the plan?</blockquote><p>{ASK}</p>",
    ],
)
def test_answers_between_and_below_quotes_of_html_are_read(markup: str) -> None:
    found = new_text("", f"<html><body>{markup}</body></html>")

    assert ASK in found
    assert "plan" not in found


@pytest.mark.parametrize(
    "markup",
    [
        f'<blockquote style="margin:0 0 0 40px;border:none;padding:0px">{ASK}</blockquote>',
        f'<blockquote class="webkit-indent-blockquote" style="margin: 0 0 0 40px; border: none;">{ASK}</blockquote>',
        f"<blockquote>{ASK}</blockquote>",
        f'<div style="border:none;border-top:solid windowtext 1.0pt;padding:1.0pt 0cm">{ASK}</div>',
        f'<table><tr><td style="border-top:solid #7F7F7F 1.0pt">x</td></tr></table><p>{ASK}</p>',
        f'<table style="background:#003366"><tr><td style="color:#ffffff">{ASK}</td></tr></table>',
        f'<p style="display:none">seen by nobody<p>{ASK}</p>',
        f'<div style="width:100%;max-height:90px;overflow:hidden;font-size:10px;opacity:0.9">{ASK}</div>',
        f"<style>@media print{{.a{{display:none}}}}</style><p class=a>{ASK}</p>",
    ],
)
def test_indents_rules_and_what_is_seen_are_kept(markup: str) -> None:
    assert ASK in new_text("", f"<p>Hello Eve,</p>{markup}<p>Tom</p>")


HIDING = """
    font-size:0|font-size:0.0pt|font-size:1px;color:#fefefe|font:0/0 a|opacity:0|opacity: 0.0|color:#fff
    color:white|color:rgb(255, 255, 255)|color:transparent|color:rgba(0,0,0,0)|max-height:0;overflow:hidden
    width:1px;height:1px;overflow:hidden|visibility:hidden|display : none !important|mso-hide:all
    text-indent:-9999px|position:absolute;left:-5000px|clip:rect(0,0,0,0)
"""


@pytest.mark.parametrize(
    "style", [one.strip() for one in HIDING.replace("\n", "|").split("|") if one.strip()]
)
def test_hidden_text_is_not_read(style: str) -> None:
    assert new_text("", f'<span style="{style}">{ASK}</span><p>Here it is.</p>') == "Here it is."


@pytest.mark.parametrize(
    "markup",
    [
        f'<font color="#FFFFFF">{ASK}</font>',
        f"<div hidden>{ASK}</div>",
        f'<head><style>div.pre, .x {{display:none}}</style></head><div class="y pre">{ASK}</div>',
        f'<div style="background-color:#ffffff"><span style="color:#ffffff">{ASK}</span></div>',
    ],
)
def test_text_hidden_otherwise_is_not_read(markup: str) -> None:
    assert new_text("", f"{markup}<p>Here it is.</p>") == "Here it is."


NOTICES = [
    "[EXTERNAL] This email originated outside the company. Do not click links or open attachments.",
    "EXTERNAL EMAIL",
    "You don't often get email from tom@corp.example. Learn why this is important",
    "Warning! This message comes from an unknown sender. Would you trust this sender? Please report suspicious mail.",
    "WARNUNG: Diese E-Mail kommt von außerhalb. Öffnen Sie keine Anhänge und klicken Sie keine Links an!",
    "Ce message provient de l'extérieur. Veuillez vérifier l'expéditeur et signaler tout message suspect.",
    "AVISO: este correo proviene de fuera de la organización. No haga clic en enlaces ni abra adjuntos.",
    "Questo messaggio proviene da un mittente esterno. Verificate il mittente prima di aprire gli allegati.",
    "LET OP: deze e-mail komt van buiten. Klik niet op links en open geen bijlagen.",
    "CUIDADO: este email veio de fora da organização. Não clique em links nem abra anexos.",
    "This e-mail is confidential and intended for the addressee. Please delete it if it isn't meant for you, and tell the sender.",
]


@pytest.mark.parametrize("notice", NOTICES)
@pytest.mark.parametrize("text", [NEW, f"Hello Eve,\n\n{ASK}\n\nTom"])
def test_notices_at_the_top_are_taken_off_and_cut_nothing(notice: str, text: str) -> None:
    below = text.replace("\n\n", "</p><p>")

    assert new_text(f"{notice}\n\n{text}", None) == text
    assert new_text(f"{notice}\n{text}", None) == text
    assert new_text("", f"<table><tr><td>{notice}</td></tr></table><p>{below}</p>") == text


SIGNATURES = [
    "Kind regards,\nTom Hill\nPlanning | Corp Ltd\nT +44 113 496 0000",
    "Tom Hill\nPlanning",
    "Tom Hill\nCorp Ltd\nT +44 113 496 0000",
]
BELOW = [
    "How was my service today? Take our survey: https://corp.example/s",
    "Wie war unser Service? Bitte nehmen Sie an unserer Umfrage teil: https://corp.example/s",
    "¿Está satisfecho con nuestro servicio? Responda a la encuesta: https://corp.example/s",
    "Pronouns: she/her. Why? https://corp.example/p",
    "Suivez-nous sur LinkedIn !",
    "Volg ons op LinkedIn!",
    "Meet us at the fair in Hull! Get your ticket: https://corp.example/f",
    "Out of office: 3 to 7 March. Please contact Ann Low.",
    "Geplante Abwesenheit: 3.3. bis 7.3. Bitte wenden Sie sich an Ann Low.",
    "Assente dal 3 al 7 marzo. Si prega di contattare Ann Low.",
    "In an emergency please call 204.",
    "Em caso de emergência, ligue 204.",
    "Please send all invoices to invoices@corp.example.",
    "Merci d'adresser vos factures à factures@corp.example.",
    "We have moved! Please note our new address: 1 Mill Lane, Hull",
]


@pytest.mark.parametrize("line", BELOW)
@pytest.mark.parametrize("signature", SIGNATURES)
def test_lines_below_a_signature_are_nobodys(signature: str, line: str) -> None:
    found = new_text(f"Fine, thanks for that.\n\n{signature}\n\n{line}", None)

    assert found.startswith("Fine, thanks for that.")
    assert line[:12] not in found


@pytest.mark.parametrize("line", BELOW)
def test_the_same_line_alone_is_the_senders(line: str) -> None:
    assert new_text(line, None) == line


def test_a_gateways_line_below_the_quote_is_nobodys() -> None:
    advert = "Visit our website and take our survey: https://corp.example/s"

    assert new_text("", f"<p>{NEW}</p><div>{SAID}</div>{QUOTE}<p>{advert}</p>").split() == NEW.split()
