"""Old names of keys: a file that somebody has goes on working, and says what to write."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from ackd import __version__
from ackd.config import load, loads, renamed
from ackd.config.json_schema import json_schema
from ackd.config.load import Loaded
from ackd.config.reference import reference
from ackd.config.remains import remains
from ackd.config.renamed import RENAMED, Renamed
from ackd.config.schema_help import field_at
from ackd.config.yaml_document import parse
from ackd.errors import ConfigError
from ackd.runtime.app import App
from tests.kept import lay_out
from tests.system.commands import in_process

#: As if these keys had been called otherwise before: within a section, in another one, in one that is gone, a
#: whole section, and in each entry of a list.
TABLE = (
    Renamed("follow_up.summary", "follow_up.digest", "1.1.0"),
    Renamed("follow_up.label", "tasks.category", "1.2.0"),
    Renamed("desk.reminder", "tasks.reminder", "1.2.0"),
    Renamed("colleagues", "internal", "1.3.0"),
    Renamed("rules.*.then.answer", "rules.*.then.letter", "1.3.0"),
    Renamed("mailbox.passwd", "mailbox.password", "1.3.0"),
    Renamed("mailbox.mail", "mailbox.address", "1.3.0"),
    Renamed("warnings", "alarms", "1.4.0"),
)
MAILBOX = "mailbox:\n  address: alice@corp.example\n  endpoint: https://mail.corp.example/EWS/Exchange.asmx\n"
RULES = """
rules:
  - {when: {subject: x}, then: {answer: absent}}
  - {when: {text: y}, then: {task: false}}
  - {when: {text: z}, then: {answer: received, task: true}}
