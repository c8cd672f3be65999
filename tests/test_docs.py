"""The pages: links lead somewhere, and the messages that they explain are ackd's own."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from ackd import __version__
from ackd.cli import app
from ackd.cli.exits import DECLARED
from ackd.errors import ExitStatus
from ackd.mailbox.graph import ways
from ackd.mailbox.sign_in.answers import MEANINGS

ROOT = Path(__file__).resolve().parents[1]
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "SECURITY.md"]
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"```.*?```", re.DOTALL)


def anchors(page: Path) -> set[str]:
    """The anchors that a forge makes of headings."""
    heads = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in _LINK.findall(_CODE.sub("", page.read_text(encoding="utf-8"))):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        file, _, anchor = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        assert there.exists(), f"{page.name}: {target}"
        if anchor:
            assert anchor in anchors(there), f"{page.name}: {target}"


def test_every_message_that_is_explained_is_ackds_own() -> None:
    sources = "\n".join(file.read_text(encoding="utf-8") for file in sorted((ROOT / "ackd").rglob("*.py")))
    joined = re.sub(r'"\s*\n\s*f?"', "", sources)
    page = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.*?) \|", page, re.MULTILINE)
    pieces = [
        piece.strip()
        for row in rows
        for message in re.findall(r"`([^`]+)`", row)
        for piece in re.split(r"…|\b\d+\b(?! and)|\(\d+\)", message)
    ]
    wanted = [piece for piece in pieces if len(piece) > 7 and not piece.startswith("event=")]
    assert len(wanted) > 20
    assert [piece for piece in wanted if piece not in joined] == []


def test_every_number_of_the_authoritys_that_ackd_knows_is_explained() -> None:
    page = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d[\d, ]+) \|", page.partition("| AADSTS |")[2], re.MULTILINE)
    explained = {int(one) for row in rows for one in row.split(",")}
    assert set(MEANINGS) - explained == set()


def test_every_exit_status_is_explained() -> None:
    """In the words of the code, and no other; those of the usual commands also in the README."""
    page = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8").partition("## Exit statuses")[2]
    rows = re.findall(r"^\| (\d+) \| (.*?) \|", page, re.MULTILINE)
    assert [int(number) for number, _ in rows] == sorted(ExitStatus)
    for number, said in rows:
        assert said.startswith(ExitStatus(int(number)).meaning), number
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    for status in (ExitStatus.DONE, ExitStatus.TRY_AGAIN, ExitStatus.REFUSED, ExitStatus.WRONG):
        assert f"{int(status)} {status.meaning}" in readme


def test_no_exit_status_is_a_bare_number() -> None:
    sources = {file: file.read_text(encoding="utf-8") for file in (ROOT / "ackd").rglob("*.py")}
    bare = re.compile(r"exit_code(?:: int)? = \d|Exit\(\d|sys\.exit\(\d|SystemExit\(\d")
    assert not [str(file) for file, text in sources.items() if bare.search(text)]
    assert not [
        str(file) for file, text in sources.items() if "xit status" in text and "    Exit status" in text
    ]


def test_every_commands_help_tells_its_statuses_once() -> None:
    """By `cli.exits`, which takes the numbers and words from the enumeration."""
    assert DECLARED
    for name, ends in DECLARED.items():
        module, _, function = name.rpartition(".")
        told = getattr(importlib.import_module(module), function).__doc__
        assert told.count("Exit status: ") == 1
        for end in ends:
            assert re.search(rf"[:;] {int(end)} \w", told), name


def test_the_changelog_begins_with_this_version() -> None:
    heads = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    newest = heads[1] if heads[0] == "[Unreleased]" else heads[0]
    assert re.fullmatch(rf"\[{re.escape(__version__)}\] - (unreleased|\d{{4}}-\d\d-\d\d)", newest)


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    names = [command.name for command in app.registered_commands] + [
        group.name for group in app.registered_groups
    ]
    assert [name for name in names if f"`ackd {name}" not in readme] == []


def test_what_the_self_test_tries_of_graph_is_told_with_what_follows() -> None:
    page = (ROOT / "docs" / "mailbox.md").read_text(encoding="utf-8")
    table = page.partition("## What only a real mailbox can show")[2].partition("\n## ")[0]
    names = [value for name, value in vars(ways).items() if name.isupper() and not name.startswith("_")]
    assert [name for name in names if name not in table] == []
