"""The page in a real Chromium: as people use it, for everybody, on every screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.system.commands import in_process
from tests.web.browser import SCHEMES, WIDTHS, chromium, complaints, faults, shape
from tests.web.office import HOSTILE, NEWS, REFUND, THANKS, Office
from tests.web.served import Served

pytestmark = pytest.mark.long


@pytest.fixture(name="office", scope="module")
def _office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with Office(tmp_path_factory.mktemp("office")) as office:
        office.work()
        office.write(REFUND, NEWS, THANKS, HOSTILE)
        office.work(minutes=5)
        office.work(minutes=5)
        yield office


@pytest.fixture(name="page")
def _page(office: Office) -> Iterator[Served]:
    office.configure()
    with Served(office.config, office.clock) as served:
        yield served


@pytest.fixture(name="browser", scope="module")
def _browser() -> Iterator[Any]:
    with chromium() as driver:
        yield driver


def until(browser: Any, is_so: Callable[[], Any]) -> Any:
    """Wait for what a script or another page does."""
    from selenium.common import exceptions
    from selenium.webdriver.support.ui import WebDriverWait

    passing = (
        exceptions.StaleElementReferenceException,
        exceptions.NoSuchElementException,
        exceptions.ElementClickInterceptedException,
    )
    return WebDriverWait(browser, 100, ignored_exceptions=passing).until(lambda _: is_so())


def text(browser: Any, selector: str = "main") -> str:
    (found,) = until(browser, lambda: [browser.find_element("css selector", selector).text])
    return str(found)


def click(browser: Any, words: str) -> None:
    """Click what is called so, once it is there."""
    named = f"//*[self::a or self::button or self::summary][normalize-space()='{words}']"
    until(browser, lambda: browser.find_element("xpath", named).click() or True)


def test_everybody_can_read_every_page_on_every_screen(page: Served, browser: Any) -> None:
    browser.get(page.link)
    one = f"/decisions/{quote(REFUND.message_id, safe='')}"
    hostile = f"/decisions/{quote(HOSTILE.message_id, safe='')}"
    page.site.rehearsals.begin(page.site.config.read_bytes())
    wrong = []
    for path in (
        "/",
        "/decisions",
        one,
        hostile,
        "/settings",
        "/lessons",
        "/letters",
        "/report?by=colleague",
        "/unanswered",
        "/decisions/none",
    ):
        for width in WIDTHS:
            for scheme in SCHEMES:
                shape(browser, width, scheme)
                if scheme == SCHEMES[0]:
                    browser.get(page.origin + path)
                wrong += [f"{path} {width} {scheme}: {fault}" for fault in faults(browser)]
    assert wrong == []
    said = [line for line in complaints(browser) if "404 (Not Found)" not in line]
    assert said == [], "nothing that the policy forbids was tried"


def test_everybody_can_read_the_report_that_is_kept(office: Office, browser: Any, tmp_path: Path) -> None:
    """The file of its own, without the page: its policy forbids it nothing that it wants."""
    office.configure()
    file = tmp_path / "report.html"
    words = (
        "--html",
        str(file),
        "--by-colleague",
        "--config",
        str(office.config),
        "--clock",
        str(office.clock),
    )
    assert in_process("report", *words).returncode == 0
    complaints(browser)
    wrong = []
    for width in WIDTHS:
        for scheme in SCHEMES:
            shape(browser, width, scheme)
            browser.get(file.as_uri())
            wrong += [f"{width} {scheme}: {fault}" for fault in faults(browser)]
    assert wrong == []
    assert complaints(browser) == []
    assert browser.find_elements("css selector", "svg.chart")


def test_a_person_finds_a_mail_and_why(page: Served, browser: Any) -> None:
    shape(browser, 1280, "light")
    browser.get(page.link)
    assert "open promises" in text(browser)
    assert "key=" not in browser.current_url
    click(browser, "Decisions")
    browser.find_element("id", "q").send_keys("refund order")
    until(browser, lambda: len(browser.find_elements("css selector", ".decision")) == 1)
    assert "q=refund" in browser.current_url, "the address can be kept"
    click(browser, REFUND.subject)
    assert text(browser, "mark") == "Can you tell me whether the refund for order 4711 has been processed?"
    browser.back()
    browser.find_element("css selector", "label:has(input[value=left])").click()
    until(browser, lambda: not browser.find_elements("link text", REFUND.subject))


def test_a_mails_html_runs_nothing_and_loads_nothing(page: Served, browser: Any) -> None:
    browser.get(page.link)
    browser.get(f"{page.origin}/decisions/{quote(REFUND.message_id, safe='')}")
    title = browser.title
    click(browser, "As it looks")
    frame = browser.find_element("css selector", "details iframe")
    browser.execute_script("arguments[0].scrollIntoView()", frame)
    browser.switch_to.frame(frame)
    assert "refund for order 4711" in text(browser, "body")
    assert browser.execute_script("return document.images[0].naturalWidth") == 0
    browser.switch_to.default_content()
    assert browser.title == title
    assert not browser.find_elements("css selector", "main script")


def test_a_person_tries_a_change_saves_it_and_goes_back(page: Served, browser: Any, office: Office) -> None:
    before = office.config.read_text(encoding="utf-8")
    browser.get(page.link)
    click(browser, "Rules & settings")
    editor = browser.find_element("id", "text")
    editor.send_keys("modus: x")
    until(browser, lambda: "1 problem" in text(browser, "#problems"))
    editor.send_keys("\b" * len("modus: x"))
    until(browser, lambda: "No problems" in text(browser, "#problems"))
    rule = "{name: no bob, when: {from: bob@corp.example}, then: {acknowledge: never}}"
    editor.send_keys(f"rules: [{rule}]\n")
    until(browser, lambda: "not saved yet" in text(browser, "#problems"))
    click(browser, "Rehearse on the last 30 days")
    until(browser, lambda: "mails would change" in text(browser, "#beside"))
    assert "1 would no longer be acknowledged" in text(browser, "#beside")
    click(browser, "Save")
    until(browser, lambda: "Saved." in text(browser))
    assert office.config.read_text(encoding="utf-8") == f"{before}rules: [{rule}]\n"
    browser.find_element("css selector", ".cases a").click()
    assert "+rules: [" in text(browser, ".diff")
    click(browser, "Go back to this version")
    until(browser, lambda: "Restored." in text(browser))
    assert office.config.read_text(encoding="utf-8") == before


def test_never_this_sender_is_one_click(page: Served, browser: Any, office: Office) -> None:
    browser.get(page.link)
    browser.get(f"{page.origin}/decisions/{quote(NEWS.message_id, safe='')}")
    click(browser, "Never this sender")
    until(browser, lambda: "The rule is written" in text(browser))
    assert "acknowledge: never" in office.config.read_text(encoding="utf-8")
    assert text(browser, "h1") == NEWS.subject, "back where it was clicked"


def test_by_keyboard_alone(page: Served, browser: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    browser.get(page.link)
    until(browser, lambda: browser.find_elements("css selector", ".skip"))

    def press(key: str) -> Any:
        browser.switch_to.active_element.send_keys(key)
        return browser.switch_to.active_element

    browser.find_element("tag name", "body").send_keys(Keys.TAB)
    assert browser.switch_to.active_element.text == "Skip to the content"
    press(Keys.ENTER)
    assert press(Keys.TAB).tag_name in ("a", "button"), "the first thing in the content"
    pause = browser.find_element("xpath", "//button[.='Pause sending']")
    reached = 0
    while browser.switch_to.active_element != pause:
        press(Keys.TAB)
        reached += 1
        assert reached < 60, "every button is reached"
    press(Keys.ENTER)
    until(browser, lambda: "Nothing is sent from now on" in text(browser))
    click(browser, "Resume sending")
    until(browser, lambda: "Sending again" in text(browser))


def test_without_javascript_everything_works(page: Served, office: Office) -> None:
    with chromium(scripts=False) as browser:
        browser.get(page.link)
        until(browser, lambda: "open promises" in text(browser))
        browser.get(f"{page.origin}/decisions")
        browser.find_element("id", "q").send_keys("carol")
        click(browser, "Find")
        until(browser, lambda: len(browser.find_elements("css selector", ".decision")) == 1)
        browser.get(f"{page.origin}/settings")
        browser.find_element("id", "text").send_keys("# more\n")
        click(browser, "Rehearse on the last 30 days")

        def is_over() -> bool:
            again = browser.find_elements("xpath", "//button[.='Look how far it is']")
            for button in again:
                button.click()
            return not again and bool(browser.find_elements("id", "rehearsal"))

        until(browser, is_over)
        assert text(browser, "#rehearsal").startswith("Rehearsal\n0 of ")
        click(browser, "Save")
        until(browser, lambda: "Saved." in text(browser))
        assert office.config.read_text(encoding="utf-8").endswith("# more\n")


def test_a_second_browser_gets_nothing(page: Served, browser: Any) -> None:
    browser.get(page.link)
    assert "ackd" in browser.title
    with chromium() as other:
        for path in (f"/?key={page.entrance.key}", "/", "/decisions"):
            other.get(page.origin + path)
            assert "This page is its owner's alone" in text(other)