"""
BOX = MAILBOX + "  auth: kerberos\n"


@pytest.fixture(autouse=True)
def _table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renamed, "RENAMED", TABLE)


def read(text: str) -> Loaded:
    return loads(text.encode(), Path("/nowhere/config.yaml"), {})


def refused(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        read(text)
    return str(caught.value).replace("/nowhere/config.yaml:", "")


def test_what_the_table_says_is_so() -> None:
    """Of the real one: the old names are gone, the new ones there, each once and in a version that is out."""
    for entry in RENAMED:
        old, new = ([step for step in path.split(".") if step != "*"] for path in (entry.old, entry.new))
        assert field_at(tuple(new)) is not None, entry.new
        assert field_at(tuple(old)) is None, entry.old
        assert entry.old.count("*") == entry.new.count("*")
        assert [int(part) for part in entry.since.split(".")] <= [
            int(part) for part in __version__.split(".")
        ]
    assert len({entry.old for entry in RENAMED}) == len(RENAMED)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("follow_up:\n  summary: Tue 09:00\n", "follow_up: {digest: Tue 09:00}\n"),
        ("follow_up: {moved: tell, label: Mine}\n", "follow_up: {moved: tell}\ntasks: {category: Mine}\n"),
        ("follow_up: {label: Mine}\ntasks: {language: de}\n", "tasks: {category: Mine, language: de}\n"),
        ("tasks:\nfollow_up:\n  label: Mine\n", "tasks: {category: Mine}\n"),
        ("desk:\n  reminder: 3 hours\n", "tasks: {reminder: 3 hours}\n"),
        ("colleagues: {domains: [corp.example]}\n", "internal: {domains: [corp.example]}\n"),
        ("colleagues:\n", "internal:\n"),
        ('"colleagues": {"except": [a@corp.example]}\n', "internal: {except: [a@corp.example]}\n"),
        (RULES, RULES.replace("answer", "letter")),
    ],
)
def test_an_old_name_means_what_the_new_one_does(old: str, new: str) -> None:
    assert read(BOX + old).config == read(BOX + new).config
    assert read(BOX + old).old_names
    assert not read(BOX + new).old_names


def test_each_is_told_with_its_line_and_both_names() -> None:
    text = BOX + (
        "desk:\n  # mine\n  reminder: 3 hours\nrules:\n  - when: {subject: x}\n    then: {task: false}\n"
        "  - when: {subject: y}\n    then:\n      answer: absent\n"
    )
    rest = "it is read all the same: write the new name"
    assert read(text).old_names == (
        f"line 7: `desk.reminder` is called `tasks.reminder` since ackd 1.2.0; {rest}",
        "line 13: `rules (entry 2).then.answer` is called `rules (entry 2).then.letter` since ackd 1.3.0; "
        + rest,
    )


@pytest.mark.parametrize(
    ("text", "place", "old", "new", "line"),
    [
        (
            "follow_up:\n  digest: never\n  summary: never\n",
            "7:3",
            "follow_up.summary",
            "follow_up.digest",
            6,
        ),
        ("desk: {reminder: 1 day}\ntasks: {reminder: 1 day}\n", "5:8", "desk.reminder", "tasks.reminder", 6),
        ("internal: {domains: [corp.example]}\ncolleagues:\n", "6:1", "colleagues", "internal", 5),
        (
            "rules:\n  - when: {text: z}\n    then: {letter: absent, answer: absent}\n",
            "7:28",
            "rules (entry 1).then.answer",
            "rules (entry 1).then.letter",
            7,
        ),
    ],
)
def test_both_names_are_one_too_many(text: str, place: str, old: str, new: str, line: int) -> None:
    both = f"`{old}` is the old name of `{new}`, which is set too, in line {line}"
    assert refused(BOX + text) == f"{place}: {both}: take one of them away"


def test_two_old_names_of_one_key_are_one_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    older = Renamed("follow_up.report", "follow_up.digest", "1.1.0")
    monkeypatch.setattr(renamed, "RENAMED", (older, *TABLE))
    assert refused(BOX + "follow_up:\n  report: never\n  summary: never\n") == (
        "7:3: `follow_up.summary` is the old name of `follow_up.digest`, which is set too, in line 6 as "
        "`follow_up.report`: take one of them away"
    )


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("follow_up:\n  moved: tell\n  summary: Tuesdays\n", 7, ("follow_up, digest", "`follow_up.summary`")),
        ("desk:\n\n  reminder: soon\n", 7, ("tasks, reminder", "`desk.reminder`")),
        ("desk: {reminder: 1 hour, remind: 2 hours}\n", 5, ("there is no key",)),
        ("colleagues: {domains: [corp.example, '@']}\n", 5, ("internal, domains, entry 2", "`colleagues`")),
        ("colleagues: {domain: [corp.example]}\n", 5, ("did you mean `domains`?", "`colleagues`")),
        ("colleagues: nobody\n", 5, ("internal: found a text", "`colleagues`")),
        ("follow_up: {label: 'a, b'}\n", 5, ("tasks, category", "`follow_up.label`")),
        ("tasks: none\nfollow_up: {label: Mine}\n", 5, ("tasks: found a text",)),
        (
            "rules:\n  - when: {text: z}\n    then: {answer: absence}\n",
            7,
            ("did you mean `absent`?", "answer`"),
        ),
        ("rules: {then: {answer: absent}}\n", 5, ("rules: found",)),
        ("follow_up: {summary: &a never}\n", 5, ("anchors",)),
        (f"follow_up:\n  summary: {'x' * 2001}\n", 6, ("longer than 2000",)),
    ],
)
def test_a_bad_value_is_told_with_the_old_names_line(text: str, line: int, words: tuple[str, ...]) -> None:
    told = refused(BOX + text)
    assert told.startswith(f"{line}:"), told
    assert all(word in told for word in words), told
    assert "\n" not in told


def test_a_secret_under_an_old_name_is_not_shown() -> None:
    told = refused(MAILBOX + "  passwd: hunter2\n")
    assert "hunter2" not in told
    assert "`mailbox.passwd`" in told


@pytest.mark.parametrize("step", [8, pytest.param(1, marks=pytest.mark.long)])
def test_every_key_of_an_old_file_could_be_called_otherwise(
    step: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the file that git commit 27bb915 left: each of its keys in turn, as if it had had another name."""
    path = lay_out("send", tmp_path)
    text = path.read_text(encoding="utf-8")
    expected, places = load(path).config, parse(text).places
    keys = [where for where in places if where and isinstance(where[-1], str) and field_at(where)]
    assert len(keys) > 90
    for where in keys[::step]:
        place = places[where]
        line, column = place.key
        rows = text.splitlines(keepends=True)
        row, key = rows[line - 1], str(where[-1])
        assert row[column - 1 :].startswith(key), where
        rows[line - 1] = f"{row[: column - 1]}old_{row[column - 1 :]}"
        new = ".".join("*" if isinstance(one, int) else one for one in where)
        old = f"{new[: -len(key)]}old_{key}"
        monkeypatch.setattr(renamed, "RENAMED", (Renamed(old, new, "1.0.0"),))
        found = loads("".join(rows).encode(), path)
        assert found.config == expected, where
        assert [one.partition(":")[0] for one in found.old_names] == [f"line {line}"]


