"""A promise never falls after a stated wish unnoticed: it is in time, or its letter says that it isn't."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ackd.letters import Letters, letter
from ackd.letters.dates import in_words
from ackd.model import Address, Duration, Facts, Mail, Owner, Request, Unit, Urgency
from ackd.promise.plan import PromiseRules, plan, replan
from ackd.text.languages import LANGUAGES
from ackd.text.temporal.deadline import stated
from tests.letters.values import CALENDAR
from tests.plays import many
from tests.promise.tables import lines

LETTERS = Letters()
OWNER = Owner("alice@corp.example", "Alice Smith")
RULES = PromiseRules(
    within=Duration(2, Unit.BUSINESS_DAYS),
    urgent=Duration(4, Unit.BUSINESS_HOURS),
    no_rush=Duration(5, Unit.BUSINESS_DAYS),
    reminder=Duration(2, Unit.BUSINESS_HOURS),
    grace=Duration(2, Unit.BUSINESS_HOURS),
    grace_urgent=Duration(15, Unit.MINUTES),
    per_day=2,
)
WISHES = [
    (language, text)
    for language in LANGUAGES
    for kind in ("wishes", "deadlines")
    for wanted, text in lines(kind, language)
    if wanted != "none"
]
SPANS = [
    Duration(0, Unit.MINUTES),
    Duration(1, Unit.BUSINESS_HOURS),
    Duration(1, Unit.BUSINESS_DAYS),
    Duration(9, Unit.BUSINESS_DAYS),
]


@settings(max_examples=many(150))
@given(
    wish=st.sampled_from(WISHES),
    minute=st.integers(0, 21 * 24 * 60),
    late=st.sampled_from([0, 0, 5, 100, 3000, 9000]),
    again=st.sampled_from([0, 0, 200, 5000]),
    within=st.sampled_from(SPANS),
    urgency=st.sampled_from(Urgency),
    full=st.dictionaries(st.integers(0, 12), st.integers(0, 4)),
)
def test_a_promise_is_in_time_or_its_letter_says_that_it_is_not(
    *,
    wish: tuple[str, str],
    minute: int,
    late: int,
    again: int,
    within: Duration,
    urgency: Urgency,
    full: dict[int, int],
) -> None:
    language, text = wish
    received = datetime(2026, 11, 16, tzinfo=UTC) + timedelta(minutes=minute)
    wished = stated(text, language, received, CALENDAR.zone, CALENDAR.hours)
    if wished is None:
        return  # over by then
    now = received + timedelta(minutes=late)
    mail = Mail("<q@corp.example>", received, "Budget", Address("bob@corp.example", "Bob Jones"))
    asked = Facts(mail, OWNER, (), text, language, Request(0.9, text), urgency, True, False, 1)
    load = {CALENDAR.local_date(now) + timedelta(days=n): count for n, count in full.items()}
    rules = replace(RULES, within=within)
    planned = plan(asked, wished.moment, CALENDAR, rules, now, load)
    leaves = planned.effects[0].not_before + timedelta(minutes=again)
    promise = replan(planned.promise, CALENDAR, rules, leaves)
    told = letter(promise, OWNER, CALENDAR, LETTERS, leaves).text
    says_so = in_words(CALENDAR.local(wished.moment), language, leaves) in told
    assert says_so or promise.due <= wished.moment, (wished, promise.due, told)
