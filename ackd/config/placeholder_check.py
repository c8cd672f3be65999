"""What of the example an owner forgot to change: a name that others would read, or somebody
else's rules."""

from __future__ import annotations

from collections.abc import Iterator

from ackd.config.schema import Config
from ackd.config.schema.rules import RULES_EXAMPLE, Rule
from ackd.config.schema_help import field_at
from ackd.config.serialize import flow, plain

#: What stands in the documentation for the owner's tenant and registration.
_TENANT, _CLIENT_ID = "TENANT", "00000000-0000-0000-0000-000000000000"


def leftovers(config: Config) -> str:
    """A sentence that names them; "" where nothing is left, and for the example's own mailbox."""
    if config.mailbox.address == _example("mailbox", "address"):
        return ""
    found = list(_found(config))
    return f"still as in the example: {', '.join(found)}: make it yours, or delete it" if found else ""


def _found(config: Config) -> Iterator[str]:
    values = {
        ("mailbox", "aliases"): config.mailbox.aliases,
        ("mailbox", "username"): config.mailbox.username,
        ("internal", "domains"): config.internal.domains,
        ("promise", "holidays"): config.promise.holidays,
        ("letters", "name"): config.letters.name,
    }
    for key, value in values.items():
        if plain(value) == _example(*key):
            yield f"{'.'.join(key)} ({flow(plain(value))})"
    if (config.mailbox.authority or "").endswith(f"/{_TENANT}"):
        yield f"{_TENANT} in mailbox.authority"
    if config.mailbox.client_id == _CLIENT_ID:
        yield "mailbox.client_id (all zeros)"
    examples = [Rule.model_validate(rule) for rule in RULES_EXAMPLE]
    yield from (f"the rule {rule.name!r}" for rule in config.rules if rule in examples)


def _example(*key: str) -> object:
    info = field_at(key)
    return info.examples[0] if info and info.examples else None
