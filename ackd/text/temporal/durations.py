"""A span of time as people write it ("two business days", "48 h", "the next hour") → its end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from ackd.text.temporal.stated_moment import Setting
from ackd.text.temporal.vocabulary import Words
from ackd.text.tokens import Token

_MOST = 366  # of any unit
_FIRST_HOUR = 7  # "by 3h" may be a span, "by 17h" is none
_DECIMAL = re.compile(r"\d{1,3}\.\d")  # "1.50" is money, "1.12" a day
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Span:
    """So many of a unit (minute, hour, day, business, week, month), read up to token `end`."""

    end: int
    count: float
    unit: str


def span_at(tokens: Sequence[Token], k: int, words: Words) -> Span | None:
    """The span that begins at token k; None if there is none. Of a range ("2-3 days", "two or
    three days") the shorter end counts."""
    k, one = _skip(tokens, k, words)
    if whole := words.table("spans").at(tokens, k):
        size, unit_of_it = str(whole[0]).split()
        return Span(whole[1], float(size), unit_of_it)
    count, at = _number(tokens, k, words)
    half = words.phrases("and_half")
    if count is not None:
        if hit := half.at(tokens, at):
            count, at = count + 0.5, hit[1]
        at = _second_number(tokens, at, words) or at
    elif one:
        count, at = 1, k  # "within the hour"
    units = words.table("units")
    unit = units.at(tokens, at) or units.at(tokens, _skip(tokens, at, words)[0])
    if count is None or unit is None or not 0 < count <= _MOST or _is_hour_of_day(tokens, k, count, words):
        return None
    if at == k and unit[0] == "minute":
        return None  # "within the min", without a number
    if after := half.at(tokens, unit[1]):
        return Span(after[1], count + 0.5, str(unit[0]))
    return Span(unit[1], count, str(unit[0]))


def end_of(span: Span, setting: Setting) -> datetime:
    """When the span ends, in UTC: to the minute for minutes and hours, with the day's work for
    the rest (of a day and a half, the day's)."""
    if span.unit in ("minute", "hour"):
        return setting.at + timedelta(minutes=span.count * (1 if span.unit == "minute" else 60))
    day = _last_day(span, setting)
    return setting.moment(day, setting.end_of_work(day))


def _last_day(span: Span, setting: Setting) -> date:
    day = setting.today
    if span.unit == "business":
        left = int(span.count)
        while left:
            day += timedelta(days=1)
            left -= bool(setting.hours.days[day.weekday()])
        return day
    return day + timedelta(days=int(span.count * {"day": 1, "week": 7, "month": 30}[span.unit]))


def _is_hour_of_day(tokens: Sequence[Token], k: int, count: float, words: Words) -> bool:
    """ "até as 17h" is an hour of the day, "em 17 h" is a span."""
    return k > 0 and count <= 24 and tokens[k - 1] in words.set_of("hour_articles")


def is_clock(span: Span, tokens: Sequence[Token], k: int, words: Words) -> bool:
    """Whether a span that begins at token k behind a word such as "by" or "at" is an hour of the day: "17h",
    "about 17h"."""
    noise = words.set_of("noise")
    while k < span.end and tokens[k] in noise:
        k += 1
    is_hour = span.unit == "hour" and tokens[span.end - 1] in words.set_of("hour_ends") and span.end == k + 2
    return is_hour and tokens[k].kind == "number" and _FIRST_HOUR <= span.count < 24


def _skip(tokens: Sequence[Token], k: int, words: Words) -> tuple[int, bool]:
    """The place after "the", "next", …, and whether there was any of them."""
    coming, noise, marks = words.phrases("coming"), words.set_of("noise"), words.set_of("day_marks")
    start = k
    for _ in range(4):
        if hit := coming.at(tokens, k):
            k = hit[1]
        elif k < len(tokens) and tokens[k] in noise | marks:
            k += 1
        else:
            break
    return k, k > start


def _number(tokens: Sequence[Token], k: int, words: Words) -> tuple[float | None, int]:
    if k < len(tokens) and tokens[k].kind == "number":
        first = tokens[k].split("-")[0]
        if not first.isdigit():
            return (float(first), k + 1) if _DECIMAL.fullmatch(first) else (None, k)
        return (float(f"{first}.{tokens[k + 2]}"), k + 3) if _is_decimal(tokens, k) else (int(first), k + 1)
    hit = words.table("numbers").at(tokens, k)
    return (float(str(hit[0])), hit[1]) if hit else (None, k)


def _is_decimal(tokens: Sequence[Token], k: int) -> bool:
    """Whether "1,5" stands at k."""
    three = tokens[k : k + 3]
    touch = all(one.end == after.start for one, after in pairwise(three))
    return len(three) == 3 and touch and three[1] == "," and _DIGIT.fullmatch(three[2]) is not None


def _second_number(tokens: Sequence[Token], k: int, words: Words) -> int | None:
    """The place after "to three", "– 3"."""
    joined = k < len(tokens) and (
        tokens[k] in ("-", "–") or any(tokens[k] in words.set_of(one) for one in ("range", "or", "noise"))
    )
    number, end = _number(tokens, k + 1, words) if joined else (None, k)
    return end if number is not None else None
