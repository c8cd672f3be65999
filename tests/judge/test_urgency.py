"""How urgent a mail is: what tells only what to do in an emergency, or names an hour of another day, or was
another mail's subject, says nothing of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ackd.judge import reading
from ackd.model import Address, Mail, Owner, Urgency

QUESTIONS = {
    "en": "could you please tell me whether the refund has been processed?",
    "de": "kannst du mir bitte sagen, ob die Erstattung schon gebucht ist?",
    "fr": "pourrais-tu me dire si le remboursement a été effectué ?",
    "es": "¿podrías decirme si ya se ha hecho el reembolso?",
    "it": "potresti dirmi se il rimborso è già stato fatto?",
    "nl": "kun je me laten weten of de terugbetaling al verwerkt is?",
    "pt": "poderias dizer-me se o reembolso já foi feito?",
}

EMERGENCIES = {
    "en": """
        In case of emergency, call 204.
        In an emergency please call 204.
        In emergencies, call 204.
        For urgent matters call 204.
        If it is urgent, please call 204.
        In urgent cases ring me on 204.
        Emergency number: 204
        For emergencies: 204
        Emergency contact: Anna, 204
        Should it be urgent, phone 204.
        If urgent, call 204.
    """,
    "de": """
        Im Notfall bitte 204 anrufen.
        In Notfällen: 204
        Bei Notfällen bitte 204 wählen.
        Im Notfall erreichen Sie mich unter 204.
        In dringenden Fällen bitte anrufen: 204
        Notfallnummer: 204
        Wenn es dringend ist, ruf 204 an.
        Falls es eilt, bitte anrufen.
        Bei dringenden Anliegen: 204
        In eiligen Fällen Tel. 204
        Für Notfälle: 204
    """,
    "fr": """
        En cas d'urgence, appelez le 204.
        En cas d’urgence, appelez le 204.
        En cas d'urgence : 204
        Pour toute urgence, appelez le 204.
        Si c'est urgent, appelez-moi au 204.
        En cas d'extrême urgence, merci d'appeler le 204.
        Numéro d'urgence : 204
        Urgences : 204
        Pour les urgences, contactez Anna.
        Dans l'urgence, appelez le 204.
        Pour les demandes urgentes, appelez le 204.
        En cas de besoin urgent, appelez.
    """,
    "es": """
        En caso de urgencia, llame al 204.
        En caso de emergencia, llame al 204.
        Para urgencias: 204
        Si es urgente, llámame al 204.
        Para asuntos urgentes, llame al 204.
        Teléfono de urgencias: 204
        Urgencias: 204
        Ante cualquier urgencia, llame al 204.
        En caso urgente, llamar al 204.
        Número de emergencia: 204
    """,
    "it": """
        In caso di urgenza chiamare il 204.
        In caso di emergenza, chiamare il 204.
        Per urgenze: 204
        Per le urgenze chiamare il 204.
        Se è urgente, chiamami al 204.
        Per questioni urgenti: 204
        Numero per le urgenze: 204
        In caso d'urgenza chiami il 204.
        Numero di emergenza: 204
        Urgenze: 204
        Per qualsiasi urgenza, 204.
    """,
    "nl": """
        Bel bij spoed 204.
        In geval van nood: bel 204.
        Bij noodgevallen bel 204.
        Als het dringend is, bel 204.
        Voor dringende zaken: 204
        Noodnummer: 204
        In dringende gevallen graag bellen: 204.
        Bij spoed: 204
        Is het dringend? Bel 204.
        Voor spoed bel 204.
    """,
    "pt": """
        Em caso de urgência, ligue 204.
        Em caso de emergência, ligue 204.
        Para urgências: 204
        Se for urgente, ligue 204.
        Para assuntos urgentes, ligue 204.
        Urgências: 204
        Em casos urgentes, ligue 204.
        Número de emergência: 204
        Para qualquer urgência, ligue 204.
        Caso seja urgente, ligue 204.
    """,
}
HOURS = {
    "en": """
        Could you please send me the figures by EOD Thursday?
        Could you please send me the figures before noon on Thursday?
        Could you please send me the figures by 3 pm on Thursday?
        Could you please send me the figures Thursday before 3 pm?
        Could you please send me the figures by close of business on Thursday?
        Could you please send me the figures no later than noon on 8 December?
        Could you please send me the figures by end of day Thursday?
        Could you please send me the figures before 3 pm on 8.12.2026?
    """,
    "de": """
        Kannst du mir die Zahlen bitte bis Feierabend am Donnerstag schicken?
        Kannst du mir die Zahlen bitte bis Mittag am Donnerstag schicken?
        Kannst du mir die Zahlen bitte am Donnerstag bis Mittag schicken?
        Kannst du mir die Zahlen bitte bis Ende des Tages am Donnerstag schicken?
        Kannst du mir die Zahlen bitte am 8. Dezember bis Mittag schicken?
    """,
    "fr": """
        Peux-tu m'envoyer les chiffres avant midi jeudi, s'il te plaît ?
        Peux-tu m'envoyer les chiffres jeudi avant midi, s'il te plaît ?
        Peux-tu m'envoyer les chiffres d'ici la fin de la journée de jeudi, s'il te plaît ?
        Peux-tu m'envoyer les chiffres avant la fin de la journée jeudi, s'il te plaît ?
        Peux-tu m'envoyer les chiffres le 8 décembre avant midi, s'il te plaît ?
    """,
    "es": """
        ¿Podrías enviarme los datos antes de las 15 del jueves, por favor?
        ¿Podrías enviarme los datos el jueves antes de las 15, por favor?
        ¿Podrías enviarme los datos antes del mediodía del jueves, por favor?
        ¿Podrías enviarme los datos antes del final del día del jueves, por favor?
        ¿Podrías enviarme los datos el 8 de diciembre antes de las 15, por favor?
    """,
    "it": """
        Potresti mandarmi i dati entro le 15 di giovedì, per favore?
        Potresti mandarmi i dati giovedì entro le 15, per favore?
        Potresti mandarmi i dati entro mezzogiorno di giovedì, per favore?
        Potresti mandarmi i dati entro fine giornata di giovedì, per favore?
        Potresti mandarmi i dati l'8 dicembre entro le 15, per favore?
    """,
    "nl": """
        Kun je me de cijfers voor het einde van de dag donderdag sturen, alsjeblieft?
        Kun je me de cijfers donderdag voor het einde van de dag sturen, alsjeblieft?
        Kun je me de cijfers einde dag donderdag sturen, alsjeblieft?
        Kun je me de cijfers op 8 december voor het einde van de dag sturen, alsjeblieft?
    """,
    "pt": """
        Poderias enviar-me os números até às 15 de quinta-feira, por favor?
        Poderias enviar-me os números quinta-feira até às 15, por favor?
        Poderias enviar-me os números até ao fim do dia de quinta, por favor?
        Poderias enviar-me os números antes do meio-dia de quinta, por favor?
        Poderias enviar-me os números no dia 8 de dezembro até às 15, por favor?
    """,
}
URGENT = (
    ("en", "Could you please send me the figures by noon?"),
    ("en", "It is urgent: could you please send me the figures by Thursday noon?"),
    ("en", "In case of doubt ask Bob. It is an emergency, can you please help?"),
    ("en", "Can you tell me today whether Thursday noon works?"),
    ("de", "Kannst du mir die Zahlen bitte bis Mittag schicken?"),
    ("de", "Es ist ein Notfall: kannst du mir bitte bis Donnerstag die Zahlen schicken?"),
    ("de", "Kannst du mir dringend bis Donnerstag Mittag die Zahlen schicken?"),
    ("fr", "Peux-tu m'envoyer les chiffres avant midi ?"),
    ("fr", "C'est urgent : peux-tu m'envoyer les chiffres jeudi avant midi ?"),
    ("es", "Es urgente: ¿puedes enviarme los datos el jueves antes de las 15?"),
    ("it", "È urgente: puoi mandarmi i dati entro giovedì alle 15?"),
    ("nl", "Het is dringend: kun je me de cijfers donderdag voor het einde van de dag sturen?"),
    ("pt", "É urgente: podes enviar-me os números até quinta às 15h?"),
    ("pt", "Preciso já dos números, podes enviar-mos?"),
)
PREFIXES = """
    RES: | ENC: | Antw: | I: | RIF: | SV: | RE[2]: | [EXTERN] RE: | [EXT] AW: | R: | Res : |
    RE : | TR: | VS: | Fwd: | WG: | Rv: | Odp: | [EXTERNAL] Fwd: | EXTERN: RE: |
    [EXTERN][INTERN] RE: | (EXTERN) RE: | [SPAM?] [EXTERN] AW: | Re(2): | AW: AW: | [EXTERN]RE: |
    Antwort: | *EXT* RE: | EXT: RE: | [External Sender] RE: | {EXTERN} Re: | RE_2: | ATB: | На: |
    Pd: | 转发:
