"""The list of faults, and where each of them stands."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
LIST = Path(__file__).with_name("mutations.toml")


@dataclass(frozen=True, slots=True)
class Mutation:
    """One fault: `original` of `file` becomes `changed`, which does `harm`.

    `tests` are the files nearest to it, `nearest` those and the folders of its room, its own folder first;
    `survives` says why none of them is to notice it, "" where one is.
    """

    name: str
    file: str
    harm: str
    original: str
    changed: str
    tests: tuple[str, ...]
    nearest: tuple[str, ...]
    survives: str = ""

    @property
    def room(self) -> str:
        """The part of ackd that it is in, as its name says."""
        return self.name.rpartition("-")[0]

    def places(self, root: Path = ROOT) -> int:
        """How often its original stands in its file: once, unless the code has moved."""
        path = root / self.file
        return path.read_text(encoding="utf-8").count(self.original) if path.is_file() else 0

    def applied(self, text: str) -> str:
        """The file's text with the fault."""
        return text.replace(self.original, self.changed)


def read(path: Path = LIST) -> tuple[Mutation, ...]:
    """All of them, in the list's order. Raises ValueError for one that is named twice, changes nothing, or
    has no tests near it."""
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    found = [_made(one, said["nearest"]) for one in said["mutation"]]
    if len({one.name for one in found}) < len(found):
        raise ValueError(f"{path.name}: two mutations have one name")
    return tuple(found)


def _made(one: dict[str, Any], nearest: dict[str, list[str]]) -> Mutation:
    name, file = one["id"], one["file"]
    of_room = next((nearest[at] for at in nearest if file.startswith(f"{at}/")), [])
    if not of_room or one["original"] == one["changed"]:
        raise ValueError(f"{name}: it has no tests near it, or changes nothing")
    return Mutation(
        name,
        file,
        one["harm"],
        one["original"],
        one["changed"],
        tuple(one.get("tests", ())),
        tuple(of_room),
        one.get("survives", ""),
    )
