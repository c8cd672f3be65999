"""The reference page: every key in a table, made from the schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from pydantic.fields import FieldInfo

from ackd.config import renamed
from ackd.config.example import default_words
from ackd.config.schema import Config, Section
from ackd.config.schema_help import allowed, fields_of, help_of, section_of
from ackd.config.serialize import flow

_HEAD = """\
# Configuration

This page is made from the schema (`python -m ackd.config`); `config.example.yaml` shows every key
in place.

ackd reads one YAML file: `config.yaml` in the platform's configuration folder
(`~/.config/ackd/config.yaml` on Linux), or the one that `--config FILE` names.

| command | what it does |
|---|---|
| `ackd config example` | prints a file to begin with |
| `ackd config check` | names all problems, with place and remedy (exit status 78) |
| `ackd config show` | prints the values in force, and which of them come from the file |
| `ackd config schema` | prints the JSON Schema, for editors |
| `ackd config history` | lists the earlier versions that are kept |
| `ackd config diff N`, `ackd config restore N` | shows what differs from one of them, and goes back to it |
| `ackd rule never`, `ackd rule always` | write a rule about a sender; all else stays, comments too |

## How values are written

- **Texts** need quotes only where YAML wants them: in front of `*`, `&`, `!`, `@`, `%`, `[` or `{`, and
  around `: ` and ` #`. ackd reads every value as the type that its key has: `no` can be a country, and
  `09:00` stays a time. Anchors, aliases and tags aren't supported.
- **Durations** are a number and a unit: `60 s`, `15 min`, `1.5 hours`, `3 days`, `4 business hours`,
  `2 business days`. Business units count the owner's working time only.
- **Globs** are compared with the whole text; `*` stands for any text, and in addresses `?` for one
  character.
- **Regular expressions** stand between slashes: `/release|go.live/`. They may match anywhere. Their syntax
  is that of the Rust crate `regex`: without look-around and backreferences, and so in linear time.
- **In rules** a plain text is looked for anywhere in subject or text; a plain address is the whole address.
  Of a list one entry is enough; of several conditions all must hold.
- Upper and lower case are alike in addresses, domains, globs and regular expressions.
- **Paths** count from the folder of the configuration file; `~` is the home directory.
- **Secrets** are never written into the file. A key says where the secret is: `{env: NAME}` (a variable of
  the environment), `{keyring: SERVICE}` (the desktop's keyring, under the user name; needs the package
  `keyring`), `{file: PATH}` (one line; the file belongs to the user who runs ackd and has mode 0600), or
  `{credential: NAME}` (systemd's `LoadCredential=`).
"""


_OLD_NAMES = """\
A key that gets another name keeps its old one until the next major version. It means the same;
`ackd config check`, `ackd check` and the service's log name it with its line and the new name, which
`ackd config show` prints. A file in which both stand isn't used: the message names both lines.
"""


def reference() -> str:
    """The whole page, in Markdown."""
    parts = [_HEAD, *_sections(Config)]
    return "\n".join([*parts, "\n## Names that have changed\n", *_old_names()]) + "\n"


def reference_of(root: type[Section], head: str, elsewhere: Mapping[str, str]) -> str:
    """The page of another file; `elsewhere` are the sections that are explained on another page, with words
    that say so."""
    return "\n".join([head, *_sections(root, elsewhere)]) + "\n"


def _sections(root: type[Section], elsewhere: Mapping[str, str] = MappingProxyType({})) -> Iterator[str]:
    """A table of the plain keys, and one for each section."""
    general = {key: info for key, info in fields_of(root).items() if section_of(info) is None}
    yield from ["## General\n", *_table(general)]
    for key, info in fields_of(root).items():
        below = section_of(info)
        if below is not None:
            yield from [f"\n## `{key}`\n", help_of(info) + "\n"]
            yield from [elsewhere[key]] if key in elsewhere else _tables(below, key)
            if key == "rules" and info.examples:
                yield from ["\nFor example:\n", "```yaml", "rules:", *_rules(info), "```"]


def _old_names() -> Iterator[str]:
    yield _OLD_NAMES
    if not renamed.RENAMED:
        yield "No key has another name yet than it had in version 1.0.0."
        return
    yield "| old name | new name | since |"
    yield "|---|---|---|"
    yield from (f"| `{one.old}` | `{one.new}` | {one.since} |" for one in renamed.RENAMED)


def _tables(section: type[Section], key: str) -> Iterator[str]:
    """The section's own table, then one for each section in it."""
    fields = fields_of(section)
    yield from _table(fields)
    for name, info in fields.items():
        below = section_of(info)
        if below is not None:
            yield f"\n### `{key}.{name}`\n"
            yield from _table(fields_of(below))


def _table(fields: dict[str, FieldInfo]) -> Iterator[str]:
    yield "| key | meaning | allowed | default |"
    yield "|---|---|---|---|"
    for key, info in fields.items():
        default = default_words(info)
        cells = [f"`{key}`", help_of(info), allowed(info), _default(info, default)]
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _default(info: FieldInfo, default: str | None) -> str:
    if default is None:
        return "must be set"
    if section_of(info) is not None and not default.startswith("null"):
        return "see below"
    if isinstance(info.json_schema_extra, dict) and "x-default" in info.json_schema_extra:
        return default
    if info.default in (None, ()) and default in ("[]", "null"):
        return "none"
    return f"`{default}`"


def _rules(info: FieldInfo) -> Iterator[str]:
    for rule in (info.examples or [[]])[0]:
        for number, (key, value) in enumerate(rule.items()):
            yield f"  {'  ' if number else '- '}{key}: {flow(value)}"
