"""From `fleet.yaml` to the configuration of each mailbox: the administrator's defaults, above them the
owner's own file, above that what is fixed. Each owner's file is checked alone."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import ValidationError

from ackd.config.field_types import Base
from ackd.config.fleet.schema import FleetConfig, Owner
from ackd.config.fleet.tighten import tightened
from ackd.config.load import check_places
from ackd.config.problems import Broken, Problem, tell
from ackd.config.read_file import decode, read_bytes
from ackd.config.schema import Config, Section
from ackd.config.validation_errors import problems_of
from ackd.config.value_error import Location
from ackd.config.yaml_document import Data, Document, parse
from ackd.errors import ConfigError
from ackd.model import Mode
from ackd.model.access import Auth

#: Stands where an address must, and none is meant.
NOBODY = "nobody@fleet.invalid"


@dataclass(frozen=True, slots=True)
class Member:
    """A mailbox of the fleet's, and its owner's own file, if there is to be one."""

    address: str
    owner: Path | None = None


@dataclass(frozen=True)
class Fleet:
    """A fleet's configuration that can be used; `members` are those that it lists."""

    path: Path
    config: FleetConfig
    members: tuple[Member, ...]
    _document: Document = field(repr=False)
    _base: Base = field(repr=False)

    @property
    def state_directory(self) -> Path:
        """A directory of this machine's own for what can be lost."""
        return self.config.state or platformdirs.user_state_path("ackd-fleet")

    def member(self, address: str) -> Member:
        """A mailbox that belongs to the fleet by the group, unless it is listed."""
        listed = self._by_address.get(address)
        folder = self.config.group.owners if self.config.group else None
        file = folder / f"{address}.yaml" if folder else None
        return listed or Member(address, file if file is not None and file.is_file() else None)

    def is_listed(self, address: str) -> bool:
        """Whether the file itself names a mailbox."""
        return address in self._by_address

    def of(self, member: Member, *, is_preview: bool = False) -> tuple[Config, tuple[str, ...]]:
        """The configuration of a mailbox, and in words what its owner's file asks for in vain. `is_preview`:
        it is only watched yet. Raises ConfigError with all problems of the owner's file."""
        if member.owner is None:
            config, notes = self._plain, tuple[str, ...]()
        else:
            config, notes = self._own(member.owner)
        box: dict[str, Any] = {"address": member.address}
        if config.mailbox.auth is Auth.OAUTH:
            box["username"] = member.address
        update: dict[str, Any] = {"mailbox": config.mailbox.model_copy(update=box)}
        if is_preview:
            update["mode"] = Mode.PREVIEW
        return config.model_copy(update=update), notes

    @cached_property
    def _by_address(self) -> dict[str, Member]:
        return {one.address: one for one in self.members}

    @cached_property
    def _plain(self) -> Config:
        """The configuration of a mailbox whose owner says nothing."""
        found = self._data({})
        config, problems = self._validated(Document(found, self._places()))
        if config is None or problems:
            raise ConfigError(tell(self.path, problems))
        return tightened(config, self.config.fixed)[0]

    def _own(self, path: Path) -> tuple[Config, tuple[str, ...]]:
        """The configuration with an owner's file."""
        try:
            document = parse(decode(read_bytes(path)))
        except Broken as broken:
            raise ConfigError(tell(path, [broken.problem])) from None
        problems = [*document.problems, *_mistakes(document, Owner, self._base)]
        if problems:
            raise ConfigError(tell(path, problems))
        merged = self._data(document.data)
        config, problems = self._validated(Document(merged, document.places))
        if config is None or problems:
            raise ConfigError(tell(path, problems))
        return tightened(config, self.config.fixed)

    def _data(self, own: Data) -> dict[str, Data]:
        """What a configuration's file would hold."""
        whole = self._document.data
        assert isinstance(whole, dict), "it is valid"
        merged = _over(whole.get("defaults") or {}, own)
        assert isinstance(merged, dict)
        sign_in = whole.get("sign_in")
        box = {**(sign_in if isinstance(sign_in, dict) else {}), "address": NOBODY}
        if self.config.sign_in.auth.is_by_password:
            box["impersonate"] = "true"
        merged["mailbox"] = _over(box, merged.get("mailbox"))
        return {**merged, "ledger": whole.get("database"), "poll": whole.get("poll") or "60 s",
                "state": str(self.state_directory)}  # fmt: skip

    def _validated(self, document: Document) -> tuple[Config | None, list[Problem]]:
        try:
            return Config.model_validate(document.data, context=self._base), []
        except ValidationError as error:
            return None, list(problems_of(document, error))

    def _places(self) -> dict[Location, Any]:
        """Where in `fleet.yaml` the parts of a mailbox's configuration stand."""
        moved: dict[Location, Any] = {(): self._document.places[()]}
        for where, place in self._document.places.items():
            if where[:1] == ("defaults",):
                moved[where[1:]] = place
            elif where[:1] == ("sign_in",):
                moved[("mailbox", *where[1:])] = place
        return moved


