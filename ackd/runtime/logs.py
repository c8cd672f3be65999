"""What is logged, and in what form: ackd's own lines with their `event=` field, one each, plain or as JSON.

Libraries are told apart by their loggers' names and not heard: at DEBUG exchangelib logs bodies and the
Authorization header, urllib3 paths and broken headers, and any of them may put a mail's text into an error.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import IO, Any

from ackd.clock import in_zone

#: APScheduler says at WARNING that a pass takes longer than the poll interval, which is no news.
_HEARD = {"ackd": logging.DEBUG, "apscheduler": logging.ERROR}
_FIELD = re.compile(r"([a-z][a-z_-]*)=(\S*?)(?=[\s:]|$)")

FORMATS = ("plain", "json")
#: What stands in each line beside its own fields, such as which mailbox it is about.
_BESIDE: ContextVar[str] = ContextVar("beside", default="")


@contextmanager
def beside(**fields: object) -> Iterator[None]:
    """All lines of ackd's in here have these fields, too, after their event."""
    before = _BESIDE.set("".join(f" {key}={value}" for key, value in fields.items()))
    try:
        yield
    finally:
        _BESIDE.reset(before)


def start_logging(level: int, form: str = "plain", stream: IO[str] | None = None) -> None:
    """Log to standard error (or a stream), where journald reads it."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else PlainLines())
    handler.addFilter(OwnLines())
    logging.raiseExceptions = False  # a line that can't be formatted would be shown with all its values
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)


class OwnLines(logging.Filter):
    """Lets ackd's own records through, and of a library that warns only that it did."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= _HEARD.get(_top(record), logging.WARNING)


class PlainLines(logging.Formatter):
    """One line a record: time, level, and the words; times are this machine's."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).astimezone()
        return f"{at.isoformat(timespec='milliseconds')} {record.levelname} {in_zone(_words(record))}"


class JsonLines(logging.Formatter):
    """One JSON object a record: `time` (UTC, ISO 8601), `level`, `logger`, `event`, the fields of the
    line, and `message` for the rest of it."""

    def format(self, record: logging.LogRecord) -> str:
        fields, words = split(_words(record))
        line: dict[str, Any] = {
            "time": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            **{
                key: value
                for key, value in fields.items()
                if key not in ("time", "level", "logger", "message")
            },
            "message": words,
        }
        return json.dumps(line, ensure_ascii=False)


def split(words: str) -> tuple[dict[str, str], str]:
    """The fields with which a line begins, and what follows them."""
    fields: dict[str, str] = {}
    at = 0
    while (form := _FIELD.match(words, at)) is not None:
        fields[form[1]] = form[2]
        at = form.end()
        if words[at : at + 1] != " ":
            break
        at += 1
    return fields, words[at:].removeprefix(":").strip()


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _top(record: logging.LogRecord) -> str:
    return record.name.partition(".")[0]


def _words(record: logging.LogRecord) -> str:
    """The record's text on one line. Of an exception only its type and place: its text may be a mail's."""
    if _top(record) not in _HEARD:
        return (
            f"event=library logger={record.name}: a library warned; its words may hold mail and aren't shown"
        )
    words = " ".join(record.getMessage().split())
    if (fields := _BESIDE.get()) and (event := _FIELD.match(words)):
        words = f"{words[: event.end()]}{fields}{words[event.end() :]}"
    error = record.exc_info[1] if record.exc_info else None
    return f"{words} ({type(error).__name__} at {_place(error)})" if error is not None else words


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else "?"
