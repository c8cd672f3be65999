"""Mails to the owner: in seven languages, one layout, harmless whatever stands in a mail."""

from __future__ import annotations

import dataclasses
import re
import string
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from lxml import etree

from ackd.letters import notices, owner_mail
from ackd.letters.alarms import alarm_letter, title, words
from ackd.letters.digest import Digest, digest_mail
from ackd.letters.owner_mail import MOST_SHOWN, Entry, Link, OwnerMail, Part
from ackd.letters.owner_words import OwnerWords, owner_words
from ackd.letters.promise_entries import Asked
from ackd.model import PARKED_NOTES, Address, Alarm, AlarmKind, EffectKind, Letter
from ackd.text.languages import LANGUAGES
from tests.letters import owner_mails
from tests.letters.test_letter import HOSTILE
from tests.letters.values import NOW, OWNER, ROOT

FOLLOWING = date(2026, 11, 25)
#: Under these sizes mail programs show a mail whole.
LARGEST = 100_000


def shown(page: str) -> str:
    """What a reader sees of the HTML, which is XML too, on one line."""
    body = etree.fromstring(page.encode()).find("{*}body")
    assert body is not None
    return " ".join(" ".join(str(text) for text in body.itertext()).split())


def pages(language: str = "en") -> dict[str, Letter]:
    return dict(owner_mails.letters(language))


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_mails_read_as_stored(language: str) -> None:
    stored = (owner_mails.FOLDER / f"{language}.txt").read_text(encoding="utf-8")
    assert owner_mails.written(language) == stored


def phrases(spoken: OwnerWords) -> dict[str, str]:
    """Every phrase of a language by its name."""
    found: dict[str, str] = {}
    for field in dataclasses.fields(spoken):
        value = getattr(spoken, field.name)
        if isinstance(value, str):
            found[field.name] = value
        elif isinstance(value, tuple):
            found |= {f"{field.name} {number}": one for number, one in enumerate(value)}
        else:
            found |= {f"{field.name} {key}": one for key, one in value.items()}
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_with_the_same_values(language: str) -> None:
    english, spoken = phrases(owner_words("en")), phrases(owner_words(language))
    assert spoken.keys() == english.keys()
    for name, phrase in spoken.items():
        values = {value for _, value, _, _ in string.Formatter().parse(phrase) if value}
        wanted = {value for _, value, _, _ in string.Formatter().parse(english[name]) if value}
        assert values == wanted, name
        assert phrase == phrase.strip()
        assert "  " not in phrase
        assert "'" not in phrase or language == "en", f"{name}: a typewriter's apostrophe"
    if language != "en":
        same = {name for name in spoken if spoken[name] == english[name] and name not in ("is_test",)}
        assert same <= {"quote", "code", "times 0"}, "not translated"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_kind_is_without_words(language: str) -> None:
    spoken = owner_words(language)
    assert spoken.code == language
    assert set(spoken.alarms_say) == set(AlarmKind)
    assert set(spoken.reasons) == set(PARKED_NOTES)
    assert {kind for kind in EffectKind if not kind.is_to_owner} <= set(spoken.kinds)


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [
        ("en", 1, "1 draft waits"),
        ("en", 21, "21 drafts wait"),
        ("de", 1, "1 Entwurf wartet"),
        ("de", 2, "2 Entwürfe warten"),
        ("fr", 1, "1 brouillon en attente"),
        ("fr", 2, "2 brouillons en attente"),
        ("es", 1, "1 borrador espera"),
        ("es", 1_000_000, "1000000 borradores esperan"),
        ("nl", 1, "1 concept wacht"),
        ("nl", 11, "11 concepten wachten"),
        ("it", 1, "1 bozza in attesa"),
        ("it", 8, "8 bozze in attesa"),
        ("pt", 1, "1 rascunho à espera"),
        ("pt", 2, "2 rascunhos à espera"),
    ],
)
def test_one_and_several_are_told_apart(language: str, number: int, said: str) -> None:
    spoken = owner_words(language)
    assert spoken.counted(spoken.drafts, number) == said


def test_an_unknown_language_is_english() -> None:
    for language in ("", "fi", "DE", "../de"):
        assert owner_words(language).code == "en"


