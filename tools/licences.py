"""The licences of all that ackd, its extras and its development need: docs/licences.md.

    python -m tools.licences [--path SITE_PACKAGES …]

Names are those of `locked/`; licences are what the packages that are installed here say of themselves
(License-Expression, else the classifiers, else License). Of a package that isn't installed here, nor in a
`--path`, what the page said before stays.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import re
import sys
from collections.abc import Mapping, Sequence
from email.message import Message
from pathlib import Path

from tools.constraints import DEV, EXTRAS, ROOT, RUN

PAGE = ROOT / "docs" / "licences.md"
UNTOLD = "not told"
LONGEST = 60  # characters of a licence's name: more is its text
_ROW = re.compile(r"^\| (?!package )([a-z0-9.-]+) \| (.+) \| (.+) \|$", re.MULTILINE)
HEAD = """# Licences of what ackd needs

Made by `python -m tools.licences` from what the packages say of themselves; nobody checked it against their
files. ackd itself is under the MIT licence; it ships none of these packages, pip installs them. Why each is
there: [dependencies](dependencies.md).

"""


def pins(file: Path) -> dict[str, set[str]]:
    """The packages of a locked file with their versions: more than one where Python's version decides."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(
        r"^([a-z0-9.-]+)==([^\s;]+)", file.read_text(encoding="utf-8"), re.MULTILINE
    ):
        found.setdefault(name, set()).add(version)
    return found


def canonical(name: str) -> str:
    """A package's name as pip compares names (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licence(about: Message) -> str:
    """What a package says of its licence (core metadata)."""
    if expression := about.get("License-Expression"):
        return str(expression)
    classifiers = [str(one) for one in about.get_all("Classifier") or ()]
    known = [
        one.rpartition(" :: ")[2] for one in classifiers if one.startswith("License :: OSI Approved :: ")
    ]
    if known:
        return " or ".join(known)
    text = str(about.get("License") or "").strip()
    return text if text and "\n" not in text and len(text) <= LONGEST else UNTOLD


def told(page: str) -> dict[str, str]:
    """The licences that a page tells, by package."""
    return {name: words for name, words, _ in _ROW.findall(page)}


def text(licences: Mapping[str, str]) -> str:
    """The page."""
    run, dev = pins(RUN), pins(DEV)
    rows = []
    for name in sorted(pins(EXTRAS)):
        where = "ackd" if name in run else "development" if name in dev else "an extra"
        rows.append(f"| {name} | {licences.get(name, UNTOLD)} | {where} |\n")
    strict = sorted(name for name in pins(EXTRAS) if "GPL" in licences.get(name, ""))
    words = (
        f"Under a GPL of some kind: {', '.join(strict)}.\n\n"
        if strict
        else "None says GPL, LGPL or AGPL.\n\n"
    )
    return f"{HEAD}{words}| package | licence | needed by |\n|---|---|---|\n{''.join(rows)}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page; the exit status."""
    parser = argparse.ArgumentParser(description="Write docs/licences.md.")
    parser.add_argument("--path", action="append", default=[], help="site-packages of another environment")
    given = parser.parse_args(arguments)
    known = told(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else {}
    for installed in importlib.metadata.distributions(path=[*given.path, *sys.path]):
        about: Message = installed.metadata  # type: ignore[assignment]
        known[canonical(str(about["Name"]))] = licence(about)
    PAGE.write_text(text(known), encoding="utf-8")
    missing = [name for name in pins(EXTRAS) if known.get(name, UNTOLD) == UNTOLD]
    print(f"written: {PAGE.relative_to(ROOT)}" + (f"; not told: {', '.join(missing)}" if missing else ""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
