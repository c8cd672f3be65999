"""What the mails to the owner say, as one language says it (its `letters.txt`). Names in braces are filled
in."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from babel import Locale

from ackd.letters.filled import filled, texts
from ackd.model import (
    DOUBTFUL,
    DRAFT_UNKNOWN,
    TASK_GONE,
    TASK_UNKNOWN,
    TASK_VANISHED,
    UNKNOWABLE,
    AlarmKind,
    EffectKind,
)

#: A phrase for one thing and for several, as the language counts (Unicode's plural rules: one, few, other);
#: {n} is how many.
Counted = tuple[str, ...]
_REASONS = {
    "unknowable": UNKNOWABLE,
    "task_vanished": TASK_VANISHED,
    "task_gone": TASK_GONE,
    "task_unknown": TASK_UNKNOWN,
    "draft_unknown": DRAFT_UNKNOWN,
    "doubtful": DOUBTFUL,
}
_Kind = TypeVar("_Kind", bound=enum.Enum)


@dataclass(frozen=True, slots=True)
class OwnerWords:
    """One language's phrases. `{when}` is a moment at a glance, `{age}` how long ago ("3 days ago"),
    `{day}` a day in words, `{who}` a person, `{category}` the name of a command category."""

    code: str  # ISO 639-1
    quote: str  # the question's line, in this language's quotation marks: {line}

    # what is counted in a subject
    alarms: Counted
    overdue: Counted
    today: Counted
    following: Counted
    drafts: Counted
    parked: Counted
    news: str  # nothing of these, but something happened

    # the digest's parts: title and advice
    title: str  # {day}
    alarms_title: str
    overdue_title: str
    overdue_advice: str
    today_title: str
    following_title: str  # {day}
    drafts_title: str
    drafts_advice: str
    limited_title: str
    limited_advice: str  # {category}
    close_title: str
    close_advice: str  # {category}
    preview_title: str
    preview: Counted
    acknowledged_title: str
    waiting_title: str
    waiting_advice: str
    dropped_title: str
    dropped_advice: str
    deleted_title: str
    deleted_advice: str
    parked_title: str
    parked_advice: str
    bounced_title: str
    bounced_advice: str
    more: Counted

    # a promise's line
    promised: str  # {when}
    planned: str  # {when}; nobody is known to have been told
    no_letter: str
    would_promise: str  # {when}
    nothing_promised: str
    asked: str  # {age}
    open_mail: str
    open_draft: str
    private: str
    kinds: Mapping[EffectKind, str]

    # what can be done
    ways_title: str
    answer: str
    move_tell: str
    move_ask: str
    move_ignore: str
    tick: str
    categories: str  # {cannot_help}, {need_more}, {not_a_question}
    closing: str

    # overdue
    overdue_subject: str  # {who}
    overdue_intro: str  # {who}, {when}
    overdue_untold: str  # {who}, {when}; nobody is known to have been told
    overdue_list_subject: Counted
    message_title: str

    # sending is held
    hold_title: str
    hold_per_hour: Counted
    hold_per_day: Counted
    hold_since: str  # {when}
    hold_meaning: str
    hold_ways: str

    # urgent drafts
    urgent_subject: str  # {who}
    urgent_list_subject: Counted
    urgent_intro: Counted
    urgent_advice: str

    # trouble; {detail} is in the words of whoever met it
    config_trouble: str
    template_trouble: str
    list_trouble: str  # {detail} is the list's address
    folder_trouble: str

    # why a case is shown to a person; what isn't known here is told as it was recorded
    reasons: Mapping[str, str]

    # alarms: titles, what is the matter, since when, and what to begin with
    needs_you: str
    is_over: str
    is_test: str
    over_intro: str
    times: Counted
    ends_on: str  # {day}
    since: str  # {when}
    since_hours: Counted  # {when}
    was: str  # {since}, {over}
    begin_with: str  # {command}
    alarms_say: Mapping[AlarmKind, str]

    def counted(self, phrase: Counted, number: int, **values: str) -> str:
        """The phrase for so many, by the language's own plural."""
        form = Locale(self.code).plural_form(number)
        place = 0 if form == "one" else 1 if form == "few" else -1
        return phrase[place].format(n=number, **values)


@cache
def owner_words(language: str) -> OwnerWords:
    """The words in a language; English for one without letters of its own. Raises ValueError for a language's
    file that lacks one of them."""
    code, said = texts(language, "owner")
    kinds, reasons, alarms = (texts(language, section)[1] for section in ("effects", "reasons", "alarms"))
    return filled(
        OwnerWords,
        said,
        code=code,
        kinds=_by_kind(EffectKind, kinds),
        reasons={_REASONS[name]: text for name, text in reasons.items()},
        alarms_say=_by_kind(AlarmKind, alarms),
    )


def _by_kind(kinds: type[_Kind], said: Mapping[str, str]) -> dict[_Kind, str]:
    return {kinds[name.upper()]: text for name, text in said.items()}
