"""What every test may use."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import is_hypothesis_test

from tests import plays, postgres

plays.begin()

ROOT = Path(__file__).resolve().parent.parent
#: Where the folders of tests lie, if there is room: each step of a ledger waits there for no disk.
MEMORY = Path("/dev/shm")  # noqa: S108
ROOM = 2 * 2**30

if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


#: In these rooms cases are dear, since each begins with a server: of a test's cases each n-th is played by
#: default, unless a mark says otherwise.
DEAR = {"exchange_sandbox": 4, "followup": 3, "mailbox": 4, "runtime": 3, "system": 3}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of tests that carry `every(n)`, of the cases of one that does, and of the cases of those in dear rooms,
    each n-th is played by default; of the others every fourth one is long, and the rest is played when it is
    asked for (`more`). What a mark has put there already isn't counted, and each protocol by itself."""
    seen: Counter[str] = Counter()
    for item in items:
        given, told = getattr(item, "callspec", None), item.iter_markers_with_node("every")
        node, count = next(((node, mark.args[0]) for node, mark in told), (item, 0))
        if not count and given and not any(map(item.get_closest_marker, ("long", "more"))):
            count = next((DEAR[part] for part in item.path.parent.parts[::-1] if part in DEAR), 0)
        if not count:
            continue
        group = f"{node.nodeid.partition('[')[0]} {given.params.get('protocol', '') if given else ''}"
        if seen[group] % count:
            item.add_marker(pytest.mark.long if seen[group] % 4 == 1 else pytest.mark.more)
        seen[group] += 1


def pytest_configure(config: pytest.Config) -> None:
    """One server of each kind a run, whatever the number of its workers."""
    if not hasattr(config, "workerinput"):
        postgres.begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what the run began."""
    if not hasattr(config, "workerinput") and postgres.PLACE in os.environ:
        postgres.end()


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


@pytest.fixture(scope="session")
def server() -> postgres.Server:
    """The run's PostgreSQL."""
    made = postgres.server()
    if made is None:
        pytest.skip(postgres.NONE)
    return made
