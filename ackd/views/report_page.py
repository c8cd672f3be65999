"""The report to look at: chapters with a picture and its table each, as parts of a page and as a file of its
own, without script and without anything from elsewhere. Whatever comes from a mail is cleaned and escaped
here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ackd.engine import questions
from ackd.engine.triage import Settings
from ackd.letters.dates import day_at_a_glance, day_in_words
from ackd.letters.filled import spoken
from ackd.letters.sanitize import one_line
from ackd.model import Course
from ackd.ports import Ledger
from ackd.views.agenda import Day, days_ahead
from ackd.views.charts import Bar, Chart, Piece, svg
from ackd.views.corrections import Corrections, Level, Said, corrections
from ackd.views.report import Figures, Pace, Report, report

#: A picture has at most so many weeks, the latest; the table has them all.
MOST_WEEKS = 53
#: So many of the latest lessons are counted; of acts that say less than this (a draft is sent easily) none.
MOST_LESSONS, _CLEAR = 10_000, 0.5
_LONGEST = 120  # of names
_LONGEST_ADDRESS = 64


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads; the first cell of each row names it, in `language` where that isn't English."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    language: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the report. `name` is its own on a page."""

    name: str
    title: str
    words: tuple[str, ...]
    picture: Markup | None = None
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Dates:
    """Days as the owner's language writes them, by the owner's clock."""

    language: str
    zone: tzinfo
    now: datetime

    def short(self, day: date) -> str:
        """ "Thu 26 Nov", with its year where that isn't this one."""
        return day_at_a_glance(self._noon(day), self.language, self.now)

    def long(self, moment: datetime) -> Markup:
        """The day in words."""
        local = moment.astimezone(self.zone)
        said = day_in_words(local, self.language, self.now)
        return Markup('<time datetime="{}" lang="{}">{}</time>').format(local.date(), self.language, said)

    def _noon(self, day: date) -> datetime:
        return datetime.combine(day, time(12), self.zone)


@dataclass(frozen=True, slots=True)
class ReportPage:
    """All that the report says."""

    title: str
    about: Markup
    chapters: tuple[Chapter, ...]

    @property
    def parts(self) -> Markup:
        """The chapters as parts of an HTML page, which wants `style` and a class `report` around them."""
        return Markup(_environment().get_template("report_parts.html.j2").render(chapters=self.chapters))  # noqa: S704

    @property
    def html(self) -> str:
        """A file of its own."""
        template = _environment().get_template("report.html.j2")
        return template.render(title=self.title, about=self.about, parts=self.parts, style=style())


