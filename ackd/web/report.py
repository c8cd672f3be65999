"""What became of the promises: the report that `ackd report --html` writes, as a page."""

from __future__ import annotations

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ackd.runtime.read_only_app import ReadOnlyApp
from ackd.views.report_page import ReportPage, report_page
from ackd.web.site import Site

#: Of how many days back a report may be asked for.
SPANS = (30, 90, 365)
_A_SECOND = timedelta(seconds=1)


def report(site: Site, request: Request) -> Response:
    """Of the last 30 days, unless more is asked for; by colleague only where that is asked for."""
    days, by_colleague = _wanted(request)
    with site.look() as look:
        made = _made(look, days, by_colleague=by_colleague)
        return site.page(request, "report.html", made=made, days=days, spans=SPANS, by_colleague=by_colleague)


def report_file(site: Site, request: Request) -> Response:
    """The same as one file to keep."""
    days, by_colleague = _wanted(request)
    with site.look() as look:
        made = _made(look, days, by_colleague=by_colleague)
        name = f"ackd-report-{look.settings.calendar.local_date(look.clock.now())}.html"
    kept = {"content-disposition": f'attachment; filename="{name}"'}
    return HTMLResponse(made.html.encode("utf-8", "replace"), headers=kept)


def _wanted(request: Request) -> tuple[int, bool]:
    query = request.query_params
    days = next((span for span in SPANS if query.get("days") == str(span)), SPANS[0])
    return days, query.get("by") == "colleague"


def _made(look: ReadOnlyApp, days: int, *, by_colleague: bool) -> ReportPage:
    now = look.clock.now()
    span = now - timedelta(days=days), now + _A_SECOND  # what was made this very second counts
    return report_page(look.ledger, look.settings, span, now, by_colleague=by_colleague)
