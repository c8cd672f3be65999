"""Mails as no colleague writes them."""

from __future__ import annotations

from email.message import EmailMessage

from bench.parts.mails import NAMES, OWNER


def in_parts(count: int, to: str = OWNER) -> tuple[str, bytes]:
    """A question with so many parts: a text, and small files."""
    asker, name = next(iter(NAMES.items()))
    mail = EmailMessage()
    mail["Message-ID"] = f"<parts{count}@corp.example>"
    mail["From"], mail["To"], mail["Subject"] = f"{name} <{asker}>", to, f"Number {count}"
    mail["X-MS-Exchange-Organization-AuthAs"] = "Internal"
    mail.set_content(
        "Hi Alice,\n\ncould you please send me the figures for October?\n\nThanks\n" + name + "\n"
    )
    for number in range(count - 1):
        mail.add_attachment(f"row {number}\n" * 20, filename=f"{number}.txt")
    return to, mail.as_bytes().replace(b"\n", b"\r\n")
