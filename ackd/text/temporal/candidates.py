"""What may state a deadline: each moment behind a word such as "by", and those that need none, from the first
token of a text to the last. Whether it is meant is decided in `deadline`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from ackd.text.temporal.durations import end_of, is_clock, span_at
from ackd.text.temporal.moments import moment_at, resolved
from ackd.text.temporal.stated_moment import Found, Setting
from ackd.text.temporal.vocabulary import Words
from ackd.text.tokens import Token

NONE, HOUR, DAY = "none", "hour", "day"  # kinds of candidates beside those of cues
_CUES = frozenset(("strong", "by", "before", "until"))  # after these a number alone may be an hour
_NEAR = 25  # tokens from a moment to the "before that" which means it
_MOST_BEFORE_EVENT = 7  # tokens between "before" and what is waited for
WEAK = frozenset(("weak", "soft", "bare", DAY))


@dataclass(frozen=True, slots=True)
class Candidate:
    """Tokens [start, end) that may state a deadline, and the kind of their cue; `moment` is None
    where it is over already."""

    start: int
    end: int
    kind: str
    moment: datetime | None


@dataclass(frozen=True, slots=True)
class _Named:
    """The moment that was named last, and the token at which that ends: what "before that" means."""

    found: Found
    end: int


class Candidates:
    """What may state a deadline, from the first token to the last."""

    def __init__(self, tokens: list[Token], words: Words, setting: Setting) -> None:
        self._tokens, self._words, self._setting = tokens, words, setting
        self._named: _Named | None = None

    def __iter__(self) -> Iterator[Candidate]:
        k, may_state = 0, self._words.may_state
        while k < len(self._tokens):
            token = self._tokens[k]
            if token not in may_state and token.kind != "number":
                k += 1
                continue
            found = self._denied(k) or self._after_cue(k) or self._then(k) or self._without_cue(k)
            if found:
                yield found
            k = found.end if found else k + 1

    def _denied(self, k: int) -> Candidate | None:
        """ "not before Thursday" """
        never = self._words.phrases("never").at(self._tokens, k)
        if never is None or self._words.table("periods").at(self._tokens, k):
            return None  # "after the weekend"
        found = None if self._is_reminder(k) else self._moment(never[1])
        return Candidate(k, found.end, NONE, None) if found else None

    def _is_reminder(self, k: int) -> bool:
        """Whether "not" belongs to "forget" shortly before."""
        near = self._tokens[max(k - _MOST_BEFORE_EVENT, 0) : k]
        return any(token in self._words.set_of("forget") for token in near)

    def _then(self, k: int) -> Candidate | None:
        """ "before that", "by then", of a moment that was named shortly before."""
        then = self._words.table("then").at(self._tokens, k)
        if then is None or self._named is None or k - self._named.end > _NEAR:
            return None
        goes_on = then[1] < len(self._tokens) and self._tokens[then[1]].kind == "word"
        if goes_on and self._tokens[k] in self._words.cues.first_words:
            return None  # "la prima bozza" isn't "prima"
        named = self._named.found
        until = (
            self._beginning(named) if then[0] == "before" else resolved(named, self._setting, before=False)
        )
        return Candidate(k, then[1], str(then[0]), until)

    def _after_cue(self, k: int) -> Candidate | None:
        cue = self._words.cues.at(self._tokens, k)
        if cue is None:
            return None
        kind, at = str(cue[0]), cue[1]
        if kind == "before" and (event := self._before_event(k, at)):
            return event
        if span := self._span(kind, k, at):
            return span
        found = self._moment(at, cued=kind in _CUES)
        if found is None or not _may_follow(kind, found):
            return None
        before = kind == "before" and not self._is_included(found.end)
        if before and found.numbered and found.day:  # "before week 49" is before its Monday
            found = replace(found, day=found.day - timedelta(days=found.day.weekday()), closed=False)
        end, latest = self._with_latest(found.end)
        kind = "strong" if latest else kind
        if not latest and (found.alone or kind == "soft"):
            kind = HOUR if found.alone else DAY
        return Candidate(k, end, kind, resolved(found, self._setting, before=before))

    def _span(self, kind: str, k: int, at: int) -> Candidate | None:
        """ "within two days"; "bis 17h" is none."""
        span = span_at(self._tokens, at, self._words) if kind in ("within", "soft", "by", "strong") else None
        if span is None or self._is_numbered(at):
            return None
        if kind in _CUES and is_clock(span, self._tokens, at, self._words):
            return None
        kind = "by" if kind == "within" else kind
        moment, end = end_of(span, self._setting), self._with_latest(span.end)[0]
        kind = "strong" if end > span.end else kind
        day = self._words.table("weekdays").at(self._tokens, self._after_noise(span.end))
        if span.unit == "week" and day:  # "in two weeks on Friday"
            number = int(str(day[0]).split()[0])
            date = self._setting.monday + timedelta(days=number + int(7 * span.count))
            moment, end = self._setting.moment(date, self._setting.end_of_work(date)), day[1]
        return Candidate(k, end, kind, moment)

    def _is_numbered(self, at: int) -> bool:
        """Whether "the week" goes on with its number."""
        found = self._moment(at)
        return found is not None and found.numbered

    def _before_event(self, k: int, at: int) -> Candidate | None:
        """ "before tomorrow's meeting", "vor der Sitzung am Freitag um 10 Uhr" """
        day = self._event_day(at)
        for start in range(at, min(at + _MOST_BEFORE_EVENT, len(self._tokens))):
            event = self._words.phrases("events").at(self._tokens, start)
            if event is None:
                continue
            found = day or self._moment(event[1])
            if found is None:
                return None
            if found.day is None and found.clock is None:
                return None
            more = self._moment(event[1], day=found) if day else None
            read = more or found
            hour = read if read.clock else self._hour_between(at, start, read)
            return Candidate(k, max(read.end, event[1]), "before", self._beginning(hour))
        return None

    def _event_day(self, at: int) -> Found | None:
        """The day of "tomorrow's", "Friday's", "der morgigen"."""
        at = self._after_noise(at)
        hit = self._words.table("day_adjectives").at(self._tokens, at)
        if hit:
            return Found(hit[1], self._setting.today + timedelta(days=int(str(hit[0]))))
        found = self._moment(at)
        if found is None or found.day is None:
            return None
        is_possessive = found.end < len(self._tokens) and self._tokens[found.end] == "s"
        return replace(found, end=found.end + 1) if is_possessive else None

    def _hour_between(self, at: int, event: int, found: Found) -> Found:
        """The hour in "before the 10am call tomorrow"."""
        reads = (self._moment(k) for k in range(at, event) if self._tokens[k].kind == "number")
        read = next((read for read in reads if read and read.clock), None)
        return replace(found, clock=read.clock, part=read.part) if read else found

    def _without_cue(self, k: int) -> Candidate | None:
        tokens, words = self._tokens, self._words
        names_itself = words.table("days").at(tokens, k) or words.table("periods").at(tokens, k)
        if not words.may_begin(tokens[k]) or (tokens[k] in words.set_of("noise") and not names_itself):
            return None
        found = self._moment(k)
        return self._without_cue_at(k, found) if found else None

    def _without_cue_at(self, k: int, found: Found) -> Candidate | None:
        if self._words.phrases("earliest").at(self._tokens, found.end):
            return Candidate(k, found.end, NONE, None)
        end, latest = self._with_latest(found.end)
        if not latest and (by := self._day_by_hour(k, found)):
            return by
        self._named = _Named(found, found.end) if found.day else self._named
        if not latest and not found.bare:
            return None
        kind = "strong" if latest else "bare"
        return Candidate(k, end, kind, resolved(found, self._setting, before=False))

    def _day_by_hour(self, k: int, found: Found) -> Candidate | None:
        """ "Wednesday before 3pm", "Friday, no later than noon": the day stands before the cue."""
        if found.day is None or found.numbered:
            return None
        inside = (self._words.cues.at(self._tokens, at) for at in range(k + 1, found.end))
        if any(hit and hit[0] in _CUES for hit in inside):  # read as a word that goes before an hour
            return Candidate(k, found.end, DAY, resolved(found, self._setting, before=False))
        if found.clock:
            return None
        verb = self._words.phrases("deliver").at(self._tokens, found.end)  # "Mittwoch schicken, vor 15 Uhr"
        start = verb[1] if verb else found.end
        places = range(start, self._after_noise(start) + 1)
        cue = next((hit for at in places if (hit := self._words.cues.at(self._tokens, at))), None)
        day = replace(found, bare=False)
        whole = self._moment(cue[1], cued=True, day=day) if cue and cue[0] in _CUES else None
        if cue is None or whole is None or (whole.clock is None and not whole.part) or whole.day != found.day:
            return None
        kind = "strong" if cue[0] == "strong" else DAY
        return Candidate(k, whole.end, kind, resolved(whole, self._setting, before=False))

    def _beginning(self, found: Found) -> datetime | None:
        """When what is named begins: at its hour, else with the day's work."""
        if found.clock or found.part or found.day is None:
            return resolved(found, self._setting, before=False)
        day = found.day + timedelta(days=7) if found.again else found.day
        spans = self._setting.hours.days[day.weekday()]
        moment = self._setting.moment(day, spans[0][0] if spans else time())
        return moment if moment > self._setting.at else resolved(found, self._setting, before=False)

    def _moment(self, k: int, *, cued: bool = False, day: Found | None = None) -> Found | None:
        return moment_at(self._tokens, k, self._words, self._setting, cued=cued, day=day)

    def _with_latest(self, k: int) -> tuple[int, bool]:
        """The place after "at the latest", and whether it stands at k; before a moment it belongs to that
        ("uiterlijk")."""
        latest = self._words.phrases("latest").at(self._tokens, k)
        return (latest[1], True) if latest and self._moment(latest[1]) is None else (k, False)

    def _after_noise(self, k: int) -> int:
        noise = self._words.set_of("noise") | {","}
        while k < len(self._tokens) and self._tokens[k] in noise:
            k += 1
        return k

    def _is_included(self, k: int) -> bool:
        """ "before the 15th inclusive" """
        k += k < len(self._tokens) and self._tokens[k] == "."
        return k < len(self._tokens) and self._tokens[k] in self._words.set_of("inclusive")


def _may_follow(kind: str, found: Found) -> bool:
    """Whether a moment goes with its cue: "in" with a week's number alone, "for week 49" with none."""
    if kind in ("soft", "weak"):
        return found.numbered is (kind == "soft")
    return kind != "within" or found.closed
