"""Which of the owner's tasks is the task of which promise, where none carries a mark. Pure; in doubt none is.

A task that ackd made names its question in its last line (Message-ID), and has the title, the day and the
category that ackd gave it. Its owner may have changed any of these, and may have made copies.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ackd.model import PlainTask

#: How a mail program may have written the address of the line.
_NAMED = re.compile(r"Message-ID:\s*<?(?:mailto:)?([^\s<>]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A task of ours as it was known: by which name (`item`, "" if none), of which question ("": of none),
    with which title (in whichever language), day and category; `asker` is an address."""

    token: str
    item: str
    question: str
    titles: frozenset[str]
    day: date | None
    category: str
    asker: str = ""


def matched(wanted: Sequence[Wanted], tasks: Sequence[PlainTask]) -> Mapping[str, PlainTask]:
    """The tasks that are meant, by token. What could be meant twice is nobody's."""
    by_name = {task.was: task for task in tasks if task.was}
    found = {one.token: by_name[one.item] for one in wanted if one.item in by_name}
    left = [one for one in wanted if one.token not in found]
    free = [task for task in tasks if not task.was]
    for by_words in (_by_its_line, _by_its_looks):
        claims = [(one, task) for one in left if (task := by_words(one, free))]
        found |= {one.token: task for one, task in claims if _is_alone(one, task, claims)}
        taken = {task.item for _, task in claims}
        left = [one for one in left if one.token not in {claimer.token for claimer, _ in claims}]
        free = [task for task in free if task.item not in taken]
    return found


def _is_alone(one: Wanted, task: PlainTask, claims: Sequence[tuple[Wanted, PlainTask]]) -> bool:
    """Whether a task is meant by nobody else: a text may name other questions, in words of its asker's."""
    others = [other for other, same in claims if same.item == task.item and other.token != one.token]
    is_titled = _likeness(one, task)[0]
    return not others or (is_titled and not any(_likeness(other, task)[0] for other in others))


def _by_its_line(one: Wanted, tasks: Iterable[PlainTask]) -> PlainTask | None:
    """A task whose text names the question, and that looks like ours in one more thing."""
    if not one.question:
        return None
    wanted = one.question.strip().strip("<>")
    named = [task for task in tasks if wanted in _NAMED.findall(task.text) and any(_likeness(one, task))]
    return _only(named, lambda task: _likeness(one, task)[0], lambda task: all(_likeness(one, task)))


def _by_its_looks(one: Wanted, tasks: Iterable[PlainTask]) -> PlainTask | None:
    """A task whose text its owner changed: title, day and category are ours all the same, it names no other
    question, and where it has words, they name the asker."""
    alike = [
        task
        for task in tasks
        if all(_likeness(one, task)) and not _NAMED.search(task.text) and _names_the_asker(one, task)
    ]
    return _only(alike)


def _likeness(one: Wanted, task: PlainTask) -> tuple[bool, bool, bool]:
    """Whether title, day and category are ours."""
    has_category = one.category.casefold() in {name.casefold() for name in task.categories}
    return (
        " ".join(task.title.split()) in {" ".join(title.split()) for title in one.titles if title},
        one.day is not None and task.due_date == one.day,
        has_category if one.category else False,
    )


def _names_the_asker(one: Wanted, task: PlainTask) -> bool:
    return not task.text.strip() or one.asker.casefold() in task.text.casefold()


def _only(tasks: Sequence[PlainTask], *better: Callable[[PlainTask], bool]) -> PlainTask | None:
    """The only one; of several the only one that is better, in one sense after the other."""
    for is_better in (lambda _: True, *better):
        good = [task for task in tasks if is_better(task)]
        if len(good) == 1:
            return good[0]
    return None
