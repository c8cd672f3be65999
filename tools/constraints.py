"""The versions and hashes that CI installs: `locked/run.txt` (what ackd needs), `locked/dev.txt` (that, and
what a change is checked and built with) and `locked/extras.txt` (all that any extra brings, for audits).

    python -m tools.constraints             renew them: the newest that pyproject.toml allows
    python -m tools.constraints --keep      only what pyproject.toml asks for anew; what is pinned stays

It asks the index that uv is set up for (UV_DEFAULT_INDEX, UV_INDEX; nothing of it is written into the files),
for Python 3.11 and later on every platform, with the hashes of all files of a version. uv is taken from the
PATH, else installed for the moment.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCKED = ROOT / "locked"
RUN, DEV, EXTRAS = LOCKED / "run.txt", LOCKED / "dev.txt", LOCKED / "extras.txt"
#: What hatchling wants besides for an editable install; its backend says so only when it is asked.
EDITABLE = "editables>=0.5"
HEAD = "# Made by `python -m tools.constraints`: versions, with the hashes of all their files.\n"


def main() -> int:
    """Renew the files; the exit status."""
    parser = argparse.ArgumentParser(description="Renew the versions and hashes that CI installs.")
    parser.add_argument("--keep", action="store_true", help="what is pinned stays as far as it may")
    given = parser.parse_args()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    build = [*project["build-system"]["requires"], EDITABLE]
    LOCKED.mkdir(exist_ok=True)
    texts: dict[Path, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        uv = _uv(Path(folder))
        plans = ((RUN, [], []), (DEV, ["--extra", "dev"], build), (EXTRAS, ["--all-extras"], build))
        for target, options, more in plans:
            made, run = Path(folder) / target.name, Path(folder) / RUN.name
            if given.keep and target.exists():
                shutil.copy(target, made)
            asked = Path(folder) / "more.in"
            known = (
                ["--constraint", str(run)] if target is not RUN else []
            )  # one version of each in all files
            asked.write_text("\n".join(more), encoding="utf-8")
            done = subprocess.run(  # noqa: S603 - our own words
                [uv, "pip", "compile", "pyproject.toml", str(asked), *options, *known, "--output-file", made,
                 "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header",
                 "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet"],
                cwd=ROOT,
                env={"UV_SYSTEM_CERTS": "true", **os.environ},
                check=False,
            )  # fmt: skip
            if done.returncode:
                print(f"{target.name} isn't renewed: uv says why above. The files stay as they are.")
                return 75
            texts[target] = HEAD + made.read_text(encoding="utf-8")
    for target, text in texts.items():
        target.write_text(text, encoding="utf-8")
        print(f"written: {target.relative_to(ROOT)}")
    print("then: python -m tools.licences, and the tests")
    return 0


def _uv(folder: Path) -> str:
    """uv's path; installed into a folder where there is none."""
    if found := shutil.which("uv"):
        return found
    venv.create(folder / "uv", with_pip=True)
    python = folder / "uv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "uv"], check=True)  # noqa: S603 - our own words
    return str(python.with_name("uv"))


if __name__ == "__main__":
    sys.exit(main())
