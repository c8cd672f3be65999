"""Pictures of the page of `ackd review`: `python -m tools.review_pictures FOLDER` in the repository.

Needs Chromium with its driver (`apt-get install chromium chromium-driver`), and pngquant to make them small.
FOLDER gets every page at three widths in both colour schemes. `--docs` writes the few that README and
docs/review.md show.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ackd import config as configuration
from ackd.runtime.ledgers import lock
from tests.web import browser
from tests.web.office import Office
from tests.web.served import Served
from tests.web.week import WEEK, play

DOCS = Path(__file__).resolve().parents[1] / "docs" / "pictures"
_CHANGE = "within: 2 business days", "within: 3 business days"
#: As a person would have it, whose home the folder is.
_CONFIG = """\
mailbox:
  address: alice@corp.example
  endpoint: {url}
  password: {{env: ACKD_PASSWORD}}
mode: {mode}

internal:
  domains: [corp.example]

promise:
  within: 2 business days   # what a colleague is told
  per_day: 5                # no day gets more than I can answer
  working_hours: {{mon-fri: "09:00-12:30, 13:15-17:30"}}
  time_zone: Europe/Berlin
  grace: {grace}      # my own answer goes before

letters:
  name: Alice Smith

rules:
  - name: the board goes first
    when: {{from: erin@corp.example}}
    then: {{within: 4 business hours}}
"""
_ASKED = f"/decisions/{quote(WEEK[0][2].message_id, safe='')}"
PAGES = {
    "today": "/",
    "decisions": "/decisions",
    "decision": _ASKED,
    "settings": "/settings",
    "letters": "/letters?letter=received&language=de",
    "report": "/report",
    "unanswered": "/unanswered",
}
#: What the documentation shows: page, width, scheme, height.
SHOWN = {
    "review-today": ("today", 1120, "light", 860),
    "review-phone": ("today", 390, "dark", 844),
    "review-decision": ("decision", 1120, "light", 800),
    "review-settings": ("settings", 1120, "light", 720),
}


def main() -> None:
    """Write all pictures, or those of the documentation."""
    parser = argparse.ArgumentParser(description=__doc__.partition(":")[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--docs", action="store_true", help="write the pictures of the documentation")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ackd-review-") as made:
        home = Path(made)
        os.environ.update(HOME=made, ACKD_PASSWORD="secret")  # noqa: S106 - of a sandbox
        folder = home / ".config" / "ackd"
        folder.mkdir(parents=True)
        with Office(folder, grace="2 business hours", text=_CONFIG) as office:
            play(office)
            held = lock(configuration.load(office.config).config.state_directory)  # the page says: it runs
            with Served(office.config, office.clock) as page, browser.chromium() as driver:
                _pictures(page, driver, wanted.folder, docs=wanted.docs)
            held.release()


def _pictures(page: Served, driver: Any, folder: Path | None, *, docs: bool) -> None:
    driver.get(page.link)
    _rehearse(page, driver)
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        for name in PAGES:
            for width in browser.WIDTHS:
                for scheme in browser.SCHEMES:
                    _picture(page, driver, (name, width, scheme, 0), folder / f"{name}-{width}-{scheme}.png")
    for name, shown in SHOWN.items() if docs else ():
        _picture(page, driver, shown, DOCS / f"{name}.png")


def _rehearse(page: Served, driver: Any) -> None:
    """A change that is tried and not saved, for the picture of the settings."""
    text = page.site.config.read_text(encoding="utf-8")
    assert _CHANGE[0] in text
    changed = text.replace(*_CHANGE)
    page.site.rehearsals.begin(changed.encode())
    while (current := page.site.rehearsals.current) and not current.is_over:
        driver.get(f"{page.origin}/settings")


def _picture(page: Served, driver: Any, shown: tuple[str, int, str, int], file: Path) -> None:
    name, width, scheme, height = shown
    browser.shape(driver, width, scheme)
    driver.get(page.origin + PAGES[name])
    if name == "settings":
        driver.find_element("id", "text").clear()
        text = page.site.config.read_text(encoding="utf-8").replace(*_CHANGE)
        driver.find_element("id", "text").send_keys(text)
        driver.find_element("css selector", "button[value=check]").click()
    whole = int(driver.execute_script("return document.documentElement.scrollHeight"))
    browser.picture(driver, file, width, height or whole)
    if shutil.which("pngquant"):
        subprocess.run(["pngquant", "--force", "--ext", ".png", "64", str(file)], check=True)  # noqa: S603, S607


if __name__ == "__main__":
    main()
