"""One fault at a time in a copy of the tree, and whether the tests near it fail."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from importlib.util import cache_from_source
from pathlib import Path

from bench.mutations.listed import ROOT, Mutation
from bench.parts.rows import Broken

#: What of the tree is copied: all that tests read.
_LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv*", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "__pycache__"
)
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S.*?)(?: - .*)?$", re.MULTILINE)
_PYTEST = (
    "-m",
    "pytest",
    "-x",
    "-q",
    "-n",
    "0",
    "-p",
    "no:cacheprovider",
    "-o",
    "timeout=60",
    "--tb=no",
    "-rfE",
)


class Fate(StrEnum):
    """What became of a fault. `UNSURE`: the test that failed fails without it too. `MOVED`: its place isn't
    there, or more than once. `ENDLESS`: the tests took too long."""

    KILLED = "killed"
    SURVIVED = "survived"
    MOVED = "moved"
    UNSURE = "unsure"
    ENDLESS = "endless"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a mutation: by which test it was noticed, and how many seconds that took."""

    name: str
    fate: Fate
    killer: str = ""
    seconds: float = 0.0


class Copy:
    """A copy of the tree, in which one fault at a time is made."""

    def __init__(self, folder: Path) -> None:
        """Copy the tree. Raises Broken where its Python doesn't import ackd from there."""
        self.root = folder / "ackd"
        shutil.copytree(ROOT, self.root, ignore=_LEFT_OUT, symlinks=True)
        shared = Path(os.environ.get("ACKD_SHARED", ROOT.parent / "shared"))
        shared = shared if shared.is_absolute() else ROOT / shared
        self._env = {**os.environ, "PYTHONPATH": str(self.root), "ACKD_SHARED": str(shared)}
        where = self._run(("-c", "import ackd; print(ackd.__file__)"), 60).stdout.strip()
        if not Path(where).is_relative_to(self.root):
            raise Broken(f"ackd is imported from {where}, and not from the copy in {self.root}")

    def play(self, mutation: Mutation, limit: float, known: str = "") -> Result:
        """Make the fault, and play the tests that are near it: first the one that is `known` to notice it.
        Raises Broken where what it makes isn't Python, or where pytest can't play."""
        if mutation.places(self.root) != 1:
            return Result(mutation.name, Fate.MOVED)
        path = self.root / mutation.file
        before, began = path.read_text(encoding="utf-8"), time.monotonic()
        try:
            changed = mutation.applied(before)
            ast.parse(changed)
            self._put(path, changed)
            result = Result(mutation.name, Fate.SURVIVED)
            for tests in filter(any, ((known,), mutation.tests, *((one,) for one in mutation.nearest))):
                result = self._played(mutation.name, tests, limit)
                if result.fate is not Fate.SURVIVED:
                    break
        except SyntaxError as error:
            raise Broken(f"{mutation.name}: what it makes of line {error.lineno} isn't Python") from None
        finally:
            self._put(path, before)
        return replace(result, seconds=round(time.monotonic() - began, 1))

    def fail_anyway(self, tests: Iterable[str], limit: float) -> frozenset[str]:
        """Which of these tests fail without any fault."""
        wanted = sorted(set(tests))
        if not wanted:
            return frozenset()
        command = [part for part in _PYTEST if part != "-x"]
        done = self._run((*command, *wanted), limit)
        if done.returncode not in (0, 1):
            raise Broken(f"the tests that noticed faults can't be played without them: {done.stdout[-300:]}")
        return frozenset(_FAILED.findall(done.stdout))

    def _played(self, name: str, tests: Sequence[str], limit: float) -> Result:
        try:
            done = self._run((*_PYTEST, *tests), limit)
        except subprocess.TimeoutExpired:
            return Result(name, Fate.ENDLESS)
        if done.returncode == 0:
            return Result(name, Fate.SURVIVED)
        failed = _FAILED.search(done.stdout)
        if failed is None:  # a test that is no more, or pytest itself
            if "::" in tests[0]:
                return Result(name, Fate.SURVIVED)
            raise Broken(f"{name}: pytest ended with {done.returncode}: {(done.stdout + done.stderr)[-500:]}")
        return Result(name, Fate.KILLED, failed[1])

    def _put(self, path: Path, text: str) -> None:
        """Write a module. What Python compiled of it goes: a file's second and size may be the same."""
        path.write_text(text, encoding="utf-8")
        Path(cache_from_source(str(path))).unlink(missing_ok=True)
        shutil.rmtree(self.root / ".hypothesis", ignore_errors=True)

    def _run(self, arguments: Sequence[str], limit: float) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            env=self._env,
            capture_output=True,
            text=True,
            timeout=limit,
            check=False,
        )


def load(path: Path) -> dict[str, Result]:
    """The results of earlier plays, by the mutation."""
    said = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    return {one["name"]: Result(**{**one, "fate": Fate(one["fate"])}) for one in said}


def keep(path: Path, results: Iterable[Result]) -> None:
    """Keep results for the next play, which begins with the tests that noticed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(asdict(one)) for one in results)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
