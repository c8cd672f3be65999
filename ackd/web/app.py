"""Which page is where."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from ackd.errors import AckdError
from ackd.web import decisions, lessons, letters, report, settings, today
from ackd.web.guard import Guard, refusal
from ackd.web.site import Page, Site, static_files

_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_GET: tuple[tuple[str, Page], ...] = (
    ("/", today.today),
    ("/unanswered", today.unanswered),
    ("/decisions", decisions.decisions),
    ("/decisions/{name:path}", decisions.decision),
    ("/mail/{name:path}", decisions.mail_frame),
    ("/lessons", lessons.lessons),
    ("/letters", letters.letters),
    ("/letter", letters.letter_frame),
    ("/report", report.report),
    ("/report/file", report.report_file),
    ("/settings", settings.settings),
    ("/settings/version", settings.version),
)
_POST: tuple[tuple[str, Page], ...] = (
    ("/pause", today.pause),
    ("/resume", today.resume),
    ("/parked", today.resolve),
    ("/order", today.order),
    ("/lesson", decisions.say),
    ("/lessons/undo", lessons.undo),
    ("/lessons/switch", lessons.switch),
    ("/rule", settings.sender_rule),
    ("/settings", settings.change),
    ("/settings/restore", settings.restore),
)


def pages(site: Site, host: str) -> ASGIApp:
    """All pages, behind the guard."""
    routes = [Route("/static/{name}", _static)]
    routes += [Route(path, _drawn(page, site)) for path, page in _GET]
    routes += [Route(path, _drawn(page, site), methods=["POST"]) for path, page in _POST]
    inner = Starlette(routes=routes, exception_handlers={HTTPStatus.NOT_FOUND: _nowhere, Exception: _fault})
    return Guard(inner, site.entrance, host)


def _drawn(page: Page, site: Site) -> Callable[[Request], Response]:
    def draw(request: Request) -> Response:
        try:
            return page(site, request)
        except AckdError as error:
            return site.problem(request, error)

    return draw


def _static(request: Request) -> Response:
    name = request.path_params["name"]
    found = static_files().get(name)
    kind = _TYPES.get(name.rpartition(".")[2], "text/plain")
    if found is None:
        return refusal(HTTPStatus.NOT_FOUND, "There is no such file.")
    kept = {"cache-control": "private, max-age=86400"}
    return Response(found, media_type=kind, headers=kept)


def _fault(request: Request, error: Exception) -> Response:
    """What the log tells with its place, in a sentence."""
    words = "A mistake of ackd's own: the terminal of `ackd review` says where. Please report it."
    return refusal(HTTPStatus.INTERNAL_SERVER_ERROR, words)


def _nowhere(request: Request, error: Exception) -> Response:
    return refusal(HTTPStatus.NOT_FOUND, "There is no such page.")
