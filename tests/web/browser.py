"""A real Chromium, Debian's, by its driver."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
#: axe-core, which looks for what keeps people out (MPL 2.0, its notice stands in it).
AXE = Path(__file__).with_name("axe.min.js")
#: What counts as kept: WCAG 2.2 A and AA, and what axe's makers hold to be good practice.
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCHEMES = ("light", "dark")
#: A phone, a tablet, a desktop.
WIDTHS = (360, 820, 1280)
_ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--hide-scrollbars",
)
_RUN = (
    "const done = arguments[0]; axe.run(document, {runOnly: %s}).then(found => done(found.violations.map("
    "one => one.id + ': ' + one.help + ': ' + one.nodes.map(node => node.html).join(' '))))"
)


@contextmanager
def chromium(*, scripts: bool = True) -> Iterator[Any]:
    """A browser of its own. Skips where there is none."""
    if CHROMIUM is None or DRIVER is None:
        pytest.skip("there is no Chromium here: apt-get install chromium chromium-driver")
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium isn't installed")
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in _ARGUMENTS:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    if not scripts:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()


def shape(driver: Any, width: int, scheme: str) -> None:
    """Look through a window of this width, in a colour scheme."""
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def faults(driver: Any) -> list[str]:
    """What keeps somebody out of the page that is open, and what it is too wide for."""
    driver.execute_script(AXE.read_text(encoding="utf-8"))
    found: list[str] = driver.execute_async_script(_RUN % STANDARDS)
    root = "document.documentElement"
    if driver.execute_script(f"return {root}.scrollWidth > {root}.clientWidth"):
        found.append("it is wider than its window")
    return found


def complaints(driver: Any) -> list[str]:
    """What the browser's console says since it was asked last."""
    return [entry["message"] for entry in driver.get_log("browser")]


def picture(driver: Any, file: Path, width: int, height: int) -> None:
    """The top of the page that is open."""
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"clip": clip, "captureBeyondViewport": True})
    file.write_bytes(base64.b64decode(shot["data"]))