def style() -> Markup:
    """The style sheet of the parts."""
    return Markup((files("ackd.views") / "templates" / "report.css").read_text(encoding="utf-8"))  # noqa: S704


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("ackd.views"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


def report_page(
    ledger: Ledger | None,
    settings: Settings,
    span: tuple[datetime, datetime],
    now: datetime,
    *,
    by_colleague: bool = False,
) -> ReportPage:
    """The report of the promises made within a span (the end exclusive), and of what lies ahead."""
    calendar = settings.calendar
    since, until = (calendar.local(moment) for moment in span)
    courses: Sequence[Course] = ledger.courses(*span) if ledger else ()
    found = report(courses, calendar, since, until, now, by_colleague=by_colleague)
    ahead = days_ahead(ledger.open_promises() if ledger else (), calendar, settings.rules.per_day, now)
    language = questions.known_language(ledger, settings) if ledger else spoken(settings.owner_language)
    dates = Dates(language, calendar.zone, now)
    last = until - timedelta(microseconds=1)
    about = Markup("Promises made from {} to {}, as of {}.").format(*map(dates.long, (since, last, now)))
    lessons = ledger.lessons(MOST_LESSONS) if ledger else ()
    told = corrections(
        [Said(one.traits.chance, one.act.asks) for one in lessons if one.act.strength >= _CLEAR],
        settings.policy.threshold,
    )
    chapters = [_weeks(found, dates), _paces(found), _ahead(ahead, dates), _said(told)]
    if found.by_colleague is not None:
        chapters.append(_colleagues(found.by_colleague))
    owner = one_line(settings.owner.name, _LONGEST)
    return ReportPage(f"What became of {owner}'s promises", about, tuple(chapters))


# --- the chapters -------------------------------------------------------------------------------

_ENDS: tuple[tuple[str, str, Callable[[Figures], int]], ...] = (
    ("kept", "kept in time", lambda f: f.kept_in_time),
    ("late", "kept late", lambda f: f.kept_late),
    ("open", "open", lambda f: f.open - f.overdue),
    ("overdue", "overdue", lambda f: f.overdue),
    ("dropped", "dropped", lambda f: f.dropped),
    ("withdrawn", "withdrawn", lambda f: f.withdrawn),
)
_HEAD = ("made", *(words for _, words, _ in _ENDS), "moved", "median answer, in working hours")


def _weeks(found: Report, dates: Dates) -> Chapter:
    total = found.total
    ends = ", ".join(f"{count(total)} {words}" for _, words, count in _ENDS)
    moved = f"{total.moved} {'was' if total.moved == 1 else 'were'} moved"
    words = [f"{_count(total.made, 'promise')}: {ends}; {moved}."]
    if found.untold:
        words.append(f"Of {found.untold} no date is known to have been told to the colleague.")
    if found.referred:
        words.append(
            f"{_count(found.referred, 'letter')} referred elsewhere, or said that you can't help: "
            "nothing was promised."
        )
    title = "Kept, late, moved, dropped"
    if not total.made:
        return Chapter("weeks", title, ("No promise was made.",))
    weeks = [(dates.short(_monday(name)), figures) for name, figures in found.by_week]
    shown = weeks[-MOST_WEEKS:]
    bars = tuple(Bar(name, _pieces(f), f"{f.moved} moved" if f.moved else "") for name, f in shown)
    chart = Chart("weeks", "Promises by the week in which they were made", words[0], bars, _legend(total))
    rows = ((name, *_row(f)) for name, f in [*weeks])
    head = ("week of", *_HEAD)
    table = Table("By the week in which they were made", head, tuple(rows), dates.language)
    return Chapter("weeks", title, tuple(words), svg(chart), table)


def _pieces(figures: Figures) -> tuple[Piece, ...]:
    return tuple(Piece(kind, count(figures), str(count(figures))) for kind, _, count in _ENDS)


def _legend(total: Figures) -> tuple[tuple[str, str], ...]:
    return tuple((kind, words) for kind, words, count in _ENDS if count(total))


def _row(figures: Figures) -> tuple[str, ...]:
    answer = figures.median_answer
    hours = "–" if answer is None else f"{answer / timedelta(hours=1):.1f}"
    counts = (figures.made, *(count(figures) for _, _, count in _ENDS), figures.moved)
    return (*map(str, counts), hours)


_PACES = {
    Pace.QUARTER: ("kept", "up to a quarter"),
    Pace.HALF: ("kept", "up to half"),
    Pace.THREE_QUARTERS: ("kept", "up to ¾"),
    Pace.WHOLE: ("kept", "up to all of it"),
    Pace.LATE: ("late", "up to 1½ times"),
    Pace.LATER: ("late", "longer"),
}


def _paces(found: Report) -> Chapter:
    title = "Time to the answer against the promise"
    answers = sum(count for _, count in found.paces)
    if not answers:
        return Chapter("paces", title, ("No promise was kept yet by an answer.",))
    in_time = sum(count for pace, count in found.paces if _PACES[pace][0] == "kept")
    words = (
        f"{_count(answers, 'answer')}, {in_time} of them by the promised date: how much of the promised "
        "working time "
        "each took, from the question's arrival on."
    )
    bars = tuple(
        Bar(_PACES[pace][1], (Piece(_PACES[pace][0], count, str(count)),), "" if count else "0")
        for pace, count in found.paces
    )
    legend = (("kept", "in time"), ("late", "late"))
    chart = Chart("paces", "Answers by the share of the promised time that they took", words, bars, legend)
    rows = tuple((_PACES[pace][1], str(count), f"{count / answers:.0%}") for pace, count in found.paces)
    table = Table("Answers by the share of the promised time", ("share", "answers", "of all"), rows)
    return Chapter("paces", title, (words,), svg(chart), table)


def _ahead(days: Sequence[Day], dates: Dates) -> Chapter:
    overdue = sum(one.overdue for day in days for one in day.promises)
    due = sum(len(day.promises) for day in days)
    words = f"{_count(due, 'promise')} open, {overdue} overdue; and the room that the next working days have."
    bars = tuple(
        Bar(
            dates.short(day.day),
            (
                Piece("overdue", late := sum(one.overdue for one in day.promises), str(late)),
                Piece("open", len(day.promises) - late, str(len(day.promises) - late)),
                Piece("room", day.room, str(day.room)),
            ),
        )
        for day in days
    )
    legend = (("overdue", "overdue"), ("open", "open"), ("room", "room"))
    chart = Chart("ahead", "Open promises and room by day", words, bars, legend)
    rows = tuple((bar.label, *(str(round(piece.size)) for piece in bar.pieces)) for bar in bars)
    table = Table("Open promises by day", ("day", "overdue", "open", "room"), rows, dates.language)
    return Chapter("ahead", "Load ahead", (words,), svg(chart), table)


def _said(found: Corrections) -> Chapter:
    title = "How sure ackd was, and what you said"
    if not found.count:
        words = "So far you said of no mail that it asks for something, or that it doesn't."
        return Chapter("said", title, (words,))
    words = (
        f"So far you said of {_count(found.count, 'mail')} whether something is asked: by how probable "
        "ackd held it. "
        f"At today's threshold, and without what it learned, {found.missed} would be left by mistake, and "
        f"{found.mistaken} taken by mistake."
    )
    about = (
        "A line stands where the division would be if the probabilities were right. These are mails that you "
        "corrected or confirmed, near or beyond the threshold, and no sample of all: of those you said "
        "nothing."
    )
    bars = tuple(
        Bar(
            _level(level),
            (Piece("kept", level.asks, ""), Piece("dropped", level.others, "")),
            f"{level.asks} of {level.count}" if level.count else "0",
            level.mean * level.count if level.count else None,
        )
        for level in found.levels
    )
    legend = (("kept", "ask, by your word"), ("dropped", "don't"))
    chart = Chart("said", "What you said of mails, by ackd's probability", words, bars, legend)
    rows = tuple(
        (_level(level), str(level.asks), str(level.others), *_shares(level)) for level in found.levels
    )
    head = ("probability", "ask", "don't", "mean probability", "ask, of all")
    table = Table("What you said of mails, by the probability that they ask", head, rows)
    return Chapter("said", title, (words, about), svg(chart), table)


def _level(level: Level) -> str:
    return f"{level.low:.0%} to {level.high:.0%}"


def _shares(level: Level) -> tuple[str, str]:
    return (f"{level.mean:.0%}", f"{level.asks / level.count:.0%}") if level.count else ("–", "–")


def _colleagues(found: Sequence[tuple[str, Figures]]) -> Chapter:
    rows = tuple((one_line(name, _LONGEST_ADDRESS), *_row(figures)) for name, figures in found)
    table = Table("By the asker's address, most promises first", ("colleague", *_HEAD), rows)
    return Chapter("colleagues", "By colleague", ("Shown since you asked for it.",), None, table)


def _monday(week: str) -> date:
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (number != 1)}"
