"""`ackd letter`: what the owner sees before colleagues do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ackd.cli import app
from ackd.letters import NAMES, VARIABLES
from ackd.text.languages import LANGUAGES
from tests.people import MONDAY, raw

CONFIG = """\
mailbox:
  address: alice@corp.example
  endpoint: https://mail.corp.example/EWS/Exchange.asmx
  username: alice
  password: {env: X}
internal: {domains: [corp.example]}
letters: {name: Alice Smith, directory: own}
promise: {time_zone: Europe/Berlin, working_hours: {mon-fri: "09:00-17:00"}, absences: []}
"""
Preview = Callable[..., Any]


@pytest.fixture
def preview(tmp_path: Path) -> Preview:
    """Run `ackd letter preview` on a Monday morning."""
    (tmp_path / "own" / "en").mkdir(parents=True)
    config, clock = tmp_path / "config.yaml", tmp_path / "clock"
    config.write_text(CONFIG.replace("own}", f"{tmp_path / 'own'}}}"))
    clock.write_text(MONDAY.isoformat())

    def run(*arguments: str) -> Any:
        fixed = ["letter", "preview", "--config", str(config), "--clock", str(clock)]
        return CliRunner().invoke(app, [*fixed, *arguments])

    return run


def test_list_names_every_letter_value_and_language() -> None:
    shown = CliRunner().invoke(app, ["letter", "list"]).stdout
    assert all(name in shown for name in (*NAMES, *VARIABLES, *LANGUAGES))
    found = json.loads(CliRunner().invoke(app, ["letter", "list", "--json"]).stdout)
    assert list(found["letters"]) == list(NAMES)
    assert found["languages"] == sorted(LANGUAGES)
    assert found["values"]["name"]["example"] == "Bob"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_letter_can_be_seen_in_each_language(preview: Preview, language: str) -> None:
    for name in NAMES:
        shown = preview("--letter", name, "--language", language)
        assert shown.exit_code == 0, shown.output
        text, html = shown.stdout.split("--- HTML ---")
        assert f'lang="{language}"' in html
        assert "Bob" in text
        assert "Budget 2027" in html


def test_made_up_is_what_the_promise_does_not_tell(preview: Preview) -> None:
    moved = preview("--letter", "new-date").stdout
    assert "by Wednesday, 25 November, 09:30, and I am sorry" in moved
    assert "You will have it by Thursday, 26 November, 09:30." in moved
    away = preview("--letter", "absent").stdout
    assert "back on Monday, 30 November" in away
    assert "carol.miller@example.org" in away


def test_a_question_in_a_file_is_answered_as_it_would_be(preview: Preview, tmp_path: Path) -> None:
    file = tmp_path / "q.eml"
    file.write_bytes(raw("q").replace(b"+0000", b"-0500"))
    found = json.loads(preview(str(file), "--json").stdout)
    assert found["letter"] == "received"
    assert found["to"] == "bob@corp.example"
    assert found["subject"] == "Re: About q"
    assert "Wednesday, 25 November, 14:30 (CET)" in found["text"]
    assert found["fell_back"] is None


def test_a_mail_that_gets_no_letter_is_shown_with_a_word(preview: Preview, tmp_path: Path) -> None:
    file = tmp_path / "thanks.eml"
    file.write_bytes(raw("q", "Thanks, great!"))
    shown = preview(str(file))
    assert shown.exit_code == 0
    assert "would be left alone" in shown.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--letter", "recieved"], 2, "received"),
        (["--language", "xx"], 2, "there are: "),
        (["none.eml"], 66, "none.eml: can't be read: No such file"),
        (["."], 66, "can't be read"),
        (["empty.eml"], 65, "no sender"),
    ],
)
def test_wrong_input_is_told_with_its_remedy(
    preview: Preview,
    arguments: list[str],
    status: int,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    Path("empty.eml").write_text("\n")
    shown = preview(*arguments)
    assert shown.exit_code == status
    assert words in shown.stderr


def test_an_own_template_that_fails_is_told_and_the_packaged_one_shown(
    preview: Preview, tmp_path: Path
) -> None:
    own = tmp_path / "own" / "en" / "received.txt.j2"
    own.write_text("Subject: Hi\n\nHi {{ nobody }}")
    shown = preview()
    assert shown.exit_code == 78
    assert "Thank you for your message" in shown.stdout
    assert "en/received.txt.j2" in shown.stderr
    assert "'nobody' is not a value of letters" in shown.stderr
    own.write_text("Subject: Hi\n\nHi {{ name }}, wait until {{ due }}.")
    assert "Hi Bob, wait until Wednesday" in preview().stdout


def test_open_writes_a_file_for_the_owner_alone(
    preview: Preview, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("typer.launch", opened.append)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    shown = preview("--open")
    (file,) = map(Path, opened)
    assert f"written to {file}" in shown.stderr
    assert file.parent == tmp_path
    assert file.stat().st_mode & 0o077 == 0
    assert "<strong>Wednesday, 25 November, 09:30</strong>" in file.read_text(encoding="utf-8")


def test_a_letter_without_the_promised_date_is_noted(preview: Preview, tmp_path: Path) -> None:
    (tmp_path / "own" / "en" / "received.txt.j2").write_text("Subject: Hi\n\nSoon.")
    shown = preview()
    assert shown.exit_code == 0
    assert "note: en/received.txt.j2: it doesn't always say by when the answer comes" in shown.stderr
    checked = CliRunner().invoke(app, ["config", "check", "--config", str(tmp_path / "config.yaml")])
    assert checked.exit_code == 0
    assert "note: letters.directory: en/received.txt.j2: it doesn't always say" in checked.stderr
