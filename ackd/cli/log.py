"""`ackd log`: what was decided, why, and what became of it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from ackd.cli import terminal
from ackd.cli.moments import moment
from ackd.cli.options import ClockOption, ConfigOption, JsonOption, config_path
from ackd.cli.render import dumped, entry_as_json, rule_as_json, shown, verdict_word
from ackd.clock import in_zone
from ackd.text.signs import are_written

if TYPE_CHECKING:
    from rich.text import Text

    from ackd.errors import AckdError
    from ackd.model.log import LogFilter
    from ackd.runtime.read_only_app import ReadOnlyApp
    from ackd.views.log import Entry

DEFAULT_SINCE = "7d"
#: How many decisions `--follow` begins with, unless more is asked for.
FIRST = 10
#: Seconds between two looks at the record.
PAUSE = 1.0

_Since = Annotated[
    str | None,
    typer.Option(
        metavar="WHEN",
        help="Decided since: a span back (12h, 7d, 2w), a date or a moment.",
        show_default=DEFAULT_SINCE,
    ),
]
_Until = Annotated[
    str | None,
    typer.Option(metavar="WHEN", help="Decided until: likewise; a date means its end.", show_default="now"),
]
_Acknowledged = Annotated[
    bool, typer.Option("--acknowledged", help="Only mails that were to be acknowledged.")
]
_Left = Annotated[bool, typer.Option("--left", help="Only mails that were left.")]
_Rule = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME", help="Only where this rule had its say (or this rule of yours). Repeatable: any."
    ),
]
_Sender = Annotated[
    str | None, typer.Option(metavar="GLOB", help="Only from senders like this: bob@*, *@corp.example.")
]
_Limit = Annotated[
    int | None, typer.Option(metavar="N", min=1, help="At most so many, the newest.", show_default="all")
]
_Subjects = Annotated[
    bool,
    typer.Option(
        "--subjects",
        help="Read the subjects from the mailbox (this asks the server); what can't be read is told.",
    ),
]
_Rules = Annotated[
    bool,
    typer.Option(
        "--rules",
        help="List ackd's rules instead (with --rule only these): what each is for, and what it means that "
        "it has its say.",
    ),
]
_Own = Annotated[
    bool, typer.Option("--own", help="Also ackd's own mails to you: digests, notices and alarms.")
]
_Follow = Annotated[
    bool,
    typer.Option(
        "--follow",
        "-f",
        help=f"Go on until Ctrl-C: show each decision when it is taken. Begins with the newest {FIRST},"
        " unless --since or --limit says more.",
    ),
]
_NoPager = Annotated[
    bool, typer.Option("--no-pager", help="On a terminal: print all at once, not by $PAGER.")
]


def log(
    since: _Since = None,
    until: _Until = None,
    acknowledged: _Acknowledged = False,
    left: _Left = False,
    rule: _Rule = None,
    sender: _Sender = None,
    limit: _Limit = None,
    subjects: _Subjects = False,
    own: _Own = False,
    rules: _Rules = False,
    follow: _Follow = False,
    no_pager: _NoPager = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    clock: ClockOption = None,
) -> None:
    """List what ackd decided, by which rule, with which letter and promised date, and what became of it;
    the newest last.

    Reads the record alone, which keeps no subjects of what was left or only previewed; with --subjects
    the mailbox is asked for them. With --json one object a line. Colours (unless NO_COLOR is set) and
    $PAGER (unless empty) are for terminals alone.
    """
    from ackd.model.log import LogFilter
    from ackd.runtime.read_only_app import ReadOnlyApp

    if rules:
        _refuse_filters(since, until, sender, limit, acknowledged, left, subjects, own, follow)
        terminal.show(_rules(rule or (), as_json=as_json), paged=not (no_pager or as_json))
        return
    for hint, text in (("--sender", sender or ""), *(("--rule", name) for name in rule or ())):
        if not are_written(text):
            raise typer.BadParameter(f"{text!r} has signs that none has", param_hint=hint)
    if acknowledged and left:
        raise typer.BadParameter("no mail is both: say one of them", param_hint="--acknowledged/--left")
    if follow and until:
        raise typer.BadParameter("what goes on has no end: say one of them", param_hint="--follow/--until")
    with ReadOnlyApp(config_path(config), clock) as look:
        begin, end = _span(look, since, until)
        wanted = LogFilter(
            since=begin,
            until=end,
            acknowledged=(True if acknowledged else False if left else None),
            rules=tuple(rule or ()),
            sender=sender or "",
            own=own,
            limit=FIRST if follow and not (since or limit) else limit,
        )
        reader = _Reader(look, subjects=subjects)
        entries = reader.read(wanted)
        if not entries:
            _check_names(wanted.rules, look)
        terminal.show(_text(entries, as_json=as_json), paged=not (no_pager or follow or as_json))
        if follow:
            _go_on(reader, wanted, entries, as_json=as_json)
        elif not entries and not as_json:
            _tell_none(wanted, look)
    if reader.problem:
        raise typer.Exit(reader.problem.exit_code)


def _span(look: ReadOnlyApp, since: str | None, until: str | None) -> tuple[datetime | None, datetime | None]:
    now, zone = look.clock.now(), look.settings.calendar.zone
    end = moment(until, now, zone, "--until", end_of_day=True) if until else None
    default = None if until else DEFAULT_SINCE
    begin = moment(since or default or "", now, zone, "--since") if since or default else None
    if begin and end and begin >= end:
        raise typer.BadParameter(f"nothing lies between {since} and {until}", param_hint="--since/--until")
    return begin, end


def _check_names(names: Sequence[str], look: ReadOnlyApp) -> None:
    """Where nothing was found: a name that no rule has is a mistake, and not silence."""
    from ackd.views.log import rule_names

    known = rule_names(look.settings)
    _check_known(names, known)


def _check_known(names: Iterable[str], known: Collection[str]) -> None:
    from ackd.config.value_error import nearest

    for name in names:
        if name not in known:
            near = nearest(name, known)
            said = f"did you mean {near!r}?" if near else f"there are: {', '.join(sorted(known))}"
            raise typer.BadParameter(f"no rule is called {name!r}: {said}", param_hint="--rule")


class _Reader:
    """Reads decisions, and their subjects from the mailbox where they are wanted. `problem` is what kept the
    subjects from being read last: it is told, and the decisions come without."""

    def __init__(self, look: ReadOnlyApp, *, subjects: bool) -> None:
        self._look, self._subjects = look, subjects
        self.problem: AckdError | None = None

    def read(self, wanted: LogFilter, known: Collection[Entry] = ()) -> tuple[Entry, ...]:
        """What is recorded, without what is known."""
        from ackd.views import log as view

        every = view.log(self._look.ledger, wanted, self._look.settings.calendar.local)
        seen = {(entry.message_id, entry.decided) for entry in known}
        entries = tuple(entry for entry in every if (entry.message_id, entry.decided) not in seen)
        return self._with_subjects(entries) if entries and self._subjects else entries

    def _with_subjects(self, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        from ackd.errors import AckdError
        from ackd.views.log import with_subjects

        assert self._look.ledger is not None
        try:
            with self._look.mailbox() as mailbox:
                mails = mailbox.mails([entry.message_id for entry in entries])
            found = with_subjects(entries, mails, self._look.ledger)
        except AckdError as error:
            if str(error) != str(self.problem):
                typer.echo(f"ackd: the subjects can't be read from the mailbox: {error}", err=True)
            self.problem = error
            return entries
        self.problem = None
        return found


def _go_on(reader: _Reader, wanted: LogFilter, entries: tuple[Entry, ...], *, as_json: bool) -> None:
    """Show what is decided from now on, until the person has seen enough."""
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            time.sleep(PAUSE)
            last = entries[-1].decided if entries else wanted.since
            new = reader.read(replace(wanted, since=last, limit=None), known=entries)
            terminal.show(_text(new, as_json=as_json), paged=False)
            entries = (*(one for one in entries if one.decided == last), *new)


# --- the rules ------------------------------------------------------------------------------------


def _refuse_filters(*given: object) -> None:
    if any(given):
        raise typer.BadParameter(
            "it lists rules, and no decisions: only --rule and --json go with it", param_hint="--rules"
        )


def _rules(names: Sequence[str], *, as_json: bool) -> str:
    """What rules are for, all of ackd's or those that are named."""
    from ackd.views.log import consequences, rules

    every = rules()
    _check_known(names, [one.name.value for one in every])
    wanted = [one for one in every if not names or one.name in names]
    if as_json:
        return "".join(f"{dumped(rule_as_json(one))}\n" for one in wanted)
    return "".join(f"{one.name}: {one.description}\n    {'; '.join(consequences(one))}\n" for one in wanted)


