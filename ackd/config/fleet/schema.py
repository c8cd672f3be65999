"""The schema of `fleet.yaml`, and of an owner's file beside it. What both have in common with an owner's
whole configuration is taken from its schema."""

from __future__ import annotations

from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, create_model

from ackd.config import addresses, durations, field_types
from ackd.config.fleet.places import LISTEN
from ackd.config.schema import Config, Internal, Letters, Limits, Mailbox
from ackd.config.schema.base import ClockSpan, Count, Mail, Section, Text
from ackd.model import Duration, Mode, Unit
from ackd.model.access import Auth, MailboxKind, SignInWay

#: What a fleet signs in by, of the section `mailbox`: nobody is there to sign in.
_OF_SIGN_IN = ("kind", "endpoint", "auth", "authority", "client_id", "sign_in", "password",
               "certificate", "ca_bundle", "proxy")  # fmt: skip
#: What of it is its owner's to say.
OWN_MAILBOX = ("aliases", "names", "folders")
#: The sections that an owner may write.
_OWN = (
    "mode",
    "keep",
    "internal",
    "questions",
    "promise",
    "tasks",
    "follow_up",
    "limits",
    "letters",
    "rules",
)


_USERNAME = Field(
    default=None,
    description="For a password: the service account's name.",
    examples=["ackd@corp.example"],
    json_schema_extra={"x-default": "none; basic and ntlm need one"},
)


def _like(model: type[Section], names: tuple[str, ...], **other: Any) -> dict[str, Any]:
    """Fields as another section has them."""
    taken = {name: model.model_fields[name] for name in names}
    return {name: (info.rebuild_annotation(), copy(info)) for name, info in taken.items()} | other


def _made(name: str, meaning: str, fields: dict[str, Any]) -> type[Section]:
    return create_model(name, __base__=Section, __doc__=meaning, **fields)


if TYPE_CHECKING:

    class SignIn(Section):
        """See below."""

        username: str | None

        kind: MailboxKind
        auth: Auth
        sign_in: SignInWay | None
        endpoint: str

    class Defaults(Section):
        """See below."""

    class Owner(Section):
        """See below."""
else:
    SignIn = _made(
        "SignIn",
        "How the workers sign in to all mailboxes: an app by certificate or secret (Graph; EWS by oauth), or "
        "a service account that impersonates (EWS).",
        _like(Mailbox, _OF_SIGN_IN, username=(Text | None, _USERNAME)),
    )
    _OwnMailbox = _made("OwnMailbox", "What of the mailbox its owner says.", _like(Mailbox, OWN_MAILBOX))
    _OwnLetters = _made(
        "OwnLetters", "The letters that colleagues get.", _like(Letters, ("language", "name"))
    )
    Defaults = _made("Defaults", "What holds where an owner's file says nothing.", _like(Config, _OWN))
    Owner = _made(
        "Owner",
        "An owner's own file.",
        _like(
            Config,
            tuple(name for name in _OWN if name != "letters"),
            mailbox=(_OwnMailbox, _OwnMailbox()),
            letters=(_OwnLetters, _OwnLetters()),
        ),
    )


class Fixed(Section):
    """What no owner's file can loosen. The stricter value counts: the lower limit, the mode that does less;
    whoever isn't in `internal` here is nobody's colleague."""

    mode: Mode | None = Field(
        default=None,
        description="The most that ackd may do in any mailbox.",
        examples=["draft"],
        json_schema_extra={"x-default": "none: each owner says"},
    )
    limits: Limits | None = Field(default=None, description="The most that is sent for any owner.")
    internal: Internal | None = Field(default=None, description="Who can be a colleague at all.")


class Listed(Section):
    """A mailbox, and its owner's own file."""

    address: Mail = Field(description="The mailbox's address.", examples=["alice@corp.example"])
    owner: Annotated[Path, field_types.PATH] | None = Field(
        default=None,
        description="The owner's own settings: a file like a configuration, without sign-in, state, ledger, "
        "poll, alarms and directories. A mistake in it stops this mailbox alone.",
        examples=["owners/alice.yaml"],
    )


class Group(Section):
    """A list of the organisation's whose members' mailboxes belong to the fleet, too. It is read each hour:
    who joins is only watched at first, for who leaves nothing more is sent."""

    address: Mail = Field(description="The list.", examples=["ackd-users@corp.example"])
    ask_as: Mail | None = Field(
        default=None,
        description="A mailbox through which the list is read.",
        examples=["alice@corp.example"],
        json_schema_extra={"x-default": "the first of `mailboxes`"},
    )
    owners: Annotated[Path, field_types.FOLDER] | None = Field(
        default=None,
        description="A directory of members' own files, each named by its address: alice@corp.example.yaml.",
        examples=["owners"],
    )
    preview: ClockSpan = Field(
        default=Duration(7, Unit.DAYS),
        description="How long who joined is in mode preview, whatever else is said.",
    )


class Worker(Section):
    """What holds for each worker's process."""

    threads: Count = Field(
        default=8,
        description="Passes at a time; as many connections to the mailbox server, and to the database.",
    )
    metrics: Annotated[str, LISTEN] | None = Field(
        default=None,
        description="Where Prometheus metrics and the health page are served. Port 0: any free one, which "
        "the log tells.",
        examples=["127.0.0.1:9464"],
    )
    heartbeat: ClockSpan = Field(
        default=Duration(10, Unit.SECONDS),
        description="How often a worker shows that it lives. After three times as long its mailboxes are "
        "taken up by others.",
    )


class FleetConfig(Section):
    """The whole of `fleet.yaml`."""

    database: Annotated[str, addresses.LEDGER] = Field(
        description="The database of PostgreSQL with all ledgers and the queue; its password in PGPASSWORD "
        "or ~/.pgpass.",
        examples=["postgresql://ackd@db.corp.example/ackd?sslmode=verify-full"],
    )
    state: Annotated[Path, field_types.FOLDER] | None = Field(
        default=None,
        description="A directory of this machine's for what can be lost.",
        json_schema_extra={"x-default": "the platform's state directory"},
    )
    poll: Annotated[Duration, durations.POLL] = Field(
        default=Duration(60, Unit.SECONDS),
        description="How often each mailbox is looked at; their times are spread over it.",
    )
    sign_in: SignIn
    defaults: Defaults = Field(
        default_factory=Defaults,
        description="Any part of an owner's configuration (docs/configuration.md), for all who say no other.",
        examples=[{"mode": "preview", "internal": {"domains": ["corp.example"]}}],
    )
    fixed: Fixed = Fixed()
    mailboxes: tuple[Listed, ...] = Field(
        default=(),
        description="The mailboxes.",
        examples=[[{"address": "alice@corp.example", "owner": "owners/alice.yaml"}]],
    )
    group: Group | None = Field(default=None, description=" ".join((Group.__doc__ or "").split()))
    worker: Worker = Worker()
