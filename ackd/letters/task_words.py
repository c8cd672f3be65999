"""What the owner's task says besides the mail's own words, in seven languages."""

from __future__ import annotations

from dataclasses import dataclass

from ackd.model import Sensitivity


@dataclass(frozen=True, slots=True)
class TaskWords:
    """The fixed words of a task. `subject` has {who} and {when}, which come first because lists cut
    subjects at the end; `asks`, `answer` and `hidden` have {sender}; `promised`, `planned` (nobody was told
    the date so far), `held` (a limit holds the letter) and `asked` have {when}, `came` has {owner} and
    {when}, `again` has {who} and {when}, `more` has {who}."""

    subject: str
    asks: str
    answer: str
    hidden: str
    private: str
    confidential: str
    promised: str
    planned: str
    held: str
    asked: str
    late: str
    message: str
    came: str
    link: str
    search: str
    again: str
    more: str

    def kind(self, sensitivity: Sensitivity) -> str:
        """A secret mail's sensitivity in words."""
        return self.private if sensitivity is Sensitivity.PRIVATE else self.confidential


_EN = TaskWords(
    subject="Answer {who} by {when}",
    asks="{sender} asks:",
    answer="{sender} asks for an answer.",
    hidden="{sender} sent a {kind} message; its text is in the mailbox only.",
    private="private",
    confidential="confidential",
    promised="Promised: an answer by {when}.",
    planned="To be answered by {when}; the date is promised once a letter tells it.",
    held="To be answered by {when}. No letter went out: a limit holds it. “ackd unanswered --send” sends it.",
    asked="Asked for by {when}.",
    late="Asked for by {when}, which could not be promised.",
    message="The message:",
    came="The mail came to {owner} on {when}.",
    link="Open it: {link}",
    search="To find it, search for: {search}",
    again="{who} wrote again on {when}",
    more="More is needed from {who} before an answer.",
)
_DE = TaskWords(
    subject="Antwort an {who} bis {when}",
    asks="{sender} fragt:",
    answer="{sender} bittet um eine Antwort.",
    hidden="{sender} hat eine {kind}e Nachricht geschickt; ihr Text steht nur im Postfach.",
    private="privat",
    confidential="vertraulich",
    promised="Versprochen: eine Antwort bis {when}.",
    planned="Zu beantworten bis {when}; versprochen ist der Termin erst, wenn eine Mail ihn nennt.",
    held=(
        "Zu beantworten bis {when}. "
        "Es ging keine Mail hinaus: Eine Grenze hält sie zurück. „ackd unanswered --send“ sendet sie."
    ),
    asked="Gewünscht bis {when}.",
    late="Gewünscht bis {when}; das ließ sich nicht versprechen.",
    message="Die Nachricht:",
    came="Die Mail kam am {when} an {owner}.",
    link="Öffnen: {link}",
    search="Zum Finden suchen nach: {search}",
    again="{who} hat am {when} noch einmal geschrieben",
    more="Für eine Antwort werden mehr Angaben von {who} gebraucht.",
)
_FR = TaskWords(
    subject="Répondre à {who} au plus tard {when}",
    asks="{sender} demande :",
    answer="{sender} attend une réponse.",
    hidden="{sender} a envoyé un message {kind} ; son texte n’est que dans la boîte aux lettres.",
    private="privé",
    confidential="confidentiel",
    promised="Promis : une réponse au plus tard le {when}.",
    planned="À répondre au plus tard le {when} ; la date n’est promise qu’une fois annoncée par un message.",
    held=(
        "À répondre au plus tard le {when}. "
        "Aucun message n’est parti : une limite le retient. « ackd unanswered --send » l’envoie."
    ),
    asked="Souhaité au plus tard le {when}.",
    late="Souhaité au plus tard le {when}, ce qui n’a pas pu être promis.",
    message="Le message :",
    came="Le message est arrivé chez {owner} le {when}.",
    link="L’ouvrir : {link}",
    search="Pour le retrouver, chercher : {search}",
    again="{who} a de nouveau écrit le {when}",
    more="Avant de répondre, il faut plus de précisions de {who}.",
)
_ES = TaskWords(
    subject="Responder a {who} a más tardar el {when}",
    asks="{sender} pregunta:",
    answer="{sender} espera una respuesta.",
    hidden="{sender} ha enviado un mensaje {kind}; su texto está solo en el buzón.",
    private="privado",
    confidential="confidencial",
    promised="Prometido: una respuesta a más tardar el {when}.",
    planned="Por responder a más tardar el {when}; la fecha se promete cuando un mensaje la comunica.",
    held=(
        "Por responder a más tardar el {when}. "
        "No salió ningún mensaje: un límite lo retiene. «ackd unanswered --send» lo envía."
    ),
    asked="Lo pidió para el {when}.",
    late="Lo pidió para el {when}, y eso no se pudo prometer.",
    message="El mensaje:",
    came="El mensaje llegó a {owner} el {when}.",
    link="Abrirlo: {link}",
    search="Para encontrarlo, buscar: {search}",
    again="{who} ha vuelto a escribir el {when}",
    more="Antes de responder hace falta más información de {who}.",
)
_NL = TaskWords(
    subject="Antwoord aan {who} uiterlijk {when}",
    asks="{sender} vraagt:",
    answer="{sender} wacht op een antwoord.",
    hidden="{sender} heeft een {kind} bericht gestuurd; de tekst staat alleen in de mailbox.",
    private="privé",
    confidential="vertrouwelijk",
    promised="Beloofd: een antwoord uiterlijk {when}.",
    planned="Te beantwoorden uiterlijk {when}; de datum is pas beloofd als een mail haar noemt.",
    held=(
        "Te beantwoorden uiterlijk {when}. "
        "Er ging geen mail uit: een limiet houdt die vast. “ackd unanswered --send” verstuurt die."
    ),
    asked="Gevraagd uiterlijk {when}.",
    late="Gevraagd uiterlijk {when}; dat kon niet worden beloofd.",
    message="Het bericht:",
    came="De mail kwam op {when} binnen bij {owner}.",
    link="Openen: {link}",
    search="Om het te vinden, zoek op: {search}",
    again="{who} heeft op {when} weer geschreven",
    more="Voor een antwoord is meer informatie van {who} nodig.",
)
_IT = TaskWords(
    subject="Rispondere a {who} entro {when}",
    asks="{sender} chiede:",
    answer="{sender} aspetta una risposta.",
    hidden="{sender} ha inviato un messaggio {kind}; il testo si trova solo nella casella di posta.",
    private="privato",
    confidential="riservato",
    promised="Promesso: una risposta entro {when}.",
    planned="Da rispondere entro {when}; la data è promessa solo quando un messaggio la comunica.",
    held=(
        "Da rispondere entro {when}. "
        "Non è partito alcun messaggio: un limite lo trattiene. «ackd unanswered --send» lo invia."
    ),
    asked="Richiesta entro {when}.",
    late="Richiesta entro {when}; non è stato possibile prometterlo.",
    message="Il messaggio:",
    came="La mail è arrivata a {owner} {when}.",
    link="Aprirla: {link}",
    search="Per trovarla, cercare: {search}",
    again="{who} ha scritto di nuovo {when}",
    more="Prima di rispondere servono più informazioni da {who}.",
)
_PT = TaskWords(
    subject="Responder a {who} até {when}",
    asks="{sender} pergunta:",
    answer="{sender} espera uma resposta.",
    hidden="{sender} enviou uma mensagem {kind}; o texto está apenas na caixa de correio.",
    private="privada",
    confidential="confidencial",
    promised="Prometido: uma resposta até {when}.",
    planned="A responder até {when}; a data só fica prometida quando uma mensagem a comunica.",
    held=(
        "A responder até {when}. "
        "Não saiu nenhuma mensagem: um limite retém-na. “ackd unanswered --send” envia-a."
    ),
    asked="Pedido até {when}.",
    late="Pedido até {when}, o que não pôde ser prometido.",
    message="A mensagem:",
    came="A mensagem chegou a {owner}: {when}.",
    link="Abrir: {link}",
    search="Para a encontrar, procurar: {search}",
    again="{who} voltou a escrever: {when}",
    more="Antes de responder, são precisas mais informações de {who}.",
)
_WORDS = {"en": _EN, "de": _DE, "fr": _FR, "es": _ES, "nl": _NL, "it": _IT, "pt": _PT}


def words_in(language: str) -> TaskWords:
    """The words in a language; English for one that isn't known."""
    return _WORDS.get(language, _EN)
