"""Known weaknesses of the locked versions, by pip-audit.

    python -m tools.audit                  of locked/extras.txt: ackd, its extras, its development
    python -m tools.audit locked/run.txt   of what an installation has

pip-audit asks the service that it is made for about each package, by name and version; nothing else leaves
this machine. It is installed for the moment where it isn't on the PATH. Exit status: 0 none is known, 1 some
are, 75 not all could be checked: the service, or an index to install pip-audit from, can't be reached.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.constraints import EXTRAS

UNREACHABLE = 75
FOUND = 1
UNASKED = "pip-audit can't ask its service from here: nothing was checked. Run this where it can be reached."


def main(arguments: Sequence[str]) -> int:
    """The exit status."""
    files = [Path(one) for one in arguments] or [EXTRAS]
    if missing := [str(file) for file in files if not file.is_file()]:
        print(f"no such file: {', '.join(missing)}; `python -m tools.constraints` makes those in locked/")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        program = _program(Path(folder))
        if program is None:
            print("pip-audit can't be installed from here: nothing was checked.")
            return UNREACHABLE
        lists = [word for file in files for word in ("--requirement", str(file))]
        options = ["--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json"]
        done = subprocess.run(  # noqa: S603 - our own words, and files that are there
            [program, *lists, *options], check=False, capture_output=True, text=True
        )
    try:
        looked_at: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        print(*done.stderr.strip().splitlines()[-1:], UNASKED, sep="\n")
        return UNREACHABLE
    words, status = verdict(looked_at)
    print(words)
    return status


def verdict(looked_at: Sequence[Mapping[str, Any]]) -> tuple[str, int]:
    """What pip-audit's answer comes to, in words and as an exit status. What it skipped wasn't checked."""
    skipped = [one["name"] for one in looked_at if "skip_reason" in one]
    known = [one for one in looked_at if one.get("vulns")]
    lines = []
    for one in known:
        for found in one["vulns"]:
            mended = ", ".join(found["fix_versions"]) or "no release yet"
            lines.append(f"{one['name']} {one['version']}: {found['id']}, mended in {mended}")
    if len(skipped) == len(looked_at):
        return UNASKED, UNREACHABLE
    if skipped:
        lines.append(f"not checked, the service doesn't know them: {', '.join(skipped)}")
    if not known:
        lines.append(f"no weakness is known of the other {len(looked_at) - len(skipped)}")
    return "\n".join(lines), FOUND if known else UNREACHABLE if skipped else 0


def _program(folder: Path) -> str | None:
    """pip-audit's path; installed into a folder where there is none. None where that can't be done."""
    if found := shutil.which("pip-audit"):
        return found
    venv.create(folder, with_pip=True)
    place = folder / ("Scripts" if os.name == "nt" else "bin")
    install = [place / "python", "-m", "pip", "install", "--quiet", "pip-audit"]
    if subprocess.run(install, check=False).returncode:  # noqa: S603 - our own words
        return None
    return str(place / "pip-audit")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
