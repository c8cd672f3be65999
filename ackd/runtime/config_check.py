"""Everything that `ackd config check` says of a configuration's text, also of one that isn't saved yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ackd.config import Config, Loaded, read_secret
from ackd.config.load import check_places, examine
from ackd.config.problems import Problem, tell
from ackd.config.secrets import SecretSource
from ackd.errors import ConfigError
from ackd.letters import Letters


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with a text, and what is to be noted. `problems` have their place in the text;
    `elsewhere` are those of what it names (letters, certificates, folders). `loaded` is the configuration,
    None where the text has problems of its own."""

    path: Path
    loaded: Loaded | None
    problems: tuple[Problem, ...] = ()
    elsewhere: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def can_be_used(self) -> bool:
        """Whether ackd would go by it."""
        return self.loaded is not None and not self.elsewhere

    def usable(self) -> Loaded:
        """The configuration. Raises ConfigError with all problems, one a line."""
        if self.loaded is None:
            raise ConfigError(tell(self.path, self.problems))
        if self.elsewhere:
            raise ConfigError("\n".join(self.elsewhere))
        return self.loaded


def check(data: bytes, path: Path, env: Mapping[str, str] | None = None) -> Checked:
    """Check a text as the content of `path`. Reads what it names, and changes nothing."""
    examined = examine(data, path, env)
    if examined.loaded is None:
        return Checked(path, None, examined.problems)
    loaded = examined.loaded
    try:
        check_places(loaded.config)
    except ConfigError as error:
        return Checked(path, loaded, elsewhere=(str(error),))
    notes = (*loaded.old_names, *loaded.notes, *letter_notes(loaded.config), *_secret_notes(loaded.config))
    return Checked(path, loaded, elsewhere=_template_problems(loaded.config), notes=notes)


def _template_problems(config: Config) -> tuple[str, ...]:
    """What is wrong with the owner's own templates."""
    directory = config.letters.directory
    if directory is None:
        return ()
    return tuple(f"letters.directory: {problem}" for problem in Letters(directory).problems())


def letter_notes(config: Config) -> tuple[str, ...]:
    """What the owner's own templates leave out."""
    warnings = Letters(config.letters.directory).warnings()
    return tuple(f"letters.directory: {words}" for words in warnings)


def _secret_notes(config: Config) -> tuple[str, ...]:
    """What would keep ackd from its password. Only for places that this shell can see as the
    service does: a file for certain, a variable perhaps."""
    mailbox = config.mailbox
    if mailbox.secret is None or mailbox.secret.source not in (SecretSource.FILE, SecretSource.ENV):
        return ()
    try:
        read_secret(mailbox.secret, mailbox.username)
    except ConfigError as error:
        return (str(error),)
    return ()
