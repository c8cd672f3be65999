"""Keys that got another name: the old one goes on being read, with a note, until the next major version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ackd.config.problems import Problem
from ackd.config.value_error import Location, printable
from ackd.config.yaml_document import Data, Document, Place

#: In a path: each entry of a list.
EACH = "*"


@dataclass(frozen=True, slots=True)
class Renamed:
    """A key that got another name, or another section: dotted paths from the left margin, with `*` for each
    entry of a list ("rules.*.then.letter"), at the same places in both. `since` is the version that knows the
    new one. What it may be set to, and what that means, stayed the same: else this is no renaming.
    """

    old: str
    new: str
    since: str


#: Every renaming since 1.0.0; what stands here is in docs/configuration.md and the JSON Schema, too.
RENAMED: tuple[Renamed, ...] = ()


def normalize(document: Document, table: Sequence[Renamed]) -> tuple[str, ...]:
    """Put what stands under old names where the schema has it, with its place in the file; returns a note for
    each. An old name beside the new one is a problem of the document's, and so is an old name whose new
    section is no map."""
    notes = []
    for entry in table:
        for old, new in list(_found(document.data, entry)):
            line = document.places[old].key[0]
            if new in document.places:
                _refuse(document, old, new)
            elif _move(document, old, new):
                names = f"`{_dotted(old)}` is called `{_dotted(new)}` since ackd {entry.since}"
                notes.append(f"line {line}: {names}; it is read all the same: write the new name")
    return tuple(notes)


def _found(data: Data, entry: Renamed) -> Iterator[tuple[Location, Location]]:
    """Where the old name stands, and where each belongs."""
    for indexes, old in _matches(data, entry.old.split("."), ()):
        left = list(indexes)
        yield old, tuple(left.pop(0) if step == EACH else step for step in entry.new.split("."))


def _matches(data: Data, steps: Sequence[str], where: Location) -> Iterator[tuple[tuple[int, ...], Location]]:
    if not steps:
        yield tuple(step for step in where if isinstance(step, int)), where
    elif steps[0] == EACH and isinstance(data, list):
        for index, entry in enumerate(data):
            yield from _matches(entry, steps[1:], (*where, index))
    elif isinstance(data, dict) and steps[0] in data:
        yield from _matches(data[steps[0]], steps[1:], (*where, steps[0]))


def _refuse(document: Document, old: Location, new: Location) -> None:
    line = document.places[new].key[0]
    name = f"`{document.renamed.get(new) or _dotted(new)}`"
    document.problems.append(
        Problem(
            *document.places[old].key,
            f"`{_dotted(old)}` is the old name of `{_dotted(new)}`, which is set too, in line {line}"
            f"{f' as {name}' if new in document.renamed else ''}: take one of them away",
        )
    )
    _take(document, old)


def _move(document: Document, old: Location, new: Location) -> bool:
    """Whether there was a place for it. Of a new section that is something else than a map the schema
    complains; what was to go there is let go."""
    words, place = _dotted(old), document.places[old]
    value = _take(document, old)
    above = _section(document, new[:-1], place)
    if above is None:
        return False
    above[str(new[-1])] = value
    for known in [one for one in document.places if one[: len(old)] == old]:
        document.places[(*new, *known[len(old) :])] = document.places.pop(known)
    for known in [one for one in document.spoilt if one[: len(old)] == old]:
        document.spoilt.discard(known)
        document.spoilt.add((*new, *known[len(old) :]))
    document.renamed[new] = words
    return True


def _take(document: Document, where: Location) -> Data:
    """Take a value out, and with it each section that is empty then: one that isn't there means the same."""
    above = _at(document.data, where[:-1])
    assert isinstance(above, dict)
    value = above.pop(str(where[-1]))
    if not above and len(where) > 1 and isinstance(where[-2], str):
        _take(document, where[:-1])
        document.places.pop(where[:-1], None)
    return value


def _section(document: Document, where: Location, place: Place) -> dict[str, Data] | None:
    """The map at a place, made where there is none or an empty one; None where something else stands."""
    found = document.data
    for depth, step in enumerate(where):
        if isinstance(step, int) and isinstance(found, list):
            found = found[step]
            continue
        if not isinstance(found, dict):
            return None
        name = str(step)
        if found.get(name) is None and where[: depth + 1] not in document.spoilt:
            found[name] = {}
            document.places.setdefault(where[: depth + 1], place)
        found = found[name]
    return found if isinstance(found, dict) else None


def _at(data: Data, where: Location) -> Data:
    for step in where:
        data = data[step]  # type: ignore[index]  # it was found there
    return data


def _dotted(where: Location) -> str:
    """A path as people write it; an entry of a list by its number, from 1."""
    words = (f" (entry {step + 1})" if isinstance(step, int) else f".{printable(step)}" for step in where)
    return "".join(words).removeprefix(".")