# --- as text --------------------------------------------------------------------------------------


def _tell_none(wanted: LogFilter, look: ReadOnlyApp) -> None:
    since = f" since {look.settings.calendar.local(wanted.since):%Y-%m-%d %H:%M}" if wanted.since else ""
    typer.echo(f"no such decision is recorded{since}" if look.ledger else "nothing is recorded yet")


def _text(entries: Iterable[Entry], *, as_json: bool) -> str:
    if as_json:
        return "".join(f"{dumped(entry_as_json(entry))}\n" for entry in entries)
    console = terminal.console()
    with console.capture() as captured:
        for entry in entries:
            if console.is_terminal:
                console.print(_styled(entry))
            else:
                console.print(line(entry), markup=False, emoji=False)
    return captured.get()


def line(entry: Entry) -> str:
    """One decision on one line."""
    return "  ".join(filter(None, (*_head(entry), *_said(entry), shown(entry.message_id))))


def _head(entry: Entry) -> tuple[str, str, str, str]:
    from ackd.model import Mode

    mode = "" if entry.mode == Mode.SEND else f" ({entry.mode})"
    return (
        f"{entry.decided:%Y-%m-%d %H:%M}",
        verdict_word(entry.acknowledge) + mode,
        shown(entry.sender, 120) or "-",
        f'"{shown(entry.subject, 120)}"' if entry.subject else "",
    )


def _said(entry: Entry) -> tuple[str, str, str, str]:
    """The rule, the letter, the date and what became of it; and the reason."""
    rules = shown(", ".join(entry.rules))
    return (
        f"rule {rules}" if rules else "",
        f"letter {entry.letter}" if entry.letter else "",
        in_zone(shown(entry.became), entry.decided.tzinfo),
        in_zone(shown(entry.reason), entry.decided.tzinfo) or "-",
    )


def _styled(entry: Entry) -> Text:
    """One decision as a terminal shows it: who and about what above, by which rule and what became of it
    below."""
    from rich.text import Text

    at, word, sender, subject = _head(entry)
    rule, letter, became, reason = _said(entry)
    text = Text(f"{at}  ")
    text.append(word, style="bold green" if entry.acknowledge else "dim")
    text.append(f"  {sender}", style="cyan").append(f"  {subject}" if subject else "", style="bold")
    for told in filter(None, ("  ".join(filter(None, (rule, letter))), became)):
        text.append(f"\n    {told}")
    return text.append(f"\n    {reason}  {shown(entry.message_id)}", style="dim")
