"""The house keeps its shape: who may import what, and how large things grow (DESIGN.md)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "ackd").rglob("*.py"))

#: What only one place may import.
ALONE = {
    "exchangelib": ("ackd/mailbox/ews/",),
    "apscheduler": ("ackd/service.py",),
    "sqlalchemy": ("ackd/ledger/",),
    "sqlite3": ("ackd/sandbox/",),
}
#: What the pure rooms may not touch.
IMPURE = {"exchangelib", "sqlite3", "sqlalchemy", "socket", "time", "logging", "os", "subprocess", "requests"}
PURE = ("ackd/judge/", "ackd/promise/")
#: Dependencies point one way: a room's files may import of ackd only these.
ROOMS = {
    "ackd/model/": ("ackd.model",),
    "ackd/ports.py": ("ackd.model",),
    "ackd/judge/": ("ackd.model", "ackd.judge"),
    "ackd/promise/": ("ackd.model", "ackd.promise", "ackd.judge"),
    "ackd/letters/": ("ackd.model", "ackd.letters", "ackd.promise", "ackd.judge"),
    "ackd/ledger/": ("ackd.model", "ackd.errors", "ackd.ledger"),
    "ackd/sandbox/": ("ackd.sandbox",),
    "ackd/config/": ("ackd.model", "ackd.errors", "ackd.config"),
    "ackd/daemon.py": (
        "ackd.model",
        "ackd.ports",
        "ackd.errors",
        "ackd.judgement",
        "ackd.intake",
        "ackd.following",
        "ackd.palette",
        "ackd.delivery",
        "ackd.groups",
        "ackd.hold",
        "ackd.drafts",
    ),
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "ackd":
            yield from (f"ackd.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_imports_stay_in_their_rooms(path: Path) -> None:
    name = name_of(path)
    for module in imports(path):
        top = module.partition(".")[0]
        homes = ALONE.get(top, (name,))
        assert name.startswith(homes), f"{name} imports {module}, which belongs to {homes} alone"
        if name.startswith(PURE):
            assert top not in IMPURE, f"{name} is pure and imports {module}"
        for room, allowed in ROOMS.items():
            if name.startswith(room) and top == "ackd":
                assert module.startswith(allowed), f"{name} imports {module}"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_files_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 400, name_of(path)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= 60, f"{name_of(path)}:{node.lineno} {node.name} has {length} lines"