# --- layout ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_and_text_say_the_same(language: str) -> None:
    for case, made in pages(language).items():
        page = shown(made.html).replace(" :", ":")
        root = etree.fromstring(made.html.encode())
        links = [link.get("href") for link in root.iter("{*}a")]
        assert root.get("lang") == language
        for line in made.text.splitlines():
            said = line.strip().removeprefix("- ")
            words, _, link = said.partition(": https://")
            assert not link or f"https://{link}" in links, (case, line)
            if said and set(said) > {"-"} and set(said) != {"="}:
                assert " ".join(words.split()).replace(" :", ":") in page, (case, line)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_mail_has_holes(language: str) -> None:
    for case, made in pages(language).items():
        for trouble in ("  \n", "\n\n\n", " .", "..", "()", "None", "{", "}", "“”", "«»", "\u00a0"):
            assert trouble not in made.text.replace("...", ""), (case, trouble)
        assert made.text.endswith(owner_words(language).closing + "\n")
        assert "\n" not in made.subject
        assert 0 < len(made.subject) <= 255
        assert len(made.html.encode()) < LARGEST, case
        assert made.to.email == OWNER.address
        assert not made.in_reply_to


def test_the_layout_is_what_word_can_show() -> None:
    """Tables and inline style: Outlook's Word engine knows no flex, no grid, no positions, no floats, no
    pictures in the background, and takes no fonts from outside a cell."""
    root = etree.fromstring(pages()["digest"].html.encode())
    for element in root.iter("{*}p", "{*}td", "{*}table", "{*}a", "{*}body"):
        style = element.get("style") or ""
        assert not re.search(r"flex|grid|position|float|background-image|calc\(|var\(|rgba|opacity", style)
        if etree.QName(element).localname == "p" and (element.text or "").strip("\u00a0 \n"):
            assert "font-family" in style
            assert "font-size" in style
            assert "color:#" in style
    assert "<!--[if mso]>" in pages()["digest"].html
    names = {etree.QName(element).localname for element in root.iter() if isinstance(element.tag, str)}
    assert names <= {"html", "head", "meta", "title", "style", "body", "div", "table", "tr", "td", "p"} | {
        "strong",
        "a",
        "br",
    }
    assert all(table.get("role") == "presentation" for table in root.iter("{*}table"))


