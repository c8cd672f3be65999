"""Rules and settings from the page: checked, tried on the past, saved whole, with a way back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest

from tests.web.office import NEWS, REFUND, THANKS, Office
from tests.web.served import Answer, Served
from tests.web.test_pages import place


@pytest.fixture(name="office", scope="module")
def _office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with Office(tmp_path_factory.mktemp("office")) as office:
        office.work()
        office.write(REFUND, NEWS, THANKS)
        office.work(minutes=5)
        yield office


@pytest.fixture(name="page")
def _page(office: Office) -> Iterator[Served]:
    office.configure()
    with Served(office.config, office.clock) as served:
        yield served.enter()


def text_of(answer: Answer) -> str:
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", answer.text, re.DOTALL)
    assert found is not None
    return unescape(found[1])


def form(answer: Answer, text: str, act: str) -> dict[str, str]:
    """The editor's form as a browser sends it: with the ends of lines that forms have."""
    seen = re.search(r'name="seen" value="(\w+)"', answer.text)
    assert seen is not None
    return {"seen": seen[1], "text": text.replace("\n", "\r\n"), "act": act}


def test_the_text_stands_there_with_what_is_wrong_beside_it(page: Served, office: Office) -> None:
    shown = page.get("/settings")
    assert text_of(shown) == office.config.read_text(encoding="utf-8")
    assert "No problems" in shown.words
    wrong = text_of(shown).replace("mode: send", "mode: sned\nmodus: x")
    answer = page.post("/settings", form(shown, wrong, "check"))
    assert answer.status == 200
    assert "2 problems" in answer.words
    assert "line 7 :" in answer.words
    assert "mode: sned" in answer.words
    assert text_of(answer) == wrong, "what was typed isn't lost"
    assert "mode: send" in office.config.read_text(encoding="utf-8"), "nothing was saved"


def test_what_is_wrong_isnt_saved(page: Served, office: Office) -> None:
    shown = page.get("/settings")
    before = office.config.read_bytes()
    wrong = text_of(shown) + "</textarea><script>alert(1)</script>: [\n"
    answer = page.post("/settings", form(shown, wrong, "save"))
    assert answer.status == 200
    assert "1 problem" in answer.words
    assert "<script>alert" not in answer.text
    assert office.config.read_bytes() == before


def test_saving_keeps_comments_and_a_way_back(page: Served, office: Office) -> None:
    shown = page.get("/settings")
    before = office.config.read_text(encoding="utf-8")
    after = before.replace("within: 2 business days", "within: 3 business days  # more room")
    saved = page.post("/settings", form(shown, after, "save"))
    assert (saved.status, saved.headers["location"]) == (303, "/settings?did=saved")
    assert office.config.read_text(encoding="utf-8") == after
    assert "# colleagues" in after
    assert (
        page.post("/settings", form(page.get("/settings"), after, "save"))
        .headers["location"]
        .endswith("same")
    )

    listed = page.get("/settings?did=saved")
    assert "Saved." in listed.words
    number = re.findall(r"number=(\d+)", listed.text)[0]
    diff = page.get(f"/settings/version?number={number}").words
    assert "- within: 2 business days" in diff
    assert "+ within: 3 business days # more room" in diff
    page.post("/settings/restore", {"number": number})
    assert office.config.read_text(encoding="utf-8") == before


def test_a_double_click_saves_once_and_says_no_untruth(page: Served, office: Office) -> None:
    shown = page.get("/settings")
    wanted = form(shown, text_of(shown) + "# by the page\n", "save")
    assert page.post("/settings", wanted).headers["location"] == "/settings?did=saved"
    number = max(re.findall(r"Version (\d+)", page.get("/settings").words), key=int)
    assert page.post("/settings", wanted).headers["location"] == "/settings?did=same"
    for expected in ("restored", "same"):
        back = page.post("/settings/restore", {"number": number})
        assert back.headers["location"] == f"/settings?did={expected}"
    assert office.config.read_text(encoding="utf-8") == text_of(shown)


def test_what_an_editor_changed_meanwhile_isnt_written_over(page: Served, office: Office) -> None:
    shown = page.get("/settings")
    theirs = office.config.read_text(encoding="utf-8") + "# by hand\n"
    office.config.write_text(theirs, encoding="utf-8")
    answer = page.post("/settings", form(shown, text_of(shown) + "# by the page\n", "save"))
    assert "was changed since it was read" in answer.words
    assert "# by the page" in text_of(answer)
    assert office.config.read_text(encoding="utf-8") == theirs


