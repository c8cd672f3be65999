"""Moments as the owner's language writes them, for templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from markupsafe import Markup, escape

from ackd.babel_dates import format_timedelta
from ackd.clock import in_zone
from ackd.letters.dates import at_a_glance, day_in_words, in_words

_JUST_NOW = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Times:
    """Moments by a clock in `zone`, in a language; `now` is the present one."""

    now: datetime
    zone: tzinfo
    language: str = "en"

    def glance(self, moment: datetime) -> Markup:
        """The short form, the year where it isn't this one."""
        local = moment.astimezone(self.zone)
        year = "" if local.year == self.now.astimezone(self.zone).year else f" {local.year}"
        return self._marked(local, at_a_glance(local, self.language) + year)

    def words(self, moment: datetime) -> Markup:
        """In full, with the weekday."""
        local = moment.astimezone(self.zone)
        return self._marked(local, in_words(local, self.language, self.now))

    def day(self, day: date) -> Markup:
        """A day in full."""
        noon = datetime.combine(day, time(12), self.zone)
        said = day_in_words(noon, self.language, self.now)
        return Markup('<time datetime="{}" lang="{}">{}</time>').format(day.isoformat(), self.language, said)

    def hour(self, moment: datetime) -> Markup:
        """The hour alone."""
        local = moment.astimezone(self.zone)
        return self._marked(local, f"{local:%H:%M}")

    def ago(self, moment: datetime) -> Markup:
        """How long ago it was, or how far ahead it is."""
        local = moment.astimezone(self.zone)
        if abs(moment - self.now) < _JUST_NOW:
            return self._marked(local, "just now", "en")
        said = format_timedelta(moment - self.now, add_direction=True, locale=self.language)
        return self._marked(local, said)

    def said(self, words: str) -> Markup:
        """Words with moments in UTC in them, by the owner's clock."""
        return escape(in_zone(words, self.zone))

    def _marked(self, local: datetime, words: str, language: str = "") -> Markup:
        shown = Markup('<time datetime="{}" lang="{}">{}</time>')
        return shown.format(local.isoformat(timespec="seconds"), language or self.language, words)
