"""Pictures of every mail that ackd writes, to look at: `python -m tools.mail_pictures FOLDER` in the
repository. Needs Chromium (`apt-get install chromium`), and pngquant to make the pictures small.

FOLDER gets one sheet for each language and kind (mails to the owner, letters to colleagues): each mail at
360, 600 and 900 pixels, in light and in dark colours. `--docs` writes the few that docs/mails.md shows.
"""

from __future__ import annotations

import argparse
import html
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ackd.letters import NAMES, Letters
from ackd.model import LetterName
from ackd.text.languages import LANGUAGES
from tests.letters import golden, owner_mails

DOCS = Path(__file__).resolve().parents[1] / "docs" / "pictures"
WIDTHS = (360, 600, 900)
SCHEMES = ("light", "dark")
LONGEST = 5_000  # pixels of a mail that a sheet shows
#: What the page in the documentation shows: mail, widths, schemes.
SHOWN = {
    "digest": ("digest of a morning", (600,), SCHEMES),
    "digest-phone": ("digest of a morning", (360,), SCHEMES),
    "overdue": ("overdue", (600,), SCHEMES),
    "urgent-draft": ("urgent draft", (600,), SCHEMES),
    "hold": ("hold by hour", (600,), SCHEMES),
    "alarm": ("alarm", (600,), SCHEMES),
}
_FRAME = (
    '<figure><figcaption>{caption}</figcaption><iframe srcdoc="{page}" style="width:{width}px;'
    'color-scheme:{scheme};background:{ground}"></iframe></figure>'
)
#: Frames as high as what they show; the size of it all in the title, where it can be read from.
_PAGE = """<!DOCTYPE html><meta charset="utf-8"/><title></title><style>
body {{ margin: 0; padding: {margin}px; background: #888; font: 14px Arial; width: max-content }}
div {{ display: flex; align-items: flex-start; gap: 12px; margin-bottom: {margin}px }}
figure {{ margin: 0 }} figcaption {{ padding-bottom: 4px }} figcaption:empty {{ padding: 0 }}
iframe {{ border: 0; height: 10px; display: block }}
</style><body>{rows}<script>
addEventListener("load", () => {{
  for (const frame of document.querySelectorAll("iframe"))
    frame.style.height = Math.min({longest}, frame.contentDocument.documentElement.scrollHeight) + "px";
  document.title = Math.ceil(document.body.offsetWidth) + "x" + Math.ceil(document.body.offsetHeight);
}});
</script></body>"""


def main() -> None:
    """Write the sheets, or the pictures of the documentation."""
    parser = argparse.ArgumentParser(description=__doc__.partition(":")[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--docs", action="store_true", help="write the pictures that docs/mails.md shows")
    parser.add_argument("--language", action="append", choices=LANGUAGES)
    parser.add_argument("--mail", action="append", help="only these, by their names in the golden texts")
    wanted = parser.parse_args()
    if wanted.docs:
        DOCS.mkdir(exist_ok=True)
        pages = _owner_pages("en")
        for name, (case, widths, schemes) in SHOWN.items():
            rows = [[_frame("", pages[case], width, scheme) for width in widths for scheme in schemes]]
            _picture(rows, DOCS / f"{name}.png", margin=0)
    if wanted.folder:
        wanted.folder.mkdir(parents=True, exist_ok=True)
        for language in wanted.language or LANGUAGES:
            for kind, pages in (("owner", _owner_pages(language)), ("letters", _letter_pages(language))):
                chosen = {case: page for case, page in pages.items() if case in (wanted.mail or pages)}
                if chosen:
                    _picture(list(_rows(chosen)), wanted.folder / f"{kind}-{language}.png", margin=12)


def _owner_pages(language: str) -> Mapping[str, str]:
    return {case: made.html for case, made in owner_mails.letters(language).items()}


def _letter_pages(language: str) -> Mapping[str, str]:
    """Each letter, and one whose words are long."""
    cases = {name: values for name in NAMES for _, values in list(golden.cases_of(name))[:1]}
    pages = {name: Letters().render(name, language, values).html for name, values in cases.items()}
    long = replace(cases["received"], asker="Maximiliane", subject=owner_mails.ASKED["jörg"][1])
    return pages | {"received, long words": Letters().render(LetterName.RECEIVED, language, long).html}


def _rows(pages: Mapping[str, str]) -> Iterator[list[str]]:
    for case, page in pages.items():
        yield [
            _frame(f"{case}, {width} px, {scheme}", page, width, scheme)
            for scheme in SCHEMES
            for width in WIDTHS
        ]


def _frame(caption: str, page: str, width: int, scheme: str) -> str:
    ground = {"light": "#fff", "dark": "#121212"}[scheme]
    return _FRAME.format(
        caption=html.escape(caption), page=html.escape(page), width=width, scheme=scheme, ground=ground
    )


def _picture(rows: Sequence[Sequence[str]], file: Path, *, margin: int) -> None:
    body = "".join(f"<div>{''.join(row)}</div>" for row in rows)
    with tempfile.TemporaryDirectory() as place:
        page = Path(place, "sheet.html")
        page.write_text(_PAGE.format(rows=body, margin=margin, longest=LONGEST), encoding="utf-8")
        size = re.search(r"<title>(\d+)x(\d+)</title>", _chromium(place, page, "--dump-dom"))
        if size is None:
            raise SystemExit("Chromium didn't say how large the page is")
        _chromium(place, page, f"--window-size={size[1]},{size[2]}", f"--screenshot={file.resolve()}")
    if shutil.which("pngquant"):
        subprocess.run(["pngquant", "--force", "--ext", ".png", "64", str(file)], check=True)  # noqa: S603, S607
    print(f"{file}: {size[1]} x {size[2]}, {file.stat().st_size // 1000} kB")


def _chromium(place: str, page: Path, *options: str) -> str:
    quiet = (
        "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
        "--disable-component-update --disable-sync --hide-scrollbars --virtual-time-budget=5000"
    )
    command = ["chromium", *quiet.split(), f"--user-data-dir={place}/profile", *options, page.as_uri()]
    return subprocess.run(  # noqa: S603
        command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=300
    ).stdout


if __name__ == "__main__":
    main()