def test_a_change_is_tried_on_the_past_before_it_is_saved(page: Served, office: Office) -> None:
    shown = page.get("/settings")
    changed = (
        text_of(shown)
        + "rules:\n  - {name: no bob, when: {from: bob@corp.example}, then: {acknowledge: never}}\n"
    )
    answer = page.post("/settings", form(shown, changed, "rehearse"))
    while "Judging the last 30 days" in answer.words:
        answer = page.post("/settings", form(shown, changed, "check"))
    assert re.search(r"1 of \d mails would change", answer.words)
    assert "1 would no longer be acknowledged" in answer.words
    assert "Refund for order 4711 Bob Brown" in answer.words
    assert "then: left" in answer.words
    assert "no bob" in answer.words
    assert "no bob" not in office.config.read_text(encoding="utf-8")
    other = page.post("/settings", form(shown, changed + "# more\n", "check"))
    assert "of another text than this" in other.words


@pytest.mark.parametrize(
    ("word", "rule"), [("never", "acknowledge: never"), ("always", "acknowledge: always")]
)
def test_a_senders_rule_is_written_from_a_decision(
    page: Served, office: Office, word: str, rule: str
) -> None:
    back = place(NEWS)
    answer = page.post("/rule", {"address": "news@corp.example", "word": word, "back": back})
    assert answer.headers["location"] == f"{back}?did=rule"
    text = office.config.read_text(encoding="utf-8")
    assert rule in text
    assert "news@corp.example" in text
    assert "# colleagues" in text
    again = page.post("/rule", {"address": "news@corp.example", "word": word, "back": back})
    assert again.headers["location"].endswith("rule-known")


@pytest.mark.parametrize(
    "form_",
    [
        {"address": "*@corp.example", "word": "never"},
        {"address": "", "word": "never"},
        {"address": "a@b.example\nmode: send", "word": "never"},
        {"address": "bob@corp.example", "word": "perhaps"},
    ],
)
def test_a_rule_about_anything_but_one_sender_is_refused(
    page: Served, office: Office, form_: dict[str, str]
) -> None:
    before = office.config.read_bytes()
    assert page.post("/rule", form_).status in (400, 404)
    assert office.config.read_bytes() == before


def test_a_broken_file_can_be_mended_here(page: Served, office: Office) -> None:
    office.config.write_text("mailbox: [\n", encoding="utf-8")
    today = page.get("/")
    assert today.status == 503
    assert 'href="/settings"' in today.text
    shown = page.get("/settings")
    assert (shown.status, text_of(shown)) == (200, "mailbox: [\n")
    office.configure()
    good = office.config.read_text(encoding="utf-8")
    office.config.write_text("mailbox: [\n", encoding="utf-8")
    assert page.post("/settings", form(shown, good, "save")).status == 303
    assert page.get("/").status == 200


def test_a_file_that_cant_be_mended_here_isnt_said_to_be(page: Served, office: Office) -> None:
    before = office.config.read_bytes()

    def told(words: str) -> None:
        for path in ("/", "/decisions", "/letters", "/settings"):
            answer = page.get(path).words
            assert words in answer
            assert "Mend it" not in answer, path

    office.config.write_bytes(b"\xff\xfe\0")
    told("save the file as UTF-8")
    office.config.chmod(0o666)
    told("others may change")
    office.config.unlink()
    told("there is no such file")
    office.config.touch(mode=0o600)
    for text in (before + b"mode: [", b""):
        office.config.write_bytes(text)
        assert "Mend it" in page.get("/").words, text
    office.config.write_bytes(before)


def test_each_letter_in_each_language(page: Served) -> None:
    first = page.get("/letters")
    assert "As text" in first.words
    names = re.findall(r'<option value="([^"]+)"', first.text)
    languages = re.findall(r"<option(?: selected)?>(\w+)</option>", first.text)
    assert {"received", "absent", "new_date"} <= {name.replace("-", "_") for name in names}
    assert {"de", "en", "fr"} <= set(languages)
    for name in names:
        answer = page.get(f"/letters?letter={name}&language=de")
        assert answer.status == 200
        assert "Viele Grüße" in answer.text, name
        framed = page.get(f"/letter?letter={name}&language=de")
        assert "Viele Grüße" in framed.text
        assert "sandbox" in framed.headers["content-security-policy"]
    for query in ("letter=../x", "language=xx", "letter=%3Cb%3E&language=de"):
        assert page.get(f"/letters?{query}").status == 404
