"""Where a sentence ends."""

from __future__ import annotations

import pytest

from ackd.text.sentences import sentences


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ich habe das Unternehmen zum 31.10. verlassen. Gruß", ["Ich habe … zum 31.10. verlassen.", "Gruß"]),
        ("Bis 3.4. bitte die Liste.", ["Bis 3.4. bitte die Liste."]),
        ("Es geht um Version 3.4. Bitte prüfen.", ["Es geht um Version 3.4.", "Bitte prüfen."]),
        ("We have 10. can you send it?", ["We have 10.", "can you send it?"]),
        ("Am 1.2.\n\nkommt er.", ["Am 1.2.", "kommt er."]),
    ],
)
def test_a_day_in_figures_ends_no_sentence(text: str, found: list[str]) -> None:
    wanted = [one.replace("…", "das Unternehmen") for one in found]

    assert [one.text for one in sentences(text, most=9)] == wanted
