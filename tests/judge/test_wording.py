"""What the words of a sentence say, and when a mail is unlike all that was learned from."""

from __future__ import annotations

import math

import pytest

from ackd.judge.classifier import wording
from ackd.judge.classifier.model import THRESHOLDS
from tests.judge import golden

PLAIN = (
    "We have to talk about the figures before the meeting of the board. Could you send me the list by Friday?"
)
UNKNOWN = (
    "Could you send me the zorblik of the quandrule? The vexilor snarfed the plimbuckle, and grombits wuzzle "
    "the frindleshap until snorvals quibbern. Jaxonite drubbles kelvorin, tramblewicks and oxmurdles."
)


def test_a_score_is_the_sum_of_its_places() -> None:
    weights = bytes(number % 7 for number in range(wording.BUCKETS))
    said = ["could", "you", "send", "it", "2026", "could", "?"]

    found = wording.places(said)

    wanted = wording.SCALE * 0.5 * sum(weights[place] for place in found) / math.sqrt(len(found))
    assert wording.Wording(weights, 0.5).score(said) == pytest.approx(wanted)
    assert wording.Wording(weights, 0.5).score(said) == pytest.approx(wanted)  # remembered
    assert wording.Wording(weights, 0.5).score([]) == 0


@pytest.mark.parametrize("word", ["a" * 100_000, "\ud800", "ß", "한국어", "0", "?"])
def test_any_word_has_a_place(word: str) -> None:
    places = wording.places([word] * 100)

    assert all(0 <= place < wording.BUCKETS for place in places)
    assert len(places) < 20_000


def test_a_mail_in_unknown_words_is_unlike_all() -> None:
    found = golden.read({"text": UNKNOWN}).request

    assert found.is_unlike
    assert not golden.read({"text": PLAIN}).request.is_unlike


def test_what_is_unlike_needs_more_and_the_reason_says_so() -> None:
    (said,) = (f for f in golden.decided(golden.read({"text": UNKNOWN})).findings if f.rule == "request")

    assert "unlike" in said.reason


@pytest.mark.parametrize(
    "text",
    [
        "Wir müssen vor der Sitzung über die Zahlen sprechen. Kannst du mir die Liste bis Freitag schicken?",
        "Nous devons parler des chiffres avant la réunion. Peux-tu m'envoyer la liste d'ici vendredi ?",
        "Tenemos que hablar de las cifras antes de la reunión. ¿Me puedes enviar la lista antes del viernes?",
        "We moeten voor de vergadering over de cijfers praten. Kun je me de lijst voor vrijdag sturen?",
        "Dobbiamo parlare dei dati prima della riunione. Puoi mandarmi la lista entro venerdì?",
        "Precisamos de falar sobre os números antes da reunião. Podes enviar-me a lista até sexta-feira?",
    ],
)
def test_plain_mails_of_every_language_are_like_others(text: str) -> None:
    assert not golden.read({"text": text}).request.is_unlike


@pytest.mark.parametrize(
    "text",
    [
        "Folks, I've attached the latest draft. Please let me know if any of you have further questions.",
        "I've attached the minutes. Let me know if anyone on your team has any questions.",
        "Anbei der Entwurf. Meldet euch bitte, falls jemand von euch noch Fragen dazu hat.",
        "Anbei das Protokoll. Sagt mir bitte Bescheid, wenn einer von euch Fragen hat.",
        "Ci-joint le projet. Merci de me dire si l'un d'entre vous a des questions ou des remarques.",
        "Ci-joint le compte rendu. N'hésitez pas à me dire si quelqu'un de votre équipe a des questions.",
        "Adjunto el borrador. Avisadme si alguno de vosotros tiene dudas o comentarios.",
        "Adjunto el acta. Por favor, avísenme si alguno de ustedes tiene preguntas.",
        "Bijgaand het concept. Laat het me weten als iemand van jullie nog vragen heeft.",
        "In allegato la bozza. Fatemi sapere se qualcuno di voi ha domande o commenti.",
        "Segue em anexo o rascunho. Avisem-me, por favor, se algum de vocês tiver dúvidas.",
        "Segue a ata. Me avisem se alguém da equipe tiver alguma dúvida.",
    ],
)
def test_a_courtesy_to_many_asks_nothing(text: str) -> None:
    assert golden.read({"text": text}).request.probability < THRESHOLDS["balanced"]


@pytest.mark.parametrize(
    "text",
    [
        "Please let me know if any of you can take over the audit on Friday.",
        "Sagt mir bitte Bescheid, wenn einer von euch das Protokoll übernehmen kann.",
        "Merci de me dire si l'un d'entre vous peut reprendre le dossier.",
        "Por favor, avísenme si alguno de ustedes puede encargarse del informe.",
        "Laat me weten wie van jullie de presentatie kan overnemen.",
        "Fatemi sapere se qualcuno di voi può occuparsi del verbale.",
        "Avisem-me, por favor, se algum de vocês puder tratar do relatório.",
    ],
)
def test_a_question_to_many_still_asks(text: str) -> None:
    assert golden.read({"text": text}).request.probability > THRESHOLDS["eager"]


@pytest.mark.parametrize(
    "text",
    [
        "Don't forget to send the report tomorrow.",
        "Make sure that the report goes out tomorrow.",
        "Stellen Sie bitte sicher, dass der Bericht morgen rausgeht.",
        "Sorg bitte dafür, dass die Liste stimmt.",
        "N'oubliez pas d'envoyer le rapport.",
        "Assurez-vous que le rapport parte demain.",
        "Veillez à ce que le rapport parte demain.",
        "Asegúrate de que el informe salga mañana.",
        "No te olvides de enviar el informe.",
        "Zorg ervoor dat het rapport morgen weg is.",
        "Vergeet niet te bellen.",
        "Assicurati che la relazione parta domani.",
        "Non dimenticarti di mandare il verbale.",
        "Certifica-te de que o relatório sai amanhã.",
        "Não se esqueça de enviar o relatório.",
    ],
)
def test_what_is_to_be_seen_to_asks(text: str) -> None:
    assert golden.read({"text": text}).request.probability > THRESHOLDS["eager"]


@pytest.mark.parametrize(
    "text",
    [
        "Please don't hesitate to call me.",
        "Please do not hesitate to contact me with any questions. The list is attached.",
        "I will look into this and get back to you.",
        "I'll look into it and let you know.",
        "Wir sorgen dafür, dass die Liste stimmt.",
        "Er stellt sicher, dass der Bericht morgen rausgeht.",
        "N'oubliez pas que le bureau est fermé lundi.",
        "Nous nous assurons que tout est prêt.",
        "No olvides que el lunes es festivo.",
        "Ci assicuriamo che la relazione parta domani.",
    ],
)
def test_courtesies_and_what_the_sender_sees_to_ask_nothing(text: str) -> None:
    assert golden.read({"text": text}).request.probability < THRESHOLDS["balanced"]
