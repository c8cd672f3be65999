"""Reading a configuration: every problem at once, each with its place and remedy."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from ackd import own_files
from ackd.config import renamed
from ackd.config.certificate_file import check_bundle
from ackd.config.field_types import Base
from ackd.config.placeholder_check import leftovers
from ackd.config.problems import Broken, Problem, tell
from ackd.config.read_file import decode, read_bytes
from ackd.config.schema import Config
from ackd.config.validation_errors import problems_of
from ackd.config.yaml_document import Document, parse
from ackd.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration that can be used.

    `notes` are sentences for the owner about what is allowed but hardly meant; `old_names` about keys that
    are called otherwise by now, each with its line.
    """

    config: Config
    path: Path
    notes: tuple[str, ...] = ()
    old_names: tuple[str, ...] = ()


def load(path: Path, env: Mapping[str, str] | None = None) -> Loaded:
    """The configuration in a file. `env` (default: the process's) tells where home is.

    Raises ConfigError with all problems, one a line, as `file:line:column: what`; or with a file or
    folder that others may change, and the command that mends it.
    """
    loaded = loads(read_bytes(path), path, env)
    check_places(loaded.config)
    return loaded


def loads(data: bytes, path: Path, env: Mapping[str, str] | None = None) -> Loaded:
    """The configuration in bytes that were read from `path`; the same as `load` otherwise."""
    examined = examine(data, path, env)
    if examined.loaded is None:
        raise ConfigError(tell(path, examined.problems))
    return examined.loaded


@dataclass(frozen=True, slots=True)
class Examined:
    """A configuration's text, looked at: what can be used, or the problems that keep it from that, in the
    order of the text."""

    loaded: Loaded | None
    problems: tuple[Problem, ...] = ()


def examine(data: bytes, path: Path, env: Mapping[str, str] | None = None) -> Examined:
    """What the bytes say as the content of `path`; nothing else of the file system is looked at."""
    env = os.environ if env is None else env
    base = Base(folder=Path(os.path.abspath(path)).parent, home=Path(env.get("HOME") or "/"))  # noqa: PTH100  (no look at links)
    try:
        document = parse(decode(data))
    except Broken as broken:
        return Examined(None, (broken.problem,))
    old_names = renamed.normalize(document, renamed.RENAMED)
    config, problems = _validate(document, base)
    if config is None or problems:
        return Examined(None, tuple(sorted(set(problems))))
    return Examined(Loaded(config, path, tuple(_notes(config)), old_names))


def check_places(config: Config) -> None:
    """What the configuration names, ackd goes by it. Raises ConfigError where others may change it."""
    if config.letters.directory is not None:
        own_files.trusted_tree(config.letters.directory, "letters.directory")
    if config.mailbox.ca_bundle is not None:
        own_files.trusted(config.mailbox.ca_bundle, "mailbox.ca_bundle")
        check_bundle(config.mailbox.ca_bundle, "mailbox.ca_bundle")
    if config.mailbox.certificate is not None:
        own_files.trusted(config.mailbox.certificate, "mailbox.certificate")
    if config.alarms.command and "/" in config.alarms.command[0]:
        own_files.trusted(Path(config.alarms.command[0]), "alarms.command")
    own_files.own_folder(config.state_directory, "state", make=False)


def _validate(document: Document, base: Base) -> tuple[Config | None, list[Problem]]:
    problems = list(document.problems)
    try:
        return Config.model_validate(document.data, context=base), problems
    except ValidationError as error:
        return None, [*problems, *problems_of(document, error)]


def _notes(config: Config) -> list[str]:
    internal = config.internal
    notes = []
    if not (internal.domains or internal.addresses or internal.groups):
        notes.append(
            "internal names nobody (domains, addresses, groups): without colleagues nothing is acknowledged"
        )
    if left := leftovers(config):
        notes.append(left)
    named = (*internal.groups, *config.named_groups)
    for rule in config.rules:
        if rule.when.group and not any(p.matches(name) for p in rule.when.group for name in named):
            notes.append(
                f"rules, {rule.name!r}: its `group` is like none of the lists that are named, so it never "
                "applies: write a list's exact address, or name it in internal.groups"
            )
    return notes
