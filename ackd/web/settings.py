"""Rules and settings: the configuration, what is wrong with it, what it would change, earlier versions."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ackd.config.problems import Broken, tell
from ackd.errors import AckdError, ConfigError, UsageError
from ackd.model import Always
from ackd.runtime.config_check import Checked, check
from ackd.runtime.config_store import ConfigStore, Stored
from ackd.runtime.ledgers import clock_of
from ackd.views.rehearsal import Change
from ackd.web.guard import form_of
from ackd.web.rehearsals import named
from ackd.web.site import Site, did, whole_number

_WHICH = "say which version"


def settings(site: Site, request: Request) -> Response:
    """The text as it is saved."""
    stored = _stored(site)
    return _shown(site, request, stored, stored.text, stored.seen)


def change(site: Site, request: Request) -> Response:
    """Check another text, try it on the past, or save it: by the button that was pressed."""
    form, stored = form_of(request), _stored(site)
    text = form.get("text", "").replace("\r\n", "\n")  # as it was typed: forms have their own ends of lines
    seen, act = form.get("seen", ""), form.get("act", "check")
    data = stored.encoded(text)
    if act == "save":
        try:
            saved = ConfigStore(site.config).save(data, seen, clock_of(site.clock).now())
        except ConfigError as error:
            return _shown(site, request, stored, text, seen, trouble=str(error))
        done = "saved" if saved.kept is not None else "same"
        return RedirectResponse(f"/settings?did={done}", HTTPStatus.SEE_OTHER)
    if act == "rehearse" and check(data, site.config).can_be_used:
        site.rehearsals.begin(data)
    return _shown(site, request, stored, text, seen)


def version(site: Site, request: Request) -> Response:
    """What differs from an earlier version to what is saved. Raises UsageError."""
    store, number = ConfigStore(site.config), whole_number(request.query_params.get("number", ""), _WHICH)
    rows = [_row(line) for line in store.diff(number).splitlines()]
    return site.page(request, "version.html", number=number, rows=rows)


def restore(site: Site, request: Request) -> Response:
    """As `ackd config restore`. Raises UsageError, ConfigError."""
    number = whole_number(form_of(request).get("number", ""), _WHICH)
    saved = ConfigStore(site.config).restore(number, clock_of(site.clock).now())
    done = "restored" if saved.kept is not None else "same"
    return RedirectResponse(f"/settings?did={done}", HTTPStatus.SEE_OTHER)


def sender_rule(site: Site, request: Request) -> Response:
    """As `ackd rule never` and `always`, of one address. Raises UsageError, ConfigError."""
    form = form_of(request)
    word = form.get("word", "")
    if word not in list(Always):
        raise UsageError("say never, or always")
    edited, _ = ConfigStore(site.config).add_rule(
        form.get("address", ""), Always(word), clock_of(site.clock).now(), globs=False
    )
    return did(request, "rule" if edited.is_new else "rule-known")


def _stored(site: Site) -> Stored:
    try:
        stored = ConfigStore(site.config).read()
        _ = stored.text
    except Broken as broken:
        raise UsageError(tell(site.config, [broken.problem])) from None
    return stored


def _shown(
    site: Site, request: Request, stored: Stored, text: str, seen: str, *, trouble: str = ""
) -> Response:
    data = stored.encoded(text)
    checked = check(data, site.config)
    rehearsal = site.rehearsals.current
    return site.page(
        request,
        "settings.html",
        when=site.times_anyway(),
        text=text,
        seen=seen,
        file=_at_home(site.config),
        trouble=trouble if checked.can_be_used else "",
        checked=checked,
        problems=_problems(checked, text),
        is_changed=data != stored.data,
        rehearsal=rehearsal,
        is_of_this=rehearsal is not None and rehearsal.of == named(data),
        changes=list(Change),
        versions=_versions(site),
    )


def _problems(checked: Checked, text: str) -> list[tuple[int, int, str, str]]:
    """Line, column, what is wrong, and the line's text."""
    lines = text.splitlines()
    return [
        (p.line, p.column, p.what, lines[p.line - 1].strip() if 0 < p.line <= len(lines) else "")
        for p in sorted(set(checked.problems))
    ]


def _versions(site: Site) -> tuple[object, ...]:
    try:
        return ConfigStore(site.config).versions()
    except AckdError:  # told where one is asked for
        return ()


def _row(line: str) -> tuple[str, str]:
    """A line of a diff: what it is, and itself."""
    kinds = {"+": "added", "-": "removed", "@": "place"}
    is_head = line.startswith(("+++", "---"))
    return ("head" if is_head else kinds.get(line[:1], "same")), line


def _at_home(path: Path) -> str:
    """A path as people write it."""
    home, whole = Path.home(), path.absolute()
    return f"~/{whole.relative_to(home)}" if whole.is_relative_to(home) else str(whole)
