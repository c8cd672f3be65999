"""What Outlook calls the standard folders in other languages than English."""

from __future__ import annotations

_ORDER = (
    "inbox drafts sentitems outbox deleteditems junkemail calendar contacts tasks notes journal "
    "conversationhistory"
)
_SHOWN = {
    "de": "Posteingang; Entwürfe; Gesendete Elemente; Postausgang; Gelöschte Elemente; Junk-E-Mail; "
    "Kalender; Kontakte; Aufgaben; Notizen; Journal; Aufgezeichnete Unterhaltungen",
    "fr": "Boîte de réception; Brouillons; Éléments envoyés; Boîte d’envoi; Éléments supprimés; "
    "Courrier indésirable; Calendrier; Contacts; Tâches; Notes; Journal; Historique des conversations",
    "es": "Bandeja de entrada; Borradores; Elementos enviados; Bandeja de salida; Elementos eliminados; "
    "Correo no deseado; Calendario; Contactos; Tareas; Notas; Diario; Historial de conversaciones",
    "nl": "Postvak IN; Concepten; Verzonden items; Postvak UIT; Verwijderde items; Ongewenste e-mail; "
    "Agenda; Contactpersonen; Taken; Notities; Logboek; Gespreksgeschiedenis",
    "it": "Posta in arrivo; Bozze; Posta inviata; Posta in uscita; Posta eliminata; Posta indesiderata; "
    "Calendario; Contatti; Attività; Note; Diario; Cronologia conversazioni",
    "pt": "Caixa de Entrada; Rascunhos; Itens Enviados; Caixa de Saída; Itens Excluídos; Lixo Eletrônico; "
    "Calendário; Contatos; Tarefas; Anotações; Diário; Histórico de Conversa",
}
LANGUAGES = ("en", *_SHOWN)
ENGLISH = "en"


def of(language: str) -> dict[str, str]:
    """Names by distinguished id, nothing for English. Raises ValueError for a language that is not known."""
    if language == ENGLISH:
        return {}
    if language not in _SHOWN:
        raise ValueError(f"{language!r}: folders have names in {', '.join(LANGUAGES)}")
    return dict(zip(_ORDER.split(), _SHOWN[language].split("; "), strict=True))
