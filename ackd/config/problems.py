"""A problem of a configuration with its place, and how a list of them is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_MOST_TOLD = 50


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend; lines and columns count from 1."""

    line: int
    column: int
    what: str


class Broken(Exception):
    """The file can't be read any further because of this problem."""

    def __init__(self, problem: Problem):
        super().__init__(problem.what)
        self.problem = problem


def tell(path: Path, problems: Sequence[Problem]) -> str:
    """All problems in the order of the file, one a line, as `file:line:column: what`."""
    ordered = sorted(set(problems))
    lines = [f"{path}:{p.line}:{p.column}: {p.what}" for p in ordered[:_MOST_TOLD]]
    if len(ordered) > _MOST_TOLD:
        lines.append(f"{path}: and more problems after these {_MOST_TOLD}")
    return "\n".join(lines)