def test_the_commands_say_it_and_write_the_new_name(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    state = f"state: {tmp_path / 'state'}\n"
    path.write_text(BOX + state + "desk:\n  reminder: 3 hours\ncolleagues: {domains: [corp.example]}\n")
    done = in_process("config", "check", "--config", str(path))
    assert done.returncode == 0
    assert f"{path}: note: line 7: `desk.reminder` is called `tasks.reminder`" in done.stderr
    assert f"{path}: note: line 8: `colleagues` is called `internal`" in done.stderr
    shown = in_process("config", "show", "--config", str(path)).stdout
    assert "desk" not in shown
    assert re.search(r"^  reminder: 3 hours +# file$", shown, re.MULTILINE)
    assert yaml.safe_load(shown)["internal"]["domains"] == ["corp.example"]
    path.write_text(BOX + state + "desk:\n  reminder: 3 hours\ntasks: {reminder: 2 hours}\n")
    done = in_process("config", "check", "--config", str(path))
    assert done.returncode == 78
    assert f"{path}:7:3: `desk.reminder` is the old name" in done.stderr


def test_the_service_writes_it_into_its_log_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(f"{BOX}state: {tmp_path / 'state'}\ndesk: {{reminder: 3 hours}}\n")
    with caplog.at_level(logging.WARNING), App(path):
        pass
    told = [one.getMessage() for one in caplog.records if "event=config-old-name" in one.getMessage()]
    assert len(told) == 1
    assert told[0].startswith(f"event=config-old-name: {path}: line 6: `desk.reminder` is called")


def test_what_remains_of_a_broken_file_is_read_by_old_names_too(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(
        "mailbox:\n  mail: alice@corp.example\n  endpoint: nowhere at all\nmode: loud\n"
        "warnings: {silent_after: 3 hours}\n"
    )
    with pytest.raises(ConfigError):
        load(path)
    found = remains(path)
    assert found.address == "alice@corp.example"
    assert found.config.alarms.silent_after.amount == 3


def test_editors_take_old_names_and_strike_them_out() -> None:
    schema: dict[str, Any] = json.loads(json_schema())
    text = (
        "mailbox: {mail: alice@corp.example, endpoint: autodiscover, auth: kerberos}\n"
        "desk: {reminder: 3 hours}\ncolleagues: {domains: [corp.example]}\nfollow_up: {summary: never}\n"
        "rules: [{when: {subject: x}, then: {answer: absent}}]\n"
    )
    assert read(text).old_names
    jsonschema.validate(yaml.safe_load(text), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load(text.replace("answer", "reply")), schema)
    assert schema["properties"]["desk"]["properties"]["reminder"]["deprecated"] is True
    assert schema["$defs"]["Then"]["properties"]["answer"]["deprecated"] is True


def test_the_page_lists_them() -> None:
    page = reference()
    for entry in TABLE:
        assert f"| `{entry.old}` | `{entry.new}` | {entry.since} |" in page
