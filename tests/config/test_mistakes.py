"""The owner's mistakes: each has its place, what was found, what is allowed, and the name meant.

The cases stand in mistakes.txt.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from ackd.config import load
from ackd.config.schema.base import LANGUAGES
from ackd.config.value_error import choices
from ackd.errors import ConfigError
from tests.config.minimal import MAILBOX, complaint, message

CASES = Path(__file__).with_name("mistakes.txt").read_text(encoding="utf-8")
SIGNS = {"<TAB>": "\t", "<NBSP>": "\u00a0", "<BEL>": "\x07"}


class Case(NamedTuple):
    title: str
    text: str
    expected: str


def cases(text: str, before: str) -> list[Case]:
    found = []
    for title, file, told in re.findall(
        r"^# (.+)\n((?:(?!=> ).*\n)*)((?:=> .+\n)+)", text, flags=re.MULTILINE
    ):
        real = re.sub("<[A-Z]+>", lambda name: SIGNS[name[0]], file)
        lines = told.replace("<LANGUAGES>", choices(LANGUAGES)).splitlines()
        expected = "\n".join(f"config.yaml:{line.removeprefix('=> ')}" for line in lines)
        found.append(Case(title, before + real, expected))
    return found


AFTER_MAILBOX, _, WHOLE = CASES.partition("## after a mailbox\n")[2].partition("## whole files\n")
ALL = cases(AFTER_MAILBOX, MAILBOX) + cases(WHOLE, "")


def test_no_case_is_lost() -> None:
    assert len(ALL) == len(re.findall("^# ", CASES, flags=re.MULTILINE)) - 1  # "# nothing but this" is a file
    assert len(ALL) > 75


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.title)
def test_a_mistake_is_told_with_place_and_remedy(case: Case) -> None:
    assert message(case.text) == case.expected


UTF16 = "this is UTF-16: save the file as UTF-8"
ENCODINGS = [
    ("mode: preview\n".encode("utf-16"), f"1:1: {UTF16}"),
    ("mode: preview\n".encode("utf-16-le"), f"1:2: {UTF16}"),
    ("mode: preview\n".encode("utf-16-be"), f"1:1: {UTF16}"),
    ("mode: preview\n".encode("utf-32"), "1:1: this is UTF-32: save the file as UTF-8"),
    (b"", "1:1: the file is empty: begin with `ackd config example`"),
    (b"\xef\xbb\xbf", "1:1: the file is empty: begin with `ackd config example`"),
    (b"\xef\xbb\xbf\tmode: x", "1:1: a tab: YAML is indented with spaces"),
    (b"\x1f\x8b\x08\x00abc", "1:4: there is a NUL byte: this is no text file"),
    (b"mode: a\0b\n", "1:8: there is a NUL byte: this is no text file"),
    (
        "x: ä\nname: ä Müller\n".encode("latin-1"),
        "1:4: the byte 0xE4 isn't UTF-8 (Latin-1?): save the file as UTF-8",
    ),
    ("x: ä\nä: ä".encode() + b"\xfc", "2:5: the byte 0xFC isn't UTF-8 (Latin-1?): save the file as UTF-8"),
    (b"#" * 300_000, "1:1: the file is larger than 256 KiB: this can't be a configuration"),
]


@pytest.mark.parametrize(("data", "expected"), ENCODINGS)
def test_bytes_that_are_no_text(data: bytes, expected: str) -> None:
    assert message(data) == f"config.yaml:{expected}"


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    section = "mailbox: {adress: a@b.example, endpoint: ftp://x, password: x}\n"
    told = message(f"mode: sned\n{section}kep: 1 day\nmode: x\n")
    assert [line.split(": ")[0] for line in told.splitlines()] == [
        "config.yaml:1:7",  # mode
        "config.yaml:2:1",  # the address is missing
        "config.yaml:2:11",  # adress
        "config.yaml:2:42",  # endpoint
        "config.yaml:2:61",  # password
        "config.yaml:3:1",  # kep
        "config.yaml:4:1",  # mode again
    ]


def test_a_wall_of_problems_is_cut() -> None:
    told = complaint("".join(f"unknown{n}: 1\n" for n in range(60))).splitlines()
    assert len(told) == 51
    assert told[-1] == "config.yaml: and more problems after these 50"


def test_a_text_without_end() -> None:
    told = complaint(f"tasks: {{category: {'x' * 2001}}}\n")
    assert told == "config.yaml:5:19: this text is longer than 2000 characters"


def test_no_terminal_obeys_a_message() -> None:
    told = complaint('mode: "\\e[2J\\u202e"\n')
    assert told == "config.yaml:5:7: mode: found `\\u001b[2J\\u202e`; allowed: preview, draft or send"


@pytest.fixture
def unreadable(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "config.yaml"
    path.write_text(MAILBOX)
    path.chmod(0)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)  # root may read every file; nobody may not
    yield path
    os.seteuid(user)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(caught.value) == (
        f"{path}: there is no such file: make one by `ackd init`, or name another with --config"
    )


def test_a_directory(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path)
    assert str(caught.value) == f"{tmp_path}: this is a directory: name the configuration file in it"


def test_a_file_that_may_not_be_read(unreadable: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(unreadable)
    assert str(caught.value) == f"{unreadable}: you may not read this file: check its owner and mode"


def test_a_path_that_is_none() -> None:
    for path in (Path("a\0b"), Path("x" * 5000), Path(__file__) / "x"):
        with pytest.raises(ConfigError, match="can't be read"):
            load(path)
