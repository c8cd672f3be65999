"""Wishes for a date as colleagues write them, and what only looks like one, in seven languages: the phrases
are in wishes/*.tsv and no_wishes/*.tsv, as in `tests.promise.tables`."""

from __future__ import annotations

import pytest

from ackd.text.languages import LANGUAGES
from ackd.text.temporal.deadline import stated
from tests.promise.tables import AT, BERLIN, OFFICE, lines, shown


@pytest.mark.parametrize("kind", ["wishes", "no_wishes"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wished(language: str, kind: str) -> None:
    told = [
        (wanted, shown(stated(text, language, AT, BERLIN, OFFICE)), text)
        for wanted, text in lines(kind, language)
    ]
    assert [case for case in told if case[0] != case[1]] == []
