"""A language that is put into the folder is known wherever one is asked for: nothing else lists them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ackd.judge import facts, reading
from ackd.letters import dates
from ackd.letters.filled import spoken
from ackd.letters.owner_words import owner_words
from ackd.letters.task_words import words_in
from ackd.mailbox import folder_names
from ackd.model import Urgency, WorkingHours
from ackd.promise import holding_reply
from ackd.text import language_id, languages, marks, signatures, subject
from ackd.text.temporal import vocabulary
from ackd.text.temporal.deadline import stated
from tests.people import ALICE, mail

_PHRASES = """
[name]
Tongue
[common]
zo ke mi ta vu pli
[ask]
pli|plis send|tell
[urgent]
vite
[holding]
mi ... venu
"""
FILES = {
    "phrases": _PHRASES,
    "temporal": "[by]\ngis\n[ask]\npli\n[weekdays]\nzondo = 0\nzerdo = 4\n",
    "mail": "[headers]\nzel; \n[replies]\nzer\n[folders]\nZinbox = inbox\n[joins]\nzaj\n",
}
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
KEPT = (
    *(languages.languages, languages.every_word, languages.every_line),
    *(language_id._votes, marks.marks, signatures._asking, subject._prefixes, vocabulary.words_of),
    *(folder_names._by_name, folder_names._inboxes, owner_words, words_in),
)


@pytest.fixture(autouse=True)
def tongue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a made-up language beside the others."""
    own = Path(str(languages.resources.files(languages.__name__)))
    for folder in own.iterdir():
        if (folder / "phrases.txt").is_file():
            (tmp_path / folder.name).symlink_to(folder)
    (tmp_path / "zx").mkdir()
    for name, text in FILES.items():
        (tmp_path / "zx" / f"{name}.txt").write_text(text, encoding="utf-8")
    monkeypatch.setattr(languages.resources, "files", lambda _: tmp_path)
    _forget()
    yield tmp_path / "zx"
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    for kept in KEPT:
        kept.cache_clear()


def test_its_mails_are_read() -> None:
    question = mail("q", text="Zo ke ta. Pli send mi ta vite.", subject="Zer: ta")
    read = reading.read(question, ALICE, question.text)

    assert read.code == "zx"
    assert [hit.kind for hit in read.hits[1]].count("ask") == 1
    assert reading.urgency(read) is Urgency.URGENT
    assert facts.read(question, ALICE).language == "zx"
    assert subject.without_reply("Zer: Re: ta") == "ta"
    assert folder_names.language_of("zinbox") == "zx"


def test_its_dates_are_read() -> None:
    deadline = stated("Pli send ta gis zerdo", "zx", NOW, UTC, WorkingHours.office())
    held = holding_reply.holding("Mi ta venu gis zerdo", "zx", NOW, UTC, WorkingHours.office())

    assert deadline is not None
    assert deadline.words == "gis zerdo"
    assert deadline.moment.date().isoformat() == "2026-11-27"
    assert held is not None
    assert held.moment == deadline.moment


def test_without_words_of_its_own_for_letters_it_is_written_to_in_english() -> None:
    assert spoken("zx") == owner_words("zx").code == words_in("zx").code == "en"
    assert dates.day_in_words(NOW, "zx", NOW) == "Tuesday, 24 November"


def test_what_its_letters_lack_is_told(tongue: Path) -> None:
    (tongue / "letters.txt").write_text("[task]\nsubject = {who} {when}\n", encoding="utf-8")

    with pytest.raises(ValueError, match=r"letters\.txt of zx: missing, or not known: again, answer, asked"):
        words_in("zx")


def test_a_language_may_have_more_forms_of_the_plural() -> None:
    said = replace(owner_words("en"), code="pl")
    counted = ("{n} list", "{n} listy", "{n} listów")

    assert [said.counted(counted, n) for n in (1, 3, 5)] == ["1 list", "3 listy", "5 listów"]
