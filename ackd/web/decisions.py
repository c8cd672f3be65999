"""What was decided of each mail, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ackd.engine import hold, lessons
from ackd.engine import unanswered as orders
from ackd.engine.colleagues import Rehearsal
from ackd.errors import UsageError
from ackd.model import Mail, ValueKey, Veto
from ackd.model.log import LogFilter
from ackd.ports import Mailbox
from ackd.runtime.ledgers import shared_ledger
from ackd.runtime.read_only_app import ReadOnlyApp
from ackd.text.signs import written
from ackd.views import decisions as view
from ackd.views import log
from ackd.views.explain import Explanation, explain_mail
from ackd.views.unanswered import Unanswered, offer, why_none_goes
from ackd.web.guard import FRAMED, form_of
from ackd.web.site import Site, did, message_id_of

_MOST_FOUND = 100  # mails that a search for words in subjects brings
_YEARS = range(1990, 3000)  # far from the ends of what can be counted
_UNKNOWN = "the record has no decision on this mail"
_EMPTY = view.Found((), has_more=False)


def decisions(site: Site, request: Request) -> Response:
    """All decisions, the newest first, a page at a time."""
    query = request.query_params
    with site.look() as look:
        calendar, ledger = look.settings.calendar, look.ledger
        words, trouble = written(query.get("q", "")).strip()[:200], ""
        named: frozenset[str] = frozenset()
        if words and ledger is not None:
            read = site.reader.search(words, _MOST_FOUND)
            named, trouble = frozenset(read.mails), read.trouble
        wanted = view.Wanted(
            show=_show(query.get("show", "")),
            words=words,
            named=named,
            rule=query.get("rule", ""),
            day=_day(query.get("day", "")),
            before=_moment(query.get("before", "")),
        )
        found = view.find(ledger, wanted, calendar.zone, calendar.local) if ledger else _EMPTY
        read = site.reader.mails([entry.message_id for entry in found.entries])
        entries = found.entries
        if ledger is not None and not read.trouble:
            entries = log.with_subjects(entries, read.mails, ledger)
        return site.page(
            request,
            "decisions.html",
            when=site.times(look),
            wanted=wanted,
            shows=list(view.Show),
            rules=log.rule_names(look.settings),
            entries=entries,
            senders={name: mail.sender for name, mail in read.mails.items()},
            probability=view.probability,
            has_more=found.has_more,
            read_trouble=trouble or read.trouble,
        )


def decision(site: Site, request: Request) -> Response:
    """One mail, taken apart. Raises UsageError where the record doesn't have it."""
    name = message_id_of(request)
    with site.look() as look:
        ledger, calendar = look.ledger, look.settings.calendar
        wanted = LogFilter(message_ids=(name,))
        entry = next(iter(log.log(ledger, wanted, calendar.local)), None)
        if entry is None or ledger is None:
            raise UsageError(_UNKNOWN)
        found, trouble = site.reader.ask(lambda look, mailbox: _seen(look, mailbox, name))
        mail, seen = (found.mail, found.explanation) if found else (None, None)
        (named,) = log.with_subjects([entry], {name: mail} if mail else {}, ledger)
        is_secret = mail is not None and mail.sensitivity.is_secret
        is_readable = mail is not None and not is_secret
        text = mail.text if mail and is_readable else ""
        snapshot = ledger.snapshots([name]).get(name)
        return site.page(
            request,
            "decision.html",
            when=site.times(look),
            entry=entry,
            subject="" if trouble and named.subject == log.GONE else named.subject,
            mail=mail,
            is_secret=is_secret,
            has_html=bool(mail and mail.html and is_readable),
            seen=seen,
            pieces=view.pieces(text, view.sentence(seen.findings) if seen else ""),
            probability=view.probability(entry.findings),
            vetoes=[f for f in entry.findings if isinstance(f, Veto)],
            weighed=[f for f in entry.findings if not isinstance(f, Veto)],
            changed=seen is not None and seen.acknowledge != entry.acknowledge,
            promise=snapshot.promise if snapshot else None,
            offer=found.offer if found else None,
            mode=look.settings.mode,
            said=lessons.read(ledger.value(ValueKey.SAID)).get(name),
            is_ordered=name in orders.ordered(ledger)[1],
            read_trouble=trouble,
            is_gone=mail is None and not trouble,
        )


def mail_frame(site: Site, request: Request) -> Response:
    """What the mail looks like, for a frame in which nothing of it runs or loads. Raises UsageError."""
    name = message_id_of(request)
    read = site.reader.mails([name])
    mail = read.mails.get(name)
    if mail is None or mail.html is None or mail.sensitivity.is_secret:
        raise UsageError(read.trouble or "there is nothing to show of this mail")
    return framed(mail.html)


def framed(html: str) -> Response:
    """Somebody else's HTML, for a frame."""
    headers = {"content-security-policy": FRAMED}
    return HTMLResponse(html.encode("utf-8", "replace"), HTTPStatus.OK, headers)


def say(site: Site, request: Request) -> Response:
    """As `ackd lessons say`. Raises UsageError for a mail that the record doesn't have."""
    form = form_of(request)
    name, word = form.get("message_id", ""), form.get("word", "")
    if word not in ("question", "none"):
        raise UsageError("say whether it was a question")
    with shared_ledger(site.config, site.clock) as shared:
        if not shared.ledger.known([name]):
            raise UsageError(_UNKNOWN)
        lessons.say(shared.ledger, name, asks=word == "question")
    return did(request, f"said-{word}")


@dataclass(frozen=True, slots=True)
class _Seen:
    """The mail as the mailbox has it, what ackd would make of it today (as `ackd explain`), and the letter
    that could be ordered for it."""

    mail: Mail
    explanation: Explanation
    offer: Unanswered | None


def _seen(look: ReadOnlyApp, mailbox: Mailbox, name: str) -> _Seen | None:
    mail, now = mailbox.mails([name]).get(name), look.clock.now()
    if mail is None or look.ledger is None:
        return None
    look.learn()
    settings = Rehearsal(mailbox, now).looked_up(look.settings, mail)
    explanation = explain_mail(mail, look.ledger, settings, mail.received)
    held = hold.current(look.ledger)
    can_go = not why_none_goes(settings.mode, held) and name not in orders.ordered(look.ledger)[1]
    return _Seen(mail, explanation, offer(mailbox, look.ledger, settings, now, mail) if can_go else None)


def _show(text: str) -> view.Show:
    return view.Show(text) if text in list(view.Show) else view.Show.ALL


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo and found.year in _YEARS else None
