"""Every letter in every language, for each of the cases that its words depend on.

`python -m tests.letters.golden` writes the texts anew, after a change that is meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from ackd.letters import NAMES, Letters, LetterValues, TaskStyle
from ackd.letters.task import task
from ackd.model import Sensitivity
from ackd.text.languages import LANGUAGES
from tests.letters.values import CALENDAR, NOW, OWNER, PROMISE, promise

FOLDER = Path(__file__).parent / "golden"

_DUE = CALENDAR.local(PROMISE.due)
_BASE = LetterValues("", OWNER.name, OWNER.address, "Budget 2027", NOW, due=_DUE)
_BEFORE, _AFTER = _DUE - timedelta(days=1), _DUE + timedelta(days=1)
CASES = {
    "named": replace(_BASE, asker="Bob", previous=_BEFORE, contact="carol@corp.example"),
    "no name": _BASE,
    "no subject": replace(_BASE, asker="Bob", subject="Re:"),
    "absent": replace(_BASE, asker="Bob", back=_BEFORE, contact="Carol Jones (carol@corp.example)", due=None),
    "deadline impossible": replace(_BASE, asker="Bob", deadline=_BEFORE),
    "sooner": replace(_BASE, asker="Bob", previous=_AFTER),
}


def cases_of(letter: str) -> Iterator[tuple[str, LetterValues]]:
    """The cases that this letter tells apart; only those that promise nothing go without a date."""
    for case, values in CASES.items():
        if case == "deadline impossible" and letter not in ("received", "absent"):
            continue
        if case == "sooner" and letter != "new-date":
            continue
        if case == "absent" and letter in ("received", "new-date"):
            continue
        yield case, values


def written(language: str) -> str:
    """All letters of a language as they are stored."""
    parts = []
    for letter in NAMES:
        for case, values in cases_of(letter):
            rendered = Letters().render(letter, language, values)
            parts.append(f"=== {letter}: {case}\nSubject: {rendered.subject}\n\n{rendered.text}")
    return "\n".join([*parts, *_tasks(language)])


def _tasks(language: str) -> Iterator[str]:
    """The task with all that it may say, and of a private mail."""
    asked = {
        "language": language,
        "deadline": PROMISE.due - timedelta(days=1),
        "asker_offset": 0,
        "web_link": "https://mail.corp.example/owa/?ItemID=AQ&exvsurl=1&viewmodel=ReadMessageItem",
    }
    for case, of in (
        ("asked", promise(**asked)),
        ("nobody was told", replace(promise(**asked), told=None)),
        ("private", promise(**asked, sensitivity=Sensitivity.PRIVATE)),
    ):
        made = task(of, OWNER, CALENDAR, "", NOW, TaskStyle(language))
        yield f"=== task: {case}\nSubject: {made.subject}\n\n{made.body}"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for code in LANGUAGES:
        (FOLDER / f"{code}.txt").write_text(written(code), encoding="utf-8")
