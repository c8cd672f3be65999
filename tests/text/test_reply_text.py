"""New text is found whatever program quoted the old one, in every language."""

# ruff: noqa: E501  (mails stand here as they are)

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ackd.text.reply_text import new_text
from tests.judge import golden
from tests.plays import many

NEW = "Could you send me the figures?"
OLD = "Old text that somebody else wrote?"

GOLDEN = golden.load(golden.FOLDER / "reply_text.yaml")
QUOTES = {name: quote.replace("{old}", OLD) for name, quote in GOLDEN["quotes"].items()}
SIGNATURES, HTML = GOLDEN["signatures"], GOLDEN["html"]


@pytest.mark.parametrize("quote", QUOTES.values(), ids=QUOTES)
def test_quotes_are_left_out(quote: str) -> None:
    assert new_text(f"{NEW}\n\n\n{quote}\n", None) == NEW


@pytest.mark.parametrize("quote", [q for n, q in QUOTES.items() if n != "angle brackets"])
def test_a_bare_forward_has_no_new_text(quote: str) -> None:
    assert OLD not in new_text(quote, None)


@pytest.mark.parametrize("signature", SIGNATURES.values(), ids=SIGNATURES)
def test_signatures_are_left_out(signature: str) -> None:
    found = new_text(f"{NEW}\n\n{signature}\n", None)

    assert found.startswith(NEW)
    assert not any(word in found for word in ("Brown", "555", "iPhone", "12345"))
    assert "?" not in found.removeprefix(NEW)


def test_answers_between_quotes_are_kept() -> None:
    text = "On Monday Carl Berg wrote:\n> Is it red?\nYes, it is.\n> When do you need it?\nBy Friday. Can you do that?"

    assert new_text(text, None) == "Yes, it is.\nBy Friday. Can you do that?"


@pytest.mark.parametrize(
    "text",
    [
        "To be clear: could you send it?\nNote: I need it today.",
        "Dear Alice,\n\nfrom: here, to: there. What does the subject line say?",
        "Questions:\n1. Who is it for?\n2. When is it due?",
        "I read what Carl wrote: it is wrong. Can you fix it?",
        "Please call me at 555-123-4567 about the contract.",
        "Thanks\n\nOne more thing: can you also send the slides?",
    ],
)
def test_nothing_new_is_lost(text: str) -> None:
    assert new_text(text, None).split() == text.split()


@pytest.mark.parametrize("markup", HTML.values(), ids=HTML)
def test_html(markup: str) -> None:
    assert new_text("ignored", markup.replace("{new}", NEW).replace("{old}", OLD)) == NEW


def test_html_entities_and_breaks() -> None:
    assert new_text("", "<p>Gr&uuml;&szlig;e&nbsp;an <b>A</b>lice</p><p>K&ouml;nnen wir?<br>Ja</p>") == (
        "Grüße an Alice\n\nKönnen wir?\nJa"
    )


def test_html_that_is_nothing_but_quote_is_no_new_text() -> None:
    assert new_text(OLD, f"<blockquote type='cite'>{OLD}</blockquote>") in ("", OLD)
    assert new_text("", f"<div class='gmail_quote'>On Mon, Carl wrote:<br>{OLD}</div>") == ""


@given(st.text(max_size=400), st.none() | st.text(alphabet="<>/abdiv=\"' -!q\n", max_size=400))
@settings(max_examples=many(150))
def test_any_text_is_read(text: str, html: str | None) -> None:
    assert isinstance(new_text(text, html), str)
