"""What the owner's corrections taught, and taking it back."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from ackd.engine import lessons as engine
from ackd.errors import UsageError
from ackd.model.log import LogFilter
from ackd.runtime.ledgers import shared_ledger
from ackd.views import log
from ackd.views.lessons import find
from ackd.web.guard import form_of
from ackd.web.site import Site, did, paged, whole_number


def lessons(site: Site, request: Request) -> Response:
    """All lessons, the newest first, as `ackd lessons` lists them, a page at a time. Raises UsageError."""
    with site.look() as look:
        ledger, local = look.ledger, look.settings.calendar.local
        if ledger is None:
            return site.page(request, "lessons.html", when=site.times(look), found=None)
        found = find(ledger, look.clock.now(), local)
        listed, skip = paged(request, found.lessons[::-1])
        names = tuple(one.message_id for one in listed)
        read = site.reader.mails(names)
        entries = log.log(ledger, LogFilter(message_ids=names), local)
        if not read.trouble:
            entries = log.with_subjects(entries, read.mails, ledger)
        return site.page(
            request,
            "lessons.html",
            when=site.times(look),
            found=found,
            listed=listed,
            skip=skip,
            mails={entry.message_id: entry for entry in entries},
            read_trouble=read.trouble,
        )


def undo(site: Site, request: Request) -> Response:
    """As `ackd lessons undo`, of one. Raises UsageError."""
    number = whole_number(form_of(request).get("number", ""), "say which lesson")
    with shared_ledger(site.config, site.clock) as shared:
        engine.forget(shared.ledger, [number])
    return did(request, "forgotten", "/lessons")


def switch(site: Site, request: Request) -> Response:
    """As `ackd lessons on` and `off`. Raises UsageError."""
    word = form_of(request).get("word", "")
    if word not in ("on", "off"):
        raise UsageError("say on, or off")
    with shared_ledger(site.config, site.clock) as shared:
        engine.switch(shared.ledger, shared.clock.now(), on=word == "on")
    return did(request, f"lessons-{word}", "/lessons")
