"""What the owner's task says besides the mail's own words, in seven languages."""

from __future__ import annotations

from dataclasses import dataclass

from ackd.model import Sensitivity


@dataclass(frozen=True, slots=True)
class TaskWords:
    """The fixed words of a task. `subject` has {who} and {when}, which come first because lists cut
    subjects at the end; `asks`, `answer` and `hidden` have {sender}; `promised`, `planned` (nobody was told
    the date so far), `held` (a limit held the letter as the task was made) and `asked` have {when}, `came`
    has {owner} and {when}, `again` has {who} and {when}, `more` has {who}."""

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
    held=(
        "To be answered by {when}. As this task was made, a limit held the letter. “ackd unanswered” "
        "lists it while it is held, and sends it with --send."
    ),
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
        "Zu beantworten bis {when}. Als diese Aufgabe entstand, hielt eine Grenze die Mail zurück. "
        "„ackd unanswered“ nennt sie, solange das so ist, und sendet sie mit --send."
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
        "À répondre au plus tard le {when}. À la création de cette tâche, une limite retenait le "
        "message. « ackd unanswered » le montre tant qu’il est retenu, et l’envoie avec --send."
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
        "Por responder a más tardar el {when}. Cuando se creó esta tarea, un límite retenía el "
        "mensaje. «ackd unanswered» lo muestra mientras siga retenido, y lo envía con --send."
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
        "Te beantwoorden uiterlijk {when}. Toen deze taak werd gemaakt, hield een limiet de mail "
        "vast. “ackd unanswered” toont die zolang dat zo is, en verstuurt die met --send."
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
        "Da rispondere entro {when}. Quando è nata questa attività, un limite tratteneva il "
        "messaggio. «ackd unanswered» lo mostra finché è trattenuto, e lo invia con --send."
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
        "A responder até {when}. Quando esta tarefa foi criada, um limite retinha a mensagem. “ackd "
        "unanswered” mostra-a enquanto estiver retida, e envia-a com --send."
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
