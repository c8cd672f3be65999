"""Letters as they are sent: to one person, harmless, and never half a letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from ackd.letters import NAMES, Letters, LetterValues, letter
from ackd.letters.dates import in_words
from ackd.model import Address, EffectKind, Letter, LetterName, Promise, token_of
from ackd.text.languages import LANGUAGES
from tests.letters.values import CALENDAR, NOW, OWNER, PROMISE, promise

PACKAGED = Letters()
VALUES = LetterValues(
    asker="Bob",
    owner="Alice Smith",
    owner_address="alice@corp.example",
    subject="Budget 2027",
    now=NOW,
    due=CALENDAR.local(PROMISE.due),
)


def sent(of: Promise, letters: Letters = PACKAGED) -> Letter:
    return letter(of, OWNER, CALENDAR, letters, NOW)


def shown(page: str) -> str:
    """What a reader sees of the HTML (which is XML too), as paragraphs."""
    body = etree.fromstring(page.encode()).find("body")
    assert body is not None
    for line_break in body.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "").lstrip("\n")
    return "\n\n".join("".join(str(text) for text in part.itertext()) for part in body.iter("p")) + "\n"


def test_an_acknowledgement_goes_to_the_asker_in_the_thread() -> None:
    written = sent(promise(references=("<first@corp.example>", "<second@corp.example>")))
    assert written.token == token_of("<q1@corp.example>", EffectKind.ACKNOWLEDGEMENT)
    assert written.to.email == "bob@corp.example"
    assert written.subject == "Re: Budget 2027"
    assert written.in_reply_to == "<q1@corp.example>"
    assert written.references == ("<first@corp.example>", "<second@corp.example>", "<q1@corp.example>")


def test_it_says_when_that_it_is_automatic_and_how_to_reach_the_owner() -> None:
    text = sent(PROMISE).text
    for words in (
        "Hello Bob,",
        "“Budget 2027”",
        "by Thursday, 26 November, 17:00.",
        "automatic",
        "alice@corp.example",
        "more urgent",
        "\nAlice Smith\n",
    ):
        assert words in text
    assert "latest figures" not in text, "the body is never quoted"


def test_it_is_honest_about_a_deadline_that_cannot_be_met() -> None:
    late = sent(promise(deadline=NOW + timedelta(hours=2)))
    assert "by Tuesday, 24 November, 12:02" in late.text
    assert "sorry" in late.text
    met = sent(promise(deadline=PROMISE.due))
    assert "sorry" not in met.text


@pytest.mark.parametrize(
    "subject",
    [
        "Budget",
        "",
        "a & b < c > d \"e\" 'f'",
        "{{7*7}}{% raw %}",
        "<script>alert(1)</script>",
        "x" * 10_000,
        "Ä €😀",
    ],
)
def test_html_and_text_say_the_same(subject: str) -> None:
    written = sent(promise(subject=subject, deadline=NOW))
    assert shown(written.html) == written.text
    etree.fromstring(written.html.encode())  # well-formed: nothing is left to a reader's repair


def test_html_needs_no_style_sheet_and_chooses_no_colours() -> None:
    page = sent(PROMISE).html
    for trouble in ("<style", "color:", "background", "<img", "<script", "http"):
        assert trouble not in page.replace('name="color-scheme"', "")
    assert "<strong>Thursday, 26 November, 17:00</strong>" in page
    assert 'href="mailto:alice@corp.example"' in page


HOSTILE = [
    "{{7*7}}",
    "{{ owner.__class__.__mro__ }}{% for x in range(10**9) %}{% endfor %}",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "a\r\nBcc: eve@evil.example\r\n\r\nbody",
    "\u202eevil 1\u202c \u2066isolated\u2069 \u200f",
    "x" * 10_000,
    "\x00\x1b[31m",
    "\ud800",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_subjects_and_names_are_harmless(text: str) -> None:
    written = sent(promise(subject=text, asker=Address("bob@corp.example", text)))
    assert written.subject.startswith("Re: ")
    assert len(written.subject) <= 255
    for part in (written.subject, written.to.name):
        assert not set("\r\n\x00\x1b\u202e\u2066\u200f\ud800") & set(part)
    assert not set("\r\x00\x1b\u202e\u2066\u200f\ud800") & set(written.text + written.html)
    assert "49" not in written.text.replace("2049", "")
    assert written.text.startswith("Hello,\n"), "no name is better than a wrong one"
    tags = {element.tag for element in etree.fromstring(written.html.encode()).iter()}
    assert tags == {"html", "head", "meta", "title", "body", "p", "strong", "br", "a"}
    assert written.to.email == "bob@corp.example"


def test_references_are_bounded_and_only_message_ids() -> None:
    many = tuple(f"<{n}@corp.example>" for n in range(1000))
    written = sent(promise(references=("junk\r\nBcc: eve@evil.example", *many, "<q1@corp.example>")))
    assert len(written.references) == 50
    assert written.references[0] == "<0@corp.example>"
    assert written.references[-2:] == ("<999@corp.example>", "<q1@corp.example>")


def test_every_letter_is_described() -> None:
    assert list(NAMES) == list(LetterName)


def test_an_unknown_language_is_english() -> None:
    for language in ("xx", "../de", "", "EN-gb", "en_US"):
        assert PACKAGED.render(LetterName.RECEIVED, language, VALUES) == PACKAGED.render(
            LetterName.RECEIVED, "en", VALUES
        )


# --- dates in words ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_away_claims_neither_to_be_reached_nor_to_hurry(language: str) -> None:
    here = PACKAGED.render(LetterName.RECEIVED, language, VALUES).text
    away = PACKAGED.render(LetterName.ABSENT, language, replace(VALUES, back=VALUES.due, due=None)).text
    *_, hurry, _, note = here.strip().split("\n\n")
    assert hurry not in away
    assert note.rpartition("; ")[2] not in away
    assert OWNER.address in away


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["redirect", "cannot-help", "absent"])
def test_whom_to_ask_is_named(language: str, name: str) -> None:
    carol = Address("carol@corp.example", "Carol Reed")
    values = replace(VALUES, contact=carol.words)
    written = PACKAGED.render(name, language, values)
    assert "Carol Reed (carol@corp.example)" in written.text
    assert 'Carol Reed (<a href="mailto:carol@corp.example">carol@corp.example</a>)' in written.html
    alone = PACKAGED.render(name, language, replace(VALUES, contact=replace(carol, name="").words))
    assert '<a href="mailto:carol@corp.example">carol@corp.example</a>' in alone.html
    assert "Carol Reed" not in alone.text


@pytest.mark.parametrize("name", ['"><script>', "x@y (", "a) <b>", "Carol & Co"])
def test_a_contacts_name_is_text(name: str) -> None:
    page = PACKAGED.render(
        LetterName.REDIRECT, "en", replace(VALUES, contact=f"{name} (carol@corp.example)")
    ).html
    assert f"{name} (carol@corp.example), who can help you" in shown(page)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Thursday, 26 November, 17:00"),
        ("de", "Donnerstag, 26. November, 17:00 Uhr"),
        ("fr", "jeudi 26 novembre à 17\u00a0h"),
        ("es", "jueves 26 de noviembre a las 17:00"),
        ("nl", "donderdag 26 november om 17:00 uur"),
        ("it", "giovedì 26 novembre alle 17:00"),
        ("pt", "quinta-feira, 26 de novembro, às 17h00"),
        ("xx", "Thursday, 26 November, 17:00"),
    ],
)
def test_moments_as_people_write_them(language: str, words: str) -> None:
    assert in_words(CALENDAR.local(PROMISE.due), language, NOW) == words


def test_the_year_is_named_when_it_changes_and_the_first_as_a_first() -> None:
    new_year = datetime(2027, 1, 1, 9, tzinfo=CALENDAR.zone)
    wanted = {
        "en": "Friday, 1 January 2027, 09:00",
        "de": "Freitag, 1. Januar 2027, 09:00 Uhr",
        "fr": "vendredi 1er janvier 2027 à 9\u00a0h",
        "es": "viernes 1 de enero de 2027 a las 9:00",
        "nl": "vrijdag 1 januari 2027 om 09:00 uur",
        "it": "venerdì 1º gennaio 2027 alle 9:00",
        "pt": "sexta-feira, 1 de janeiro de 2027, às 9h00",
    }
    assert {language: in_words(new_year, language, NOW) for language in wanted} == wanted
    assert in_words(new_year.replace(minute=5), "fr", NOW) == "vendredi 1er janvier 2027 à 9\u00a0h\u00a005"
    assert "2027" not in in_words(new_year, "en", datetime(2026, 12, 31, 23, 30, tzinfo=UTC)), (
        "by the owner's clock"
    )


def test_the_zone_is_named_only_to_a_reader_in_another_one() -> None:
    due = CALENDAR.local(PROMISE.due)
    assert in_words(due, "en", NOW, ZoneInfo("Europe/Paris")).endswith("17:00")
    assert in_words(due, "en", NOW, ZoneInfo("Europe/London")).endswith("17:00 (CET)")
    assert in_words(due, "de", NOW, ZoneInfo("Europe/London")).endswith("17:00 Uhr (MEZ)")
    moscow = due.astimezone(ZoneInfo("Asia/Kathmandu"))
    assert in_words(moscow, "en", NOW, ZoneInfo("Europe/London")).endswith("(UTC+5:45)")


# --- the owner's own templates ---


def own(folder: Path, path: str, source: str) -> Letters:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(source, encoding="utf-8")
    return Letters(folder)


def test_own_words_come_first_and_get_html_too(tmp_path: Path) -> None:
    letters = own(
        tmp_path, "en/received.txt.j2", "Subject: Got it: {{ subject }}\n\nHi & bye {{ name }}!\n\n{{ due }}"
    )
    written = letters.render(LetterName.RECEIVED, "en", replace(VALUES, asker="<Bob>"))
    assert written.subject == "Got it: Budget 2027"
    assert written.text == "Hi & bye <Bob>!\n\nThursday, 26 November, 17:00\n"
    assert shown(written.html) == written.text
    assert not written.fell_back
    assert not letters.problems()


def test_an_own_frame_surrounds_the_packaged_words(tmp_path: Path) -> None:
    letters = own(tmp_path, "letter.html.j2", "<html><body>{{ content }}<hr/>{{ owner }}</body></html>")
    written = letters.render(LetterName.RECEIVED, "en", VALUES)
    assert written.html.endswith("<hr/>Alice Smith</body></html>")
    assert written.text == PACKAGED.render(LetterName.RECEIVED, "en", VALUES).text
    assert not letters.problems()


def test_a_setting_for_all_letters_goes_before_the_askers_language(tmp_path: Path) -> None:
    own(tmp_path, "de/received.txt.j2", "Subject: Re: {{ subject }}\n\nbis {{ due }}")
    assert "bis Donnerstag" in sent(PROMISE, Letters(tmp_path, language="de")).text


BROKEN = [
    ("Subject: x\n\n{{ boss }}", "line 3: 'boss' is not a value of letters"),
    ("Subject: x\n\n{{ name", "line 3: "),
    ("Subject: x\n\n{% if name %}", "line 3: "),
    ("No subject here", "line 1: the first line must be"),
    ("Subject:   \n\ntext", "line 1: the first line must be"),
    ("Subject: x", "without a subject or without a text"),
    ("Subject: {{ name }}\n\ntext", "without a subject"),
    ("Subject: x\n\n{% for i in name %}{% endfor %}", "line 3: 'for' is not allowed"),
    ("Subject: x\n\n{% include '/etc/passwd' %}", "'include' is not allowed"),
    ("Subject: x\n\n{{ name.__class__ }}", "'getattr' is not allowed"),
    ("Subject: x\n\n{{ name['a'] }}", "'getitem' is not allowed"),
    ("Subject: x\n\n{{ 9 ** 9 ** 9 }}", "'pow' is not allowed"),
    ("Subject: x\n\n{{ 'a' * 999999999 }}", "'mul' is not allowed"),
    ("Subject: x\n\n{{ name|replace('', name) }}", "the filter 'replace' is not allowed"),
    ("Subject: x\n\n{{ range(9) }}", "'call' is not allowed"),
    ("Subject: x\n\n{% macro a() %}{% endmacro %}", "'macro' is not allowed"),
    ("Subject: x\n\n{% set a = name %}", "'assign' is not allowed"),
    ("Subject: x\n\n{{ " + "(" * 9_000 + " }}", "nested too deeply"),
    ("Subject: x\n\n{{ name" + "|e" * 9_000 + " }}", "nested too deeply"),
    ("Subject: x\n\n" + "{% if name %}" * 500 + "{% endif %}" * 500, "nested too deeply"),
    ("Subject: x\n\n" + "a" * 30_000, "longer than 20,000"),
]


@pytest.mark.parametrize(("source", "words"), BROKEN)
def test_a_template_that_is_no_good_is_named_and_the_packaged_letter_goes_out(
    tmp_path: Path, source: str, words: str
) -> None:
    letters = own(tmp_path, "en/received.txt.j2", source)
    (problem, *_) = letters.problems()
    assert problem.startswith("en/received.txt.j2: ")
    assert words in problem
    written = letters.render(LetterName.RECEIVED, "en", replace(VALUES, asker=""))
    assert written.text == PACKAGED.render(LetterName.RECEIVED, "en", replace(VALUES, asker="")).text
    assert words in written.fell_back
    assert words in sent(promise(asker=Address("bob@corp.example")), letters).fell_back


def test_a_broken_frame_falls_back_too(tmp_path: Path) -> None:
    letters = own(tmp_path, "letter.html.j2", "<html>{{ nothing }}</html>")
    assert "'nothing' is not a value" in letters.problems()[0]
    written = letters.render(LetterName.RECEIVED, "en", VALUES)
    assert written.html == PACKAGED.render(LetterName.RECEIVED, "en", VALUES).html
    assert "'nothing' is not a value" in written.fell_back


@pytest.mark.parametrize(
    "frame",
    ["<html><body>nothing</body></html>", "<html>{% if name %}{{ content }}{% endif %}</html>"],
)
def test_a_frame_that_leaves_the_letter_out_is_not_used(tmp_path: Path, frame: str) -> None:
    (tmp_path / "letter.html.j2").write_text(frame)
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "received.txt.j2").write_text("Subject: Hi\n\nHi, {{ due }}!")
    own = Letters(tmp_path)
    (problem,) = own.problems()
    assert "letter.html.j2" in problem
    assert "it needs {{ content }}" in problem
    rendered = own.render(LetterName.RECEIVED, "en", replace(VALUES, asker=""))
    assert shown(rendered.html) == rendered.text == "Hi, Thursday, 26 November, 17:00!\n"
    assert "it needs {{ content }}" in rendered.fell_back


def test_files_that_no_letter_would_ever_use_are_named(tmp_path: Path) -> None:
    own(tmp_path, "en/recieved.txt.j2", "Subject: x\n\ny")
    own(tmp_path, "deutsch/received.txt.j2", "Subject: x\n\ny")
    (tmp_path / "de").mkdir()
    (tmp_path / "de/received.txt.j2").write_bytes("Subject: x\n\nGrüße".encode("latin-1"))
    problems = Letters(tmp_path).problems()
    assert [problem.split(":")[0] for problem in problems] == [
        "de/received.txt.j2", "deutsch/received.txt.j2", "en/recieved.txt.j2",
    ]  # fmt: skip
    assert "UTF-8" in problems[0]
    assert Letters(tmp_path / "absent").problems() == (f"{tmp_path / 'absent'}: there is no such folder",)


def test_no_own_templates_no_problems() -> None:
    assert Letters().problems() == ()
    assert Letters().warnings() == ()


@pytest.mark.parametrize("letter", ["received", "absent", "new-date", "overdue", "more-information"])
@pytest.mark.parametrize(
    ("body", "is_told"),
    [
        ("You hear from me by {{ due }}.", True),
        ("BY {{ due|upper }}", True),
        ("{% if name %}{{ name }}, {% endif %}{% if due %}by {{ due }}{% endif %}.", True),
        ("You hear from me soon.", False),
        ("{% if name %}By {{ due }}.{% else %}Soon.{% endif %}", False),
        ("{% if due %}You hear from me in time.{% endif %} Bye", False),
        ("{% if deadline_missed %}Sorry, late.{% endif %} It was due {{ previous }}.", False),
    ],
)
def test_a_template_without_the_promised_date_is_told(
    tmp_path: Path, letter: str, body: str, is_told: bool
) -> None:
    for language in ("en", "de", "fi"):
        letters = own(tmp_path, f"{language}/{letter}.txt.j2", f"Subject: Hi\n\n{body}")
    assert letters.problems() == ()
    found = letters.warnings()
    assert len(found) == (0 if is_told else 3)
    assert all("write {{ due }} into it" in one for one in found)


def test_what_promises_nothing_needs_no_date(tmp_path: Path) -> None:
    for kind in ("redirect", "cannot-help"):
        own(tmp_path, f"en/{kind}.txt.j2", "Subject: Hi\n\nAsk somebody else.")
    own(tmp_path, "letter.html.j2", "<html>{{ content }}</html>")
    broken = own(tmp_path, "en/received.txt.j2", "Subject: Hi\n\n{{ boss }}")
    assert broken.warnings() == ()
    assert len(broken.problems()) == 1


def test_packaged_letters_tell_the_date() -> None:
    from ackd.letters.rendering import _tells_date, packaged

    for kind in ("received", "absent", "new-date", "overdue", "more-information"):
        for language in ("de", "en", "es", "fr", "it", "nl", "pt"):
            assert all(_tells_date(packaged() / language / f"{kind}.txt.j2")), (kind, language)
    assert next(iter(NAMES)) == "received"
