"""What all sections of the configuration have in common."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, model_validator

from ackd.config import addresses, durations, field_types
from ackd.model import Address, Duration

Flag = Annotated[bool, field_types.FLAG]
Count = Annotated[int, field_types.COUNT]
Text = Annotated[str, field_types.TEXT]
Category = Annotated[str, field_types.CATEGORY]
Mail = Annotated[str, addresses.ADDRESS]
Contact = Annotated[Address, addresses.CONTACT]
Span = Annotated[Duration, durations.DURATION]
PositiveSpan = Annotated[Duration, durations.POSITIVE_DURATION]
ClockSpan = Annotated[Duration, durations.CLOCK_DURATION]

Language = Literal["en", "de", "fr", "es", "nl", "it", "pt"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
"""The languages that ackd can have, by their ISO 639-1 codes."""


class Section(BaseModel):
    """A part of the configuration: frozen, and nothing in it that isn't declared.

    A section that is there but empty has all its defaults.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_default(cls, data: Any) -> Any:
        return {} if data is None else data
