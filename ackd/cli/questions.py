"""Questions at a terminal, each checked as the configuration would read it when it is answered; and each an
option, so that nothing need be asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import typer

if TYPE_CHECKING:
    from ackd.model.hosts import Asking

T = TypeVar("T")


@dataclass
class Questions:
    """Asks a person, unless the answer was given or nothing is to be asked (`silent`). `kept` are answers of
    an earlier try, by the option of their question: they are proposed again. `answers` are this try's."""

    silent: bool
    kept: Mapping[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)

    def ask(
        self, option: str, words: str, given: str | None, default: str | None, read: Callable[[str], T]
    ) -> T:
        """The answer, read. `read` raises Wrong for one that can't be used: a person is asked again, with
        what is likely meant as the proposal; a script is told. `default` None: there must be an answer."""
        if given is not None:
            return self._read(option, given, read)
        if self.silent:
            if default is None:
                raise typer.BadParameter(f"{words}: with --yes this must be given", param_hint=option)
            return self._read(option, default, read)
        return self._asked(option, words, self.kept.get(option, default), read)

    def _asked(self, option: str, words: str, proposal: str | None, read: Callable[[str], T]) -> T:
        from ackd.config.value_error import Wrong

        while True:
            answer = str(typer.prompt(words, default=proposal)).strip()
            try:
                found = read(answer)
            except Wrong as wrong:
                typer.echo(f"  {_told(answer, wrong)}", err=True)
                proposal = wrong.near or (proposal if proposal != answer else None)
                continue
            self.answers[option] = answer
            return found

    def _read(self, option: str, answer: str, read: Callable[[str], T]) -> T:
        from ackd.config.value_error import Wrong

        try:
            found = read(answer.strip())
        except Wrong as wrong:
            near = f"; did you mean {wrong.near}?" if wrong.near else ""
            raise typer.BadParameter(f"{_told(answer, wrong)}{near}", param_hint=option) from None
        self.answers[option] = answer
        return found

    def is_agreed(self, words: str, *, default: bool = False, silent: bool | None = None) -> bool:
        """A yes or a no; where nothing is asked it is `silent`, or the default."""
        if self.silent:
            return default if silent is None else silent
        return typer.confirm(words, default=default)

    def confirm(self, asking: Asking) -> bool:
        """Whether the sign-in may go to a host that asks for it."""
        if not self.silent:
            typer.echo(asking.words)
        return self.is_agreed("Sign in there?", default=asking.is_own)

    def password(self) -> str:
        if self.silent:
            raise typer.BadParameter("with --yes give --password-stdin or --password-from")
        return str(typer.prompt("Password (not shown)", hide_input=True))


def _told(answer: str, wrong: Exception) -> str:
    """What is wrong with an answer, and what would be right."""
    from ackd.config.value_error import Wrong, shown

    assert isinstance(wrong, Wrong)
    found = "this" if wrong.hide else shown(answer)
    parts = [f"{found} can't be used", wrong.detail, f"allowed: {wrong.allowed}" if wrong.allowed else ""]
    return "; ".join(part for part in parts if part)


def of_key(key: str, complete: Callable[[str], str] = str.strip) -> Callable[[str], str]:
    """A reader for a text that the configuration has at a key; `complete` makes of an answer what is meant
    for certain."""

    def read(answer: str) -> str:
        from ackd.config.one_value import read_value

        text = complete(answer)
        found = read_value(key, text)
        return found if isinstance(found, str) else text

    return read


def listed(key: str, *, may_be_empty: bool = True) -> Callable[[str], list[str]]:
    """A reader for what is listed with commas, such as domains; "none" is nothing."""

    def read(answer: str) -> list[str]:
        from ackd.config.meant import several
        from ackd.config.one_value import read_value
        from ackd.config.value_error import Wrong

        found = [] if answer.strip().lower() in ("", "none") else several(answer)
        if not found and not may_be_empty:
            raise Wrong(allowed="at least one")
        try:
            return [str(one) for one in read_value(key, found)]
        except Wrong as wrong:
            near = ", ".join(_mended(key, found)) if wrong.near else None
            raise Wrong(wrong.detail, allowed=wrong.allowed, near=near, hide=wrong.hide) from None

    return read


def _mended(key: str, found: list[str]) -> list[str]:
    """The list with what is likely meant in place of what can't be used."""
    from ackd.config.one_value import read_value
    from ackd.config.value_error import Wrong

    mended = []
    for one in found:
        try:
            read_value(key, [one])
            mended.append(one)
        except Wrong as wrong:
            mended.append(wrong.near or one)
    return mended


def likely(read: Callable[[str], T], meant: Callable[[str], str | None]) -> Callable[[str], T]:
    """The same reader, which proposes what such an answer likely means."""

    def with_proposal(answer: str) -> T:
        from ackd.config.value_error import Wrong

        try:
            return read(answer)
        except Wrong as wrong:
            near = meant(answer) or wrong.near
            raise Wrong(wrong.detail, allowed=wrong.allowed, near=near, hide=wrong.hide) from None

    return with_proposal
