"""What the judge learns from: labelled mails of four organisations, such mails in six more languages, mails
that were written to learn from, and single sentences. `tools/train_request.py` learns, `bench/judge.py`
measures.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ackd.judge import reading
from ackd.judge.classifier import features
from ackd.model import Mail, Owner
from ackd.text import eml, reply_text
from ackd.text.languages import languages

OWNER = Owner("alice@corp.example", "Alice Smith")
LABELLED = "E"
"""The organisation of the mails in `labelled`, and of their rewritings in `languages`; those of `other` are
the first letters of their ids."""
WRITTEN = "written"
_WRITTEN_MAILS = Path(__file__).with_name("written_mails")
_ASKING = frozenset(("ask", "tell", "wish", "order", "opinion"))
_GIVING = frozenset(("promise", "inform"))
_WORD = re.compile(r"\W+")
_LIKE = 0.35  # the least likeness of the sentence that is taken for the one that asks


@dataclasses.dataclass(frozen=True, slots=True)
class Labelled:
    """A mail with a clear label, read. `group`: what it must be held out with (its thread, its inbox, the
    mail that it is a rewriting of). `asking`: the number of the sentence that asks, where that is known."""

    id: str
    organisation: str
    language: str
    group: str
    asks: bool
    reading: reading.Reading
    shown: list[dict[str, float]]
    asking: int | None = None


def load(shared: Path) -> list[Labelled]:
    """All mails that the judge learns from, without the unclear ones, in a fixed order."""
    mail = shared / "mail"
    threads = {row["id"]: row.get("thread", row["id"]) for row in _rows(mail / "other" / "meta.jsonl")}
    found = [_real(mail / "labelled", row, LABELLED, row["id"]) for row in _clear(mail / "labelled")]
    found += [
        _real(mail / "other", row, row["id"][0], f"thread {threads[row['id']]}")
        for row in _clear(mail / "other")
    ]
    for folder in sorted(path for path in (mail / "languages").iterdir() if path.is_dir()):
        for row in _clear(folder):
            one = _real(folder, row, LABELLED, row["id"])
            found.append(dataclasses.replace(one, id=f"{folder.name}-{one.id}", language=folder.name))
    for path in sorted(_WRITTEN_MAILS.glob("*.jsonl")):
        found += [_written(row, path.stem) for row in _rows(path)]
    return found


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _clear(folder: Path) -> Iterator[dict[str, Any]]:
    return (row for row in _rows(folder / "labels.jsonl") if row["label"] != "unclear")


def _real(folder: Path, row: dict[str, Any], organisation: str, group: str) -> Labelled:
    read = _read(eml.read((folder / f"{row['id']}.eml").read_bytes()), OWNER)
    return Labelled(
        row["id"], organisation, "en", group, row["label"] == "yes", read, features.of_sentences(read)
    )


def _written(row: dict[str, Any], language: str) -> Labelled:
    fields = {
        "From": row["from"],
        "To": ", ".join(row["to"]),
        "Cc": ", ".join(row["cc"]),
        "Subject": row["subject"],
    }
    head = "".join(f"{name}: {value}\n" for name, value in fields.items() if value)
    raw = f"{head}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{row['text']}"
    read = _read(eml.read(raw.encode()), Owner(OWNER.address, row["owner"]))
    asks = row["asks"]
    return Labelled(
        row["id"], WRITTEN, language, f"{language} {row['group']}", asks is not None, read,
        features.of_sentences(read), nearest(asks, [s.text for s in read.sentences]) if asks else None,
    )  # fmt: skip


def _read(mail: Mail, owner: Owner) -> reading.Reading:
    return reading.read(mail, owner, reply_text.written(mail.text, mail.html))


def nearest(said: str, sentences: Sequence[str]) -> int | None:
    """The number of the sentence that is `said`, however sentences are told; None where none is like it."""
    wanted = _WORD.sub(" ", said.lower()).strip()
    best, most = None, _LIKE
    for number, text in enumerate(sentences):
        plain = _WORD.sub(" ", text.lower()).strip()
        words, others = set(wanted.split()), set(plain.split())
        like = len(words & others) / max(1, len(words | others))
        like += 0.5 * bool(plain and (plain in wanted or wanted in plain))
        if like > most:
            best, most = number, like
    return best


# --- single sentences -----------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True, slots=True)
class Sentence:
    """A single English sentence with its signals, on whose label both its readings agree."""

    text: str
    words: list[str]
    shown: dict[str, float]
    asks: bool


def load_sentences(shared: Path) -> list[Sentence]:
    """The single sentences on whose label both readings agree.

    The sets count a sender's own plans and closing courtesies as requests; here such a sentence
    is none, or is left out where it is in doubt.
    """
    folder = shared / "mail" / "sentences"
    yes, no = (set(_lines(folder / f"verified-{name}.txt")) for name in ("yes", "no"))
    found = []
    for line in _lines(folder / "parakweet-train.tsv"):
        label, _, text = line.partition("\t")
        text = text.strip()
        asks = {("Yes", True, False): True, ("No", False, True): False}.get((label, text in yes, text in no))
        read = _read_sentence(text) if asks is not None else None
        asks = _corrected(read, text, asks) if read and asks is not None else None
        if read and asks is not None:
            words = [word for sentence in read.sentences for word in sentence.words]
            found.append(Sentence(text, words, _merged(read), asks))
    return found


def _lines(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text(encoding="utf-8", errors="replace").splitlines()]


def _read_sentence(text: str) -> reading.Reading | None:
    read = reading.read(Mail("<x>", eml.EPOCH, "", None), OWNER, text)
    english = languages()["en"]
    hits = tuple(tuple(english.phrases.find(s.words, s.begins)) for s in read.sentences)
    return dataclasses.replace(read, language=english, hits=hits) if read.sentences else None


def _corrected(read: reading.Reading, text: str, asks: bool) -> bool | None:
    every = {hit.kind for hits in read.hits for hit in hits}
    kept = {hit.kind for hits in read.hits for hit in reading.unmasked(hits)}
    if not asks or "?" in text or kept & _ASKING:
        return asks
    if "courtesy" in every:
        return False
    return None if every & _GIVING and "hint" not in kept else asks


def _merged(read: reading.Reading) -> dict[str, float]:
    """The signals of what may be two sentences, without those that tell its place in a mail."""
    merged: dict[str, float] = {}
    for sentence in features.of_sentences(read):
        merged |= sentence
    return {name: value for name, value in merged.items() if name not in ("first", "last", "far down")}