def luminance(colour: str) -> float:
    """WCAG 2.1, relative luminance."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_text_stands_out_in_light_and_in_dark() -> None:
    """WCAG 2.1 AA: at least 4.5 to 1, on the card and around it."""
    source = (ROOT / "templates" / "owner.html.j2").read_text(encoding="utf-8")
    dark = dict(re.findall(r"\.(\w+) \{ (?:background-)?color: (#[0-9a-f]{6})", source))
    assert {"ink", "soft", "pressing", "link", "card", "page"} <= dark.keys()
    light = set(re.findall(r"[;\"]color:(#[0-9a-f]{6})", source)) | {"#b3261e"}
    assert len(light) >= 4
    for colour in light:
        assert contrast(colour, "#ffffff") >= 4.5, colour
    for name in ("ink", "soft", "pressing", "link"):
        assert contrast(dark[name], dark["card"]) >= 4.5, name
    outlooks = dict(re.findall(r"\[data-ogs[bc]\] \.(\w+) \{ (?:background-)?color: (#[0-9a-f]{6})", source))
    assert outlooks.items() <= dark.items(), "Outlook's own dark mode has the same colours"


# --- what stands in mails ---------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_subjects_names_and_words_are_harmless(text: str) -> None:
    promise = owner_mails.asked_ago("bob", 5, 3, asker=Address("bob@corp.example", text), subject=text)
    asked = {"<bob@corp.example>": Asked(Address("eve@evil.example", text), text, text, text, text)}
    entries = replace(owner_mails.entries("en"), asked=asked, drafts={"": text})
    judged = owner_mails.left("bob", 3)
    for mail in (
        digest_mail(Digest(FOLLOWING, today=(promise,), close=(judged,), folders=(text,)), entries),
        notices.overdue_notice(promise, entries),
        notices.overdue_list([promise, promise], entries),
        notices.hold_notice(None, text, NOW, entries),
    ):
        made = owner_mail.letter("token", mail, OWNER)
        root = etree.fromstring(made.html.encode())
        names = {etree.QName(element).localname for element in root.iter() if isinstance(element.tag, str)}
        assert not names & {"script", "img", "iframe", "form", "svg"}
        assert "49" not in shown(made.html).replace("2049", "")
        assert all(link.get("href", "").startswith("https://") for link in root.iter("{*}a"))
        for part in (made.subject, made.text, made.html):
            assert not set("\r\x00\x1b\u202e\u2066\u200f\ud800") & set(part)
        assert "\nBcc:" not in made.text.partition(owner_words("en").message_title)[0]
        assert len(made.subject) <= 255


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "http://corp.example/",
        "https://a\"onclick='x'",
        "https://a b",
        "",
        "https://a\n",
        "data:text/html,x",
        " https://corp.example",
    ],
)
def test_only_whole_https_addresses_are_links(url: str) -> None:
    entry = Entry("Bob", links=(Link("Open", url), Link("Good", "https://corp.example/?a=1&b=2")))
    made = owner_mail.letter("t", OwnerMail("en", "s", "t", parts=(Part("p", (entry,)),)), OWNER)
    links = [link.get("href") for link in etree.fromstring(made.html.encode()).iter("{*}a")]
    assert links == ["https://corp.example/?a=1&b=2"]
    assert "Open" not in made.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_a_confidential_mail_only_the_asker_is_told(language: str) -> None:
    for case, made in pages(language).items():
        assert "salary" not in (made.subject + made.text + made.html).lower(), case
    assert "Fay Grant" in pages(language)["digest"].text


def test_a_rebuilt_promise_learns_from_the_mail_that_it_is_confidential() -> None:
    """A rebuilt ledger knows the subject of nothing, and of a promise that it is confidential only from the
    mail."""
    promise = owner_mails.asked_ago("bob", 5, 3)
    entries = replace(
        owner_mails.entries("en"),
        asked={"<bob@corp.example>": Asked(link="https://x.example", is_secret=True)},
    )
    for mail in (digest_mail(Digest(FOLLOWING, today=(promise,)), entries),):
        assert "Budget" not in owner_mail.letter("t", mail, OWNER).text


def test_300_overdue_promises_are_one_mail_that_can_be_read() -> None:
    for case in ("digest of 300 overdue", "overdue, several"):
        made = pages()[case]
        assert made.text.count("- Jones, Bob (Sales)") == MOST_SHOWN == 20
        assert "and 280 more" in made.text
        assert "and 280 more" in shown(made.html)
    first, *_ = re.findall(r"promised by (.*?) ·", pages()["overdue, several"].text)
    assert first == "Wed 11 Nov, 02:02", "the longest overdue first"


def test_nothing_to_say_is_told_from_something() -> None:
    assert not Digest(FOLLOWING).says_something
    waits = Digest(FOLLOWING, waiting=(owner_mails.CAROL,))
    assert not waits.says_something, "what waits for a colleague is no news"
    full = owner_mails.full()
    for field in dataclasses.fields(Digest):
        if field.name not in ("following_day", "waiting", "alarms"):
            one = Digest(FOLLOWING, **{field.name: getattr(full, field.name)})
            assert one.says_something, field.name
            made = owner_mail.letter("t", digest_mail(one, owner_mails.entries("en")), OWNER)
            assert len(made.text.splitlines()) > 6, field.name


def test_the_parts_of_the_digest_stand_in_their_order() -> None:
    text, spoken = pages()["digest"].text, owner_words("en")
    titles = [
        *(
            spoken.alarms_title,
            spoken.overdue_title,
            spoken.today_title,
            "Due next, on Wednesday, 25 November",
        ),
        *(spoken.drafts_title, spoken.limited_title, spoken.close_title, spoken.preview_title),
        *(spoken.acknowledged_title, spoken.waiting_title, spoken.dropped_title, spoken.parked_title),
        *(spoken.bounced_title, spoken.ways_title),
    ]
    places = [text.index(f"\n{title}\n---") for title in titles]
    assert places == sorted(places)


# --- alarms ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_alarms_are_told_in_every_language(language: str) -> None:
    for kind in AlarmKind:
        begun = Alarm(kind, NOW - timedelta(hours=30), count=2, ends=NOW + timedelta(days=20))
        over = replace(begun, over=NOW)
        for alarm in (begun, over):
            said = words(alarm, NOW, UTC, language)
            assert owner_words(language).alarms_say[kind] in said
            assert "{" not in said
            assert title(alarm, language)
        assert (kind.remedy in words(begun, NOW, UTC, language)) or kind is AlarmKind.TEST
        made = alarm_letter("t", [begun, over], OWNER, NOW, UTC, language)
        assert owner_words(language).alarms_say[kind] in shown(made.html)
        assert etree.fromstring(made.html.encode()).get("lang") == language


def test_the_year_of_an_end_is_named_where_it_is_another() -> None:
    ends = Alarm(AlarmKind.EWS_ENDS, NOW, ends=datetime(2027, 4, 1, tzinfo=UTC))
    assert "Thursday, 1 April 2027" in words(ends, NOW, UTC)
    assert "Donnerstag, 1. April 2027" in words(ends, NOW, UTC, "de")
