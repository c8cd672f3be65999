"""The mails that were written to learn from: whole, apart from each other, and labelled by a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ackd.text.languages import LANGUAGES

FOLDER = Path(__file__).resolve().parents[1] / "tools" / "written_mails"
FIELDS = {"id", "group", "owner", "from", "to", "cc", "subject", "text", "asks"}


def mails(language: str) -> list[dict[str, Any]]:
    lines = (FOLDER / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_is_whole_and_says_by_which_sentence_it_asks(language: str) -> None:
    every = mails(language)
    assert len({mail["id"] for mail in every}) == len(every)
    for mail in every:
        assert set(mail) == FIELDS, mail["id"]
        asks = mail["asks"]
        assert asks is None or (asks and (asks in mail["text"] or asks in mail["subject"])), mail["id"]
        addresses = " ".join([mail["from"], *mail["to"], *mail["cc"]])
        assert addresses.count("@") == addresses.count("@corp.example") + addresses.count("@partner.example")


def test_the_page_counts_them_rightly() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    for language in LANGUAGES:
        every = mails(language)
        asking = sum(mail["asks"] is not None for mail in every)
        assert f"| {language} | {len(every)} | {asking} |" in page