def load_fleet(path: Path, env: Mapping[str, str] | None = None) -> Fleet:
    """The fleet's configuration in a file. Raises ConfigError with all of its problems, one a line; those of
    owners' files are told by `Fleet.of`."""
    env = os.environ if env is None else env
    base = Base(folder=Path(os.path.abspath(path)).parent, home=Path(env.get("HOME") or "/"))  # noqa: PTH100  (no look at links)
    if not path.exists():
        words = "there is no such file: `ackd fleet example` prints one to begin with"
        raise ConfigError(f"{path}: {words}, or name another with --config")
    try:
        document = parse(decode(read_bytes(path)))
    except Broken as broken:
        raise ConfigError(tell(path, [broken.problem])) from None
    problems = [*document.problems, *_mistakes(document, FleetConfig, base)]
    if not problems:
        config = FleetConfig.model_validate(document.data, context=base)
        problems = list(_contradictions(document, config))
    if problems:
        raise ConfigError(tell(path, problems))
    members = tuple(Member(one.address.lower(), one.owner) for one in config.mailboxes)
    fleet = Fleet(path, config, members, document, base)
    check_places(fleet._plain)
    return fleet


def _mistakes(document: Document, root: type[Section], base: Base) -> Iterator[Problem]:
    try:
        root.model_validate(document.data, context=base)
    except ValidationError as error:
        yield from problems_of(document, error, root)


def _contradictions(document: Document, config: FleetConfig) -> Iterator[Problem]:
    """What is well alone, and not together."""
    places = document.places
    if not config.database.startswith("postgresql"):
        yield Problem(
            *places[("database",)].value, "database: a fleet's is one of PostgreSQL's (postgresql://…)"
        )
    sign_in = config.sign_in
    if sign_in.auth is Auth.OAUTH and not (sign_in.sign_in and sign_in.sign_in.is_app):
        at = places.get(("sign_in", "sign_in"), places[("sign_in",)])
        yield Problem(
            *at.value, "sign_in, sign_in: nobody is there to sign in; allowed: certificate or secret"
        )
    if sign_in.auth is Auth.KERBEROS:
        words = "sign_in, auth: a fleet signs in by a password or an app; allowed: basic, ntlm or oauth"
        yield Problem(*places[("sign_in", "auth")].value, words)
    if sign_in.auth.is_by_password and sign_in.username is None:
        words = "sign_in, username: the service account's name is needed"
        yield Problem(*places[("sign_in",)].key, words)
    if sign_in.endpoint == "autodiscover":
        words = "sign_in, endpoint: a fleet has one server, and its address is needed"
        yield Problem(*places[("sign_in", "endpoint")].value, words)
    seen: dict[str, int] = {}
    for number, one in enumerate(config.mailboxes):
        line, column = places[("mailboxes", number)].value
        if one.address.lower() in seen:
            first = seen[one.address.lower()]
            words = f"mailboxes, entry {number + 1}: {one.address} stands in line {first} already"
            yield Problem(line, column, words)
        seen.setdefault(one.address.lower(), line)
    if config.group is None and not config.mailboxes:
        yield Problem(1, 1, "there is no mailbox: list some under `mailboxes`, or name a `group`")
    if config.group is not None and config.group.ask_as is None and not config.mailboxes:
        words = "group: through which mailbox is it read? Name one as `ask_as`"
        yield Problem(*places[("group",)].key, words)


def _over(below: Data, above: Data) -> Data:
    """Two parts of files as one: of maps each key, of all else the upper one."""
    if isinstance(below, dict) and isinstance(above, dict):
        return {
            key: _over(below.get(key), above[key]) if key in above else below[key]
            for key in {**below, **above}
        }
    return below if above is None else above
