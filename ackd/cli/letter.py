"""`ackd letter`: the letters that colleagues get, to look at before they get them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ackd.cli.exits import exits
from ackd.cli.options import ClockOption, ConfigOption, JsonOption, config_path
from ackd.cli.render import dumped, shown
from ackd.errors import ExitStatus

if TYPE_CHECKING:
    from ackd.engine.triage import Settings
    from ackd.letters import Rendered
    from ackd.model import LetterName, Promise
    from ackd.runtime.read_only_app import ReadOnlyApp

LARGEST = 100 * 1024 * 1024  # bytes of a file that are read

app = typer.Typer(
    name="letter", help="The letters that colleagues get: see them, and their values.", no_args_is_help=True
)


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """The letters, their languages, and the values that templates may show."""
    from ackd.letters import NAMES, VARIABLES, Letters

    languages = Letters().languages()
    if as_json:
        values = {name: {"meaning": m, "example": e} for name, (m, e) in VARIABLES.items()}
        typer.echo(
            dumped(
                {
                    "letters": {name.value: said for name, said in NAMES.items()},
                    "languages": languages,
                    "values": values,
                }
            )
        )
        return
    typer.echo("Letters:")
    for letter, meaning in NAMES.items():
        typer.echo(f"  {letter:18}{meaning}")
    typer.echo(f"Languages: {', '.join(languages)}")
    typer.echo("Values of templates:")
    for name, (meaning, sample) in VARIABLES.items():
        typer.echo(f"  {name:18}{meaning}; for example: {sample}")
    typer.echo(
        "Your own templates go before these: put them into the folder letters.directory as\n"
        'LANGUAGE/LETTER.txt.j2, with a first line "Subject: …"; `ackd config check` checks them.'
    )


@app.command()
@exits(
    ExitStatus.DONE,
    ExitStatus.NO_QUESTION,
    no_input="the file can't be read",
    wrong="your own template can't be used (the packaged one is shown)",
)
def preview(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE.eml", help="The question; without it a made-up one.")
    ] = None,
    letter: Annotated[
        str | None,
        typer.Option("--letter", metavar="NAME", help="Which letter; default: the one that would be sent."),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option("--language", metavar="CODE", help="In which language; default: as it would be sent."),
    ] = None,
    open_: Annotated[
        bool, typer.Option("--open", help="Write the HTML to a file and open it in the browser.")
    ] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    clock: ClockOption = None,
) -> None:
    """Show a letter as colleagues get it, as text and as HTML. Nothing is sent."""
    from ackd.model import LetterName
    from ackd.runtime.read_only_app import ReadOnlyApp
    from ackd.views.letters import previewed

    with ReadOnlyApp(config_path(config), clock) as look:
        _check(letter, language, look.settings)
        promise, now = _promise(file, look, language)
        name = LetterName(letter) if letter else _usual(promise, look.settings, now)
        code = language or look.settings.letters.language or promise.question.language
        made = previewed(look.settings, name, code, now, promise).letter
        _show(made, name, code, promise, as_json=as_json)
        if open_:
            _open(made)
    for words in look.settings.letters.warnings():
        typer.echo(f"ackd: note: {words}", err=True)
    if made.fell_back:
        typer.echo(f"ackd: your template can't be used: {made.fell_back}", err=True)
        raise typer.Exit(ExitStatus.WRONG)


def _check(letter: str | None, language: str | None, settings: Settings) -> None:
    from ackd.letters import NAMES

    if letter is not None and letter not in NAMES:
        raise typer.BadParameter(
            f"there is no letter {letter!r}; letters are: {', '.join(NAMES)}", param_hint="--letter"
        )
    languages = settings.letters.languages()
    if language is not None and language not in languages:
        raise typer.BadParameter(
            f"there are no letters in {language!r}; there are: {', '.join(languages)}",
            param_hint="--language",
        )


def _promise(file: Path | None, look: ReadOnlyApp, language: str | None) -> tuple[Promise, datetime]:
    """The promise that the letter is about, and the moment at which it is written."""
    from ackd.views.letters import sample

    settings = look.settings
    if file is None:
        now = look.clock.now()
        return sample(settings, language or settings.letters.language, now), now
    return _of_file(file, settings)


def _of_file(file: Path, settings: Settings) -> tuple[Promise, datetime]:
    """As if the mail had just arrived."""
    from ackd.views.explain import judge_file

    name = str(file).encode("utf-8", "replace").decode("utf-8")
    try:
        with file.open("rb") as source:
            raw = source.read(LARGEST)
    except OSError as error:
        typer.echo(f"ackd: {name}: can't be read: {error.strerror or error}", err=True)
        raise typer.Exit(ExitStatus.NO_INPUT) from None
    judged, at = judge_file(raw, settings)
    if judged.planned is None:
        typer.echo(f"ackd: {name}: it has no sender, so no letter could answer it", err=True)
        raise typer.Exit(ExitStatus.NO_QUESTION)
    if not judged.verdict.acknowledge:
        typer.echo(f"ackd: {name}: it would be left alone; `ackd explain` says why", err=True)
    return judged.planned.promise, at


def _usual(promise: Promise, settings: Settings, now: datetime) -> LetterName:
    """The letter that would be sent."""
    from ackd.model import LetterName

    name = promise.question.letter
    away = name is LetterName.RECEIVED and settings.absence.is_away(settings.calendar, now)
    return LetterName.ABSENT if away else name


def _show(made: Rendered, name: LetterName, code: str, promise: Promise, *, as_json: bool) -> None:

    to = shown(promise.question.asker.email)
    if as_json:
        found: dict[str, Any] = {"letter": name, "language": code, "to": to, "subject": made.subject}
        found |= {"text": made.text, "html": made.html, "fell_back": made.fell_back or None}
        typer.echo(dumped(found))
        return
    typer.echo(f"To: {to}\nSubject: {made.subject}\n\n{made.text}")
    typer.echo(f"--- HTML ---\n{made.html}")


def _open(made: Rendered) -> None:
    """For the owner's eyes alone: the file is readable by nobody else."""
    import os
    import tempfile

    handle, name = tempfile.mkstemp(prefix="ackd-letter-", suffix=".html")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(made.html)
    typer.echo(f"written to {name}", err=True)
    typer.launch(name)
