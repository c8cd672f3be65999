"""Each letter in each language, as the colleague sees it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from ackd.errors import UsageError
from ackd.letters import NAMES, Rendered
from ackd.letters.preview import example, preview
from ackd.model import LetterName
from ackd.runtime.read_only_app import ReadOnlyApp
from ackd.web.decisions import framed
from ackd.web.site import Site


def letters(site: Site, request: Request) -> Response:
    """One letter in one language: the first ones, unless others are asked for."""
    with site.look() as look:
        made, name, language = _made(look, request)
        own = look.settings.letters
        return site.page(
            request,
            "letters.html",
            letter=made,
            name=name,
            language=language,
            names=NAMES,
            languages=own.languages(),
            directory=own.directory,
            warnings=own.warnings(),
        )


def letter_frame(site: Site, request: Request) -> Response:
    """Its HTML, for a frame."""
    with site.look() as look:
        made, _, _ = _made(look, request)
    return framed(made.html)


def _made(look: ReadOnlyApp, request: Request) -> tuple[Rendered, LetterName, str]:
    """The letter about a made-up question, as `ackd letter preview` shows it. Raises UsageError."""
    s, query = look.settings, request.query_params
    languages = s.letters.languages()
    usual = s.letters.language or "en"
    name = query.get("letter", LetterName.RECEIVED.value)
    language = query.get("language", usual if usual in languages else languages[0])
    if name not in NAMES or language not in languages:
        raise UsageError("there is no such letter, or none in this language")
    now = look.clock.now()
    promise = example(s.calendar, s.rules.within, now, language)
    found = LetterName(name)
    made = preview(found, language, promise, s.letters, s.owner, s.calendar, s.absence, now)
    return made, found, language