"""
OLD = {
    "en": "Urgent: please pay",
    "de": "Dringend: Rechnung",
    "fr": "Urgent : facture",
    "es": "Urgente: factura",
    "it": "Urgente: fattura",
    "nl": "Dringend: factuur",
    "pt": "Urgente: fatura",
}


def of(text: str, subject: str = "Order 4711") -> Urgency:
    mail = Mail(
        "<q@corp.example>",
        datetime(2026, 11, 23, 9, tzinfo=UTC),
        subject,
        Address("bob@corp.example", "Bob Jones"),
    )
    return reading.urgency(reading.read(mail, Owner("alice@corp.example", "Alice Smith"), text))


def listed(lines: str) -> list[str]:
    return [line.strip() for line in lines.strip().splitlines()]


@pytest.mark.parametrize("language", EMERGENCIES)
def test_whom_to_call_in_an_emergency_makes_nothing_urgent(language: str) -> None:
    said = {line: of(f"{QUESTIONS[language]}\n\nBob\n\n{line}") for line in listed(EMERGENCIES[language])}
    assert {line: found for line, found in said.items() if found is not Urgency.NORMAL} == {}


@pytest.mark.parametrize("language", HOURS)
def test_an_hour_of_another_day_makes_nothing_urgent(language: str) -> None:
    said = {line: of(line) for line in listed(HOURS[language])}
    assert {line: found for line, found in said.items() if found is not Urgency.NORMAL} == {}


@pytest.mark.parametrize("text", [text for _, text in URGENT])
def test_what_is_urgent_stays_so(text: str) -> None:
    assert of(text) is Urgency.URGENT


@pytest.mark.parametrize("language", OLD)
def test_an_old_subject_makes_nothing_urgent(language: str) -> None:
    assert of(QUESTIONS[language], OLD[language]) is Urgency.URGENT
    said = {
        prefix: of(QUESTIONS[language], f"{prefix.strip()} {OLD[language]}") for prefix in PREFIXES.split("|")
    }
    assert {prefix: found for prefix, found in said.items() if found is not Urgency.NORMAL} == {}
