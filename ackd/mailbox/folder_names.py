"""What people call the folders that every mailbox has, in the languages of Outlook; and paths of folders as
people write them. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from ackd.text.languages import every_entry, languages
from ackd.text.languages.sections import table

#: By the name that EWS has for a folder: how Outlook shows it in languages that ackd doesn't read; of
#: those that it reads their `mail.txt` says it.
_OTHERS = {
    "inbox": """Skrzynka odbiorcza; Inkorgen; Innboks; Indbakke; Saapuneet; Doručená pošta;
        Beérkezett üzenetek; Gelen Kutusu; Mesaje primite; Входящие; Вхідні; Εισερχόμενα; 受信トレイ; 收件箱;
        收件匣; 받은 편지함""",
    "sentitems": """Elementy wysłane; Skickat; Sendte elementer; Sendt post; Lähetetyt; Odeslaná pošta;
        Отправленные""",
    "deleteditems": """Elementy usunięte; Borttaget; Slettede elementer; Slettet post; Poistetut;
        Odstraněná pošta; Удаленные""",
    "junkemail": """Wiadomości-śmieci; Skräppost; Søppelpost; Uønsket mail; Roskaposti; Nevyžádaná pošta;
        Нежелательная почта""",
    "drafts": "Wersje robocze; Utkast; Kladder; Luonnokset; Koncepty; Черновики",
    "outbox": "Skrzynka nadawcza; Utkorgen; Utboks; Udbakke; Lähtevät; Исходящие",
}
INBOX = "inbox"
EVERY_MAILBOX_HAS = tuple(_OTHERS)
_SEPARATORS = re.compile(r"(?<!\\)/")


def plain(name: str) -> str:
    """A name for comparison, as Exchange compares: without case; spaces at its ends don't count."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _bare(name: str) -> str:
    """Without accents too, and with one kind of apostrophe: as people type it."""
    letters = unicodedata.normalize("NFKD", plain(name).replace("’", "'"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@cache
def _by_name() -> dict[str, str]:
    others = {_bare(name): own for own, names in _OTHERS.items() for name in names.split(";")}
    return others | {_bare(name): own for name, own in every_entry("folders", "mail")}


@cache
def _inboxes() -> dict[str, str]:
    """The languages by what they call the inbox."""
    names = (
        (one.code, name)
        for one in languages().values()
        for name, own in table(one.lines("folders", "mail"))
        if own == INBOX
    )
    return {plain(name): code for code, name in names}


def meant(name: str) -> str | None:
    """The folder, by its name in EWS, that somebody may mean by a name in whatever language."""
    return _by_name().get(_bare(name))


def language_of(inbox: str) -> str | None:
    """The language in which an inbox has this name; None where it is none that ackd reads."""
    return _inboxes().get(plain(inbox))


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
