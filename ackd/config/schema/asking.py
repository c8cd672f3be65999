"""The sections `internal`, `questions` and `limits`: whom and what ackd acknowledges at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ackd.config.addresses import ADDRESS_GLOB, DOMAIN, GLOB, HOST_GLOB, TENANT
from ackd.config.field_types import Kind
from ackd.config.schema.base import LANGUAGES, ClockSpan, Count, Flag, Language, Mail, PositiveSpan, Section
from ackd.config.value_error import Location, Wrong, WrongParts, nearest
from ackd.model import Caution, Duration, OverLimit, Unit
from ackd.model.settings import TENANT_RISK
from ackd.text.domains import is_everybodys

#: What the owner has to write beside colleagues who may be anybody, without a proof.
Risk = Literal["anybody can have letters sent to anybody in my name"]
RISK: Risk = "anybody can have letters sent to anybody in my name"

_SENSITIVITIES = tuple(one.value for one in Caution)


class Internal(Section):
    """Who counts as a colleague. Everybody else is left alone."""

    domains: tuple[Annotated[str, DOMAIN], ...] = Field(
        default=(),
        description='Domains of colleagues. A sub-domain counts only where "*." says so.',
        examples=[["corp.example", "*.corp.example"]],
    )
    addresses: tuple[Annotated[str, ADDRESS_GLOB], ...] = Field(
        default=(),
        description='Single colleagues elsewhere: exact addresses, or globs such as "*@partner.example".',
    )
    groups: tuple[Mail, ...] = Field(
        default=(), description="Distribution lists whose members are colleagues; the server expands them."
    )
    except_: tuple[Annotated[str, GLOB], ...] = Field(
        default=(),
        alias="except",
        description="Addresses or globs that never count as colleagues, whatever the lines above say.",
        examples=[["no-reply@*"]],
    )
    system_senders: tuple[Annotated[str, GLOB], ...] = Field(
        default=(),
        description="Addresses or globs of machines, beside those that ackd knows (mailer-daemon, no-reply, "
        '"*-bounces" and the like). A postmaster counts as one too, unless `addresses` names the very '
        "address.",
    )
    require_authenticated: Flag = Field(
        default=True,
        description="Believe a sender only with the server's stamp X-MS-Exchange-Organization-AuthAs: "
        "Internal. Without it anybody can write in a colleague's name.",
    )
    authenticated_by: tuple[Annotated[str, HOST_GLOB], ...] = Field(
        default=(),
        description="Hosts (globs) whose stamp counts, as X-MS-Exchange-Organization-AuthSource names them. "
        "Empty: any.",
    )
    authenticated_by_tenant: Annotated[str, TENANT] | None = Field(
        default=None,
        description="For Exchange Online, where mail within the tenant comes without the stamp (`ackd check` "
        "tells): the tenant's id. Then its marks X-MS-Exchange-CrossTenant-* prove a sender too, if no mark "
        "of the border stands beside them and the directory knows the sender (Graph: User.ReadBasic.All). "
        f"The risk: {TENANT_RISK}.",
    )
    i_know: Risk | None = Field(
        default=None,
        description="Your word that you know what it means if `domains` or `addresses` take in everybody "
        '("*", "*.com", "*@*") while `require_authenticated` is false: whoever forges a sender has ackd '
        "write to that address. Without this line such a configuration isn't used.",
    )

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        wrong = list(self._everybody()) if not self.require_authenticated and self.i_know is None else []
        if wrong:
            raise WrongParts(wrong)
        return self

    def _everybody(self) -> Iterator[tuple[Location, Wrong]]:
        """Entries that take in everybody."""
        detail = (
            "with `require_authenticated: false` anybody can have letters sent to anybody in your name: name "
            f"your own domains, let the stamp be asked for, or write `i_know: {RISK}` beside it"
        )
        for key, entries in (("domains", self.domains), ("addresses", self.addresses)):
            for place, entry in enumerate(entries):
                if is_everybodys(entry):
                    yield (key, place), Wrong(detail)


def _read_sensitivity(value: object) -> Caution | float:
    """A name, or a probability between 0 and 1."""
    if value in _SENSITIVITIES:
        return Caution(value)
    try:
        number = (
            float(value) if isinstance(value, str | float | int) and not isinstance(value, bool) else -1.0
        )
    except (ValueError, OverflowError):
        near = nearest(value, _SENSITIVITIES) if isinstance(value, str) else None
        raise Wrong(near=near) from None
    if not 0 <= number <= 1:
        raise Wrong
    return number


SENSITIVITY = Kind(
    _read_sensitivity,
    f"{', '.join(_SENSITIVITIES)}, or a probability between 0 and 1",
    {"anyOf": [{"enum": list(_SENSITIVITIES)}, {"type": "number", "minimum": 0, "maximum": 1}]},
)


class Questions(Section):
    """Which mails count as questions to the owner."""

    sensitivity: Annotated[Caution | float, SENSITIVITY] = Field(
        default=Caution.CAUTIOUS,
        description="How sure ackd must be that an answer is asked for. Cautious misses some questions and "
        "hardly ever takes something else for one.",
    )
    languages: tuple[Language, ...] = Field(
        default=LANGUAGES,
        min_length=1,
        description="The languages that are read; mails in others are left alone.",
    )
    max_recipients: Count = Field(
        default=5,
        description="A mail to more people than this (To and Cc together) is left alone, unless the owner "
        "alone stands in To, or is asked by name.",
    )
    max_age: PositiveSpan = Field(
        default=Duration(2, Unit.BUSINESS_DAYS), description="An older mail is never acknowledged."
    )
    also_when_in_cc: Flag = Field(default=False, description="Also mails that have the owner in Cc only.")


class Limits(Section):
    """How much ackd sends at most. Letters beyond a limit are held, and go only by `ackd unanswered --send`;
    of a limit for all together the owner is told by mail."""

    one_per_sender_within: ClockSpan = Field(
        default=Duration(0, Unit.HOURS),
        description="One acknowledgement to the same person in this time. 0 hours: no such limit.",
    )
    per_sender_per_day: Count = Field(
        default=3,
        description="Acknowledgements to the same person on one day, from midnight by the owner's clock.",
    )
    per_hour: Count = Field(default=20, description="Acknowledgements in one hour.")
    per_day: Count = Field(
        default=60, description="Acknowledgements on one day, from midnight by the owner's clock."
    )
    over: OverLimit = Field(
        default=OverLimit.TASK,
        description="What a question gets whose letter a limit holds. Either way it stands in the digest and "
        "in `ackd unanswered`.",
    )
