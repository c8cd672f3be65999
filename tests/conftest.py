"""What every test may use."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import is_hypothesis_test

from tests import plays

plays.begin()

ROOT = Path(__file__).resolve().parent.parent
#: Where the folders of tests lie, if there is room: each step of a ledger waits there for no disk.
MEMORY = Path("/dev/shm")  # noqa: S108
ROOM = 2 * 2**30

if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of tests that carry `every(n)`, and of the cases of one that does, each n-th is played by default; of
    the others every fourth one is long, and the rest is played when it is asked for (`more`)."""
    seen: Counter[str] = Counter()
    for item in items:
        for node, mark in item.iter_markers_with_node("every"):
            group = node.nodeid.partition("[")[0]
            if seen[group] % mark.args[0]:
                item.add_marker(pytest.mark.long if seen[group] % 4 == 1 else pytest.mark.more)
            seen[group] += 1
            break  # the mark that stands closest counts


def pytest_collection_finish(session: pytest.Session) -> None:
    """Make what Hypothesis draws depend on nothing but the test, and on the run's number if it has one."""
    plays.import_everything({item.getparent(pytest.Module).obj for item in session.items})  # type: ignore[union-attr]
    for item in session.items:
        test = getattr(item, "obj", None)
        if is_hypothesis_test(test):
            plays.seeded(getattr(test, "__func__", test))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how to repeat a run whose plays were drawn afresh."""
    if plays.number() is not None:
        terminalreporter.write_line(f"{plays.VARIABLE}={plays.number()} plays these plays again")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the data that tests read but the repository doesn't hold."""
    folder = Path(os.environ.get("ACKD_SHARED", "../shared"))
    folder = folder if folder.is_absolute() else ROOT / folder
    if not folder.is_dir():
        pytest.skip(f"no shared test data at {folder}: set ACKD_SHARED to its folder")
    return folder
