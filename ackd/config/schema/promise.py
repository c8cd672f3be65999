"""The sections `promise` and `tasks`: when the owner will answer, and how the desk shows it."""

from __future__ import annotations

from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationInfo, field_validator

from ackd.config import days, durations, hours
from ackd.config.schema.base import (
    Category,
    Contact,
    Count,
    Flag,
    Language,
    PositiveSpan,
    Section,
    Span,
    Text,
)
from ackd.model import Duration, Unit, WhenAway, WorkingHours


class Holidays(Section):
    """The public holidays of a country, or of a part of it."""

    country: Annotated[str, days.COUNTRY] = Field(
        description="The country, by its two letters (ISO 3166-1).", examples=["DE"]
    )
    subdivision: Text | None = Field(
        default=None, description="The state or province, by its code (ISO 3166-2) or name.", examples=["BY"]
    )

    @field_validator("subdivision")
    @classmethod
    def _is_known(cls, subdivision: str | None, info: ValidationInfo) -> str | None:
        if subdivision is None or "country" not in info.data:
            return subdivision
        return days.check_subdivision(info.data["country"], subdivision)


class Promises(Section):
    """When the owner will answer: what an acknowledgement promises."""

    within: PositiveSpan = Field(
        default=Duration(2, Unit.BUSINESS_DAYS), description="An answer comes within this time."
    )
    urgent: PositiveSpan = Field(
        default=Duration(4, Unit.BUSINESS_HOURS), description="The same for urgent questions."
    )
    no_rush: PositiveSpan = Field(
        default=Duration(5, Unit.BUSINESS_DAYS), description="The same for questions that say they can wait."
    )
    working_hours: Annotated[WorkingHours | Literal["mailbox"], hours.WORKING_HOURS] = Field(
        default=hours.MAILBOX,
        description="When the owner works: as the mailbox's settings say, or by weekday "
        '({mon-thu: "09:00-12:30, 13:15-17:30", fri: "09:00-15:00"}); days that aren\'t named are free.',
    )
    time_zone: Annotated[ZoneInfo | Literal["mailbox"], days.ZONE] = Field(
        default=hours.MAILBOX,
        description="The owner's time zone: as the mailbox's settings say, or an IANA name.",
    )
    holidays: Holidays | None = Field(
        default=None,
        description="Public holidays, on which the owner doesn't work.",
        examples=[{"country": "DE", "subdivision": "BY"}],
    )
    extra_holidays: Annotated[tuple[days.ExtraHoliday, ...], days.EXTRA_HOLIDAYS] = Field(
        default=(), description="More free days: dates, or {date: name}."
    )
    absences: Annotated[tuple[days.DateRange, ...] | Literal["calendar", "none"], days.ABSENCES] = Field(
        default=days.CALENDAR,
        description="When the owner is away: by the mailbox's calendar (out of office, busy all day), in the "
        "ranges listed, or never.",
    )
    absence_contact: Contact | None = Field(default=None, description="Whom to ask while the owner is away.")
    when_away: WhenAway = Field(
        default=WhenAway.TASK,
        description="While the owner is away: make the task only (the mailbox's own out-of-office reply is "
        "enough), or acknowledge too.",
    )
    per_day: Count = Field(
        default=8,
        description="So many promises fall on one day at most; then the next working day. A deadline that "
        "can be met goes before this.",
    )
    grace: Annotated[Duration | Literal["end of day"], durations.GRACE] = Field(
        default=Duration(2, Unit.BUSINESS_HOURS),
        description="Wait so long before acknowledging; the owner's own answer makes it needless.",
    )
    grace_urgent: Span = Field(
        default=Duration(15, Unit.MINUTES), description="The same for urgent questions."
    )


class Tasks(Section):
    """The Outlook task that stands for a promise."""

    reminder: Span = Field(
        default=Duration(2, Unit.BUSINESS_HOURS),
        description="Remind the owner so long before the promised moment.",
    )
    category: Category = Field(default="Promised", description="The category of the tasks.")
    language: Literal["mailbox", Language] = Field(
        default=hours.MAILBOX,
        description="The language of your tasks, their titles too: your mailbox's own, by the name of its "
        "inbox, or always the same.",
    )
    calendar_entry: Flag = Field(
        default=False, description="Also an appointment, shown as free, on the promised moment."
    )
