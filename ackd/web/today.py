"""Today: what is promised, what waits and what settles it, and how ackd is."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from ackd.engine import hold, parked
from ackd.engine import unanswered as orders
from ackd.errors import ConfigError, UsageError
from ackd.ports import Mailbox
from ackd.runtime.ledgers import any_ledger, shared_ledger
from ackd.runtime.read_only_app import ReadOnlyApp
from ackd.views import agenda, alarms, status, waiting
from ackd.views import unanswered as without_letter
from ackd.web.guard import form_of
from ackd.web.site import Site, did, paged, whole_number

_WHICH = "say which case, and whether it went out"


def today(site: Site, request: Request) -> Response:
    """The first page. Also where nothing was recorded yet."""
    with site.look() as look:
        settings, now, ledger = look.settings, look.clock.now(), look.ledger
        when = site.times(look)
        found = None
        if ledger is not None:
            with any_ledger(site.config, site.clock) as shared:
                found = status.status(ledger, shared.clock, is_alive=shared.is_alive)
        made = ledger.open_promises() if ledger else ()
        days = agenda.days_ahead(made, settings.calendar, settings.rules.per_day, now)
        return site.page(
            request,
            "today.html",
            when=when,
            today=settings.calendar.local_date(now),
            mode=settings.mode,
            status=found,
            alarms=alarms.by_kind(found.alarms, now, settings.calendar.zone) if found else (),
            days=days,
            overdue=[one for day in days for one in day.promises if one.overdue],
            count=sum(len(day.promises) for day in days),
            waits=waiting.waits(ledger, settings) if ledger else None,
            parked=status.parked(ledger) if ledger else (),
            absences=waiting.absences(settings, now),
            assumed=look.assumed.words,
            unlettered=len(orders.candidates(ledger, settings, now)) if ledger else 0,
        )


def unanswered(site: Site, request: Request) -> Response:
    """Questions without a letter, each with the letter that would go, a page at a time. Raises UsageError."""

    with site.look() as look:
        when, mode = site.times(look), look.settings.mode
        held = hold.current(look.ledger) if look.ledger else None
    found, trouble = site.reader.ask(
        lambda look, mailbox: (
            without_letter.find(mailbox, look.ledger, look.settings, look.clock.now()) if look.ledger else ()
        )
    )
    why = without_letter.why_none_goes(mode, held)
    listed, skip = paged(request, found or ())
    return site.page(
        request,
        "unanswered.html",
        when=when,
        found=listed,
        skip=skip,
        count=len(found or ()),
        trouble=trouble,
        why_not=why,
        mode=mode,
    )


def _offered(look: ReadOnlyApp, mailbox: Mailbox, name: str) -> without_letter.Unanswered | None:
    mail = mailbox.mails([name]).get(name)
    if mail is None or look.ledger is None:
        return None
    return without_letter.offer(mailbox, look.ledger, look.settings, look.clock.now(), mail)


# --- the owner's word -----------------------------------------------------------------------------


def pause(site: Site, request: Request) -> Response:
    """As `ackd pause`."""
    with shared_ledger(site.config, site.clock) as shared:
        hold.pause(shared.ledger, shared.clock.now())
    return did(request, "paused")


def resume(site: Site, request: Request) -> Response:
    """As `ackd resume`."""
    with shared_ledger(site.config, site.clock) as shared:
        hold.resume(shared.ledger, shared.clock.now())
    return did(request, "resumed")


def resolve(site: Site, request: Request) -> Response:
    """As `ackd parked resolve`. Raises UsageError."""
    form = form_of(request)
    number, word = whole_number(form.get("number", ""), _WHICH), form.get("word", "")
    if word not in ("sent", "send"):
        raise UsageError(_WHICH)
    with shared_ledger(site.config, site.clock) as shared:
        parked.resolve(shared.ledger, shared.clock, number, send=word == "send")
    return did(request, "again" if word == "send" else "done")


def order(site: Site, request: Request) -> Response:
    """As `ackd unanswered --send`, of one mail whose letter was shown. Raises ConfigError where nothing is
    sent, and UsageError where none can go."""
    name = form_of(request).get("message_id", "")
    with site.look() as look:
        if look.ledger is None:
            raise UsageError("nothing was recorded yet")
        if why := without_letter.why_none_goes(look.settings.mode, hold.current(look.ledger)):
            raise ConfigError(why)
        if name in orders.ordered(look.ledger)[1]:  # by a second click
            return did(request, "ordered")
    offered, trouble = site.reader.ask(lambda look, mailbox: _offered(look, mailbox, name))
    if offered is None:
        raise UsageError(trouble or "no letter can be ordered for this mail any more")
    with shared_ledger(site.config, site.clock) as shared:
        orders.order(shared.ledger, [name])
    return did(request, "ordered")
