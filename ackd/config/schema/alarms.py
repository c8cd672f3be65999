"""The section `alarms`: how the owner hears that ackd stopped, or can't work."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ackd.config import alarm_urls, durations
from ackd.config.alarm_urls import AlarmUrl
from ackd.config.schema.base import Section
from ackd.config.secrets import Secret
from ackd.model import Duration, Unit


class Alarms(Section):
    """Ways to tell the owner that ackd stopped or can't work."""

    urls: tuple[Annotated[AlarmUrl | Secret, alarm_urls.URL], ...] = Field(
        default=(),
        description="Addresses in Apprise's form: ntfy, Teams, Telegram, mail by another server, and about a "
        "hundred more. An address with a token or password in it is better kept elsewhere, as a password is: "
        "[{env: ACKD_ALARM_URL}]. "
        "They need the package apprise (the extra alarms).",
    )
    heartbeat: Annotated[AlarmUrl | Secret, alarm_urls.HEARTBEAT] | None = Field(
        default=None,
        description="An address that is called at each pass, once a minute at most, in the manner of "
        "healthchecks: with /start before, as it is after success, with /fail after a failure. Whoever is "
        "behind it notices when the calls end, which ackd itself can't tell.",
    )
    command: Annotated[tuple[str, ...], alarm_urls.COMMAND] | None = Field(
        default=None,
        description="A program that is started with each alarm: the alarm as JSON on its standard input.",
    )
    silent_after: Annotated[Duration, durations.SILENCE] = Field(
        default=Duration(2, Unit.HOURS),
        description="The server doesn't answer, or doesn't let ackd in, for so long: that is an alarm.",
    )

    @property
    def secrets(self) -> tuple[tuple[str, Secret], ...]:
        """Where secrets are kept, by their keys."""
        named = (("alarms.urls", one) for one in self.urls)
        every = (*named, ("alarms.heartbeat", self.heartbeat))
        return tuple((key, one) for key, one in every if isinstance(one, Secret))
