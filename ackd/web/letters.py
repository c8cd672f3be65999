"""Each letter in each language, as the colleague sees it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from ackd.errors import UsageError
from ackd.letters import NAMES
from ackd.model import LetterName
from ackd.runtime.read_only_app import ReadOnlyApp
from ackd.views.letters import Previewed, previewed
from ackd.web.decisions import framed
from ackd.web.site import Site


def letters(site: Site, request: Request) -> Response:
    """One letter in one language: the first ones, unless others are asked for."""
    with site.look() as look:
        made = _made(look, request)
        own = look.settings.letters
        return site.page(
            request,
            "letters.html",
            made=made,
            letter=made.letter,
            name=made.name,
            language=made.language,
            names=NAMES,
            languages=own.languages(),
            directory=own.directory,
            warnings=own.warnings(),
        )


def letter_frame(site: Site, request: Request) -> Response:
    """Its HTML, for a frame."""
    with site.look() as look:
        made = _made(look, request)
    return framed(made.letter.html)


def _made(look: ReadOnlyApp, request: Request) -> Previewed:
    """The letter about a made-up question. Raises UsageError."""
    letters, query = look.settings.letters, request.query_params
    languages = letters.languages()
    usual = letters.language or "en"
    name = query.get("letter", LetterName.RECEIVED.value)
    language = query.get("language", usual if usual in languages else languages[0])
    if name not in NAMES or language not in languages:
        raise UsageError("there is no such letter, or none in this language")
    return previewed(look.settings, LetterName(name), language, look.clock.now())
