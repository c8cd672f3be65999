"""An object in a process of its own: so that the server's work isn't counted as the client's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.managers import BaseManager
from typing import Protocol, TypeVar


class Closable(Protocol):
    """Something that gives back what it holds."""

    def close(self) -> None:
        """Give it back."""
        ...


_T = TypeVar("_T", bound=Closable)


class _Elsewhere(BaseManager):
    """Makes objects in a fresh process and passes calls on to them."""


@contextmanager
def elsewhere(kind: Callable[..., _T], *arguments: object, **named: object) -> Iterator[_T]:
    """The object that `kind` makes of the arguments, in a fresh process of its own; it is closed at the end.

    Arguments and results travel between the processes: they must be picklable.
    """
    _Elsewhere.register(kind.__name__, kind)
    with _Elsewhere(ctx=get_context("spawn")) as manager:
        made: _T = getattr(manager, kind.__name__)(*arguments, **named)
        try:
            yield made
        finally:
            made.close()
