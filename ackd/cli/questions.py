"""Questions at a terminal, each checked when it is answered; and each an option, so that nothing need be
asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import typer

if TYPE_CHECKING:
    from ackd.config.value_error import Wrong
    from ackd.model.hosts import Asking

T = TypeVar("T")


@dataclass
class Questions:
    """Asks a person, unless the answer was given (by option) or nothing is to be asked (`silent`). `kept` are
    answers of an earlier try, by the option of their question: they are proposed again. `answers` are this
    try's."""

    silent: bool
    given: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)

    def check(self, readers: Mapping[str, Callable[[str], Any]]) -> None:
        """Look at what was given before anything is done with it. Raises BadParameter."""
        for option, answer in self.given.items():
            if option in readers:
                self._read(option, answer, readers[option])

    def ask(self, option: str, words: str, default: str | None, read: Callable[[str], T]) -> T:
        """The answer, read. `read` raises Wrong for one that can't be used: a person is asked again, with
        what is likely meant as the proposal; a script is told. `default` None: there must be an answer."""
        if option in self.given:
            return self._read(option, self.given[option], read)
        if not self.silent:
            return self._asked(option, words, self.kept.get(option, default), read)
        if default is None:
            raise typer.BadParameter(f"{words}: with --yes this must be given", param_hint=option)
        return self._read(option, default, read)

    def ask_again(self, option: str, words: str, default: str, read: Callable[[str], T]) -> T:
        """Of a person, whatever was given: it turned out to be of no use."""
        return self._asked(option, words, default, read)

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

    def secret(self, words: str) -> str:
        if self.silent:
            raise typer.BadParameter("with --yes give --password-stdin or --password-from")
        return str(typer.prompt(words, hide_input=True))


def _told(answer: str, wrong: Wrong) -> str:
    """What is wrong with an answer, and what would be right."""
    from ackd.config.value_error import shown

    found = "this" if wrong.hide else shown(answer)
    parts = [f"{found} can't be used", wrong.detail, f"allowed: {wrong.allowed}" if wrong.allowed else ""]
    return "; ".join(part for part in parts if part)
