"""What people call the folders that every mailbox has, in the languages of Outlook; and paths of folders as
people write them. Pure."""

from __future__ import annotations

import re
import unicodedata

#: By the name that EWS has for a folder: how Outlook shows it, language by language.
_NAMES = {
    "inbox": """Inbox; Posteingang; Boîte de réception; Bandeja de entrada; Postvak IN; Posta in arrivo;
        Caixa de entrada; A Receber; Skrzynka odbiorcza; Inkorgen; Innboks; Indbakke; Saapuneet;
        Doručená pošta; Beérkezett üzenetek; Gelen Kutusu; Mesaje primite; Входящие; Вхідні;
        Εισερχόμενα; 受信トレイ; 收件箱; 收件匣; 받은 편지함""",
    "sentitems": """Sent Items; Gesendete Elemente; Gesendete Objekte; Éléments envoyés; Elementos enviados;
        Verzonden items; Posta inviata; Itens enviados; Elementy wysłane; Skickat; Sendte elementer;
        Sendt post; Lähetetyt; Odeslaná pošta; Отправленные""",
    "deleteditems": """Deleted Items; Gelöschte Elemente; Gelöschte Objekte; Éléments supprimés;
        Elementos eliminados; Verwijderde items; Posta eliminata; Itens excluídos; Itens eliminados;
        Elementy usunięte; Borttaget; Slettede elementer; Slettet post; Poistetut; Odstraněná pošta;
        Удаленные""",
    "junkemail": """Junk Email; Junk E-mail; Junk-E-Mail; Courrier indésirable; Correo no deseado;
        Ongewenste e-mail; Posta indesiderata; Lixo Eletrônico; Lixo eletrónico; Correio eletrónico não
        solicitado; Wiadomości-śmieci; Skräppost; Søppelpost; Uønsket mail; Roskaposti; Nevyžádaná pošta;
        Нежелательная почта""",
    "drafts": """Drafts; Entwürfe; Brouillons; Borradores; Concepten; Bozze; Rascunhos; Wersje robocze;
        Utkast; Kladder; Luonnokset; Koncepty; Черновики""",
    "outbox": """Outbox; Postausgang; Boîte d'envoi; Bandeja de salida; Postvak UIT; Posta in uscita;
        Caixa de saída; A Enviar; Skrzynka nadawcza; Utkorgen; Utboks; Udbakke; Lähtevät; Исходящие""",
}
INBOX = "inbox"
EVERY_MAILBOX_HAS = tuple(_NAMES)
_SEPARATORS = re.compile(r"(?<!\\)/")


def plain(name: str) -> str:
    """A name for comparison, as Exchange compares: without case; spaces at its ends don't count."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _bare(name: str) -> str:
    """Without accents too, and with one kind of apostrophe: as people type it."""
    letters = unicodedata.normalize("NFKD", plain(name).replace("’", "'"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


_BY_NAME = {_bare(name): own for own, names in _NAMES.items() for name in names.split(";")}


def meant(name: str) -> str | None:
    """The folder, by its name in EWS, that somebody may mean by a name in whatever language."""
    return _BY_NAME.get(_bare(name))


def is_inbox(path: str) -> bool:
    """Whether a path is the inbox's name in EWS: then it is the inbox, whatever the mailbox calls it."""
    return plain(path.strip("/")) == INBOX


def key_of(path: str) -> str:
    """A path without slashes at its ends, as it stands in records."""
    return path.strip().strip("/").strip() or path.strip()


def parts(path: str) -> tuple[str, ...]:
    """The names in a path, comparable: a slash that belongs to a name is written as a backslash and a
    slash."""
    return tuple(plain(part.replace("\\/", "/")) for part in _SEPARATORS.split(path) if part.strip())
