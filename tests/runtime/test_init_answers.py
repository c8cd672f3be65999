"""`ackd init`: each answer is checked when it is given, and nothing that was answered is lost."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from datetime import time
from pathlib import Path

import pytest
from click.testing import Result as ClickResult
from typer.testing import CliRunner

from ackd import config as configuration
from ackd.cli import app
from ackd.config import meant
from ackd.errors import SignInRefused, Unreachable
from ackd.runtime import onboarding
from exchange_sandbox import Sandbox
from tests.hosts import Hosts, door, passes_on

ALICE = "alice@corp.example"
HOST = "mail.corp.example"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(tmp_path_factory.mktemp("sandbox"), {ALICE: "hunter2"}) as sandbox:
        yield sandbox


def init(folder: Path, *options: str, answers: tuple[str, ...] = ()) -> ClickResult:
    paths = ["--config", str(folder / "etc" / "config.yaml"), "--state", str(folder / "state")]
    return CliRunner().invoke(app, ["init", *paths, *options], input="\n".join(answers) + "\n")


def test_a_wrong_answer_is_told_at_once_with_what_is_likely_meant(tmp_path: Path, sandbox: Sandbox) -> None:
    answers = (
        *("alice", ALICE),  # an address
        *("mail server", sandbox.url, "basik", "", "", "hunter2"),
        *("a.smith", "a.smith@corp.example", "", "Alice, Ali"),
        *("@corp.example", ""),  # domains: Enter takes the proposal
        *("Berlin", "", "9-5", ""),
        *("Deutschland", "", "Bavaria", "BY"),
        *("english", "", "file"),
    )
    done = init(tmp_path, answers=answers)
    assert done.exit_code == 0, (done.output, done.exception)
    assert "`alice` can't be used; allowed: an address such as alice@corp.example" in done.output
    assert "this is an address, not a domain" in done.output
    config = configuration.load(tmp_path / "etc" / "config.yaml").config
    assert config.mailbox.aliases == ("a.smith@corp.example",)
    assert config.internal.domains == ("corp.example",)
    assert str(config.promise.time_zone) == "Europe/Berlin"
    assert config.promise.working_hours != "mailbox"
    assert config.promise.working_hours.days[4] == ((time(9), time(17)),)
    assert config.promise.holidays is not None
    assert (config.promise.holidays.country, config.promise.holidays.subdivision) == ("DE", "BY")
    assert config.letters.language == "en"
    assert not (tmp_path / "etc" / "ackd-init.json").exists(), "it is in the configuration now"


@pytest.mark.parametrize(
    ("option", "answer", "words"),
    [
        ("--time-zone", "Berlin", "did you mean Europe/Berlin?"),
        ("--time-zone", "W. Europe Standard Time", "did you mean Europe/Berlin?"),
        ("--country", "Germany", "did you mean DE?"),
        ("--working-hours", "9-5", "did you mean mon-fri 09:00-17:00?"),
        ("--working-hours", "mon 25-26", "a time is written 09:00"),
        ("--language", "english", "did you mean en?"),
        ("--domain", "@corp.example", "did you mean corp.example?"),
        ("--alias", "a.smith", "an address such as"),
        ("--keep", "keyrin", "did you mean keyring?"),
        ("--subdivision", "Bayern", "there is none without a country"),
        ("--authenticated-by-tenant", "corp.example", "a tenant's id such as"),
    ],
)
def test_a_script_is_told_by_the_option_and_nothing_is_written(
    tmp_path: Path, sandbox: Sandbox, option: str, answer: str, words: str
) -> None:
    script = ["--yes", "--address", ALICE, "--endpoint", sandbox.url, "--password-stdin"]
    done = init(tmp_path, *script, option, answer, answers=("hunter2",))
    assert done.exit_code == 2, (done.output, done.exception)
    told = " ".join(done.output.replace("│", " ").split())
    assert option in told
    assert words in told
    assert not (tmp_path / "etc").exists()


def test_what_cannot_be_used_is_told_before_any_server_is_asked(tmp_path: Path, sandbox: Sandbox) -> None:
    before = sandbox.requests.count()
    for option, answer in (("--country", "Germany"), ("--working-hours", "9-5"), ("--alias", "a")):
        script = ["--yes", "--address", ALICE, "--endpoint", sandbox.url, "--password-stdin", option, answer]
        assert init(tmp_path, *script, answers=("hunter2",)).exit_code == 2
    assert sandbox.requests.count() == before


def test_answers_outlive_a_failure_without_the_password(tmp_path: Path, sandbox: Sandbox) -> None:
    done = init(tmp_path, answers=(ALICE, sandbox.url, "", "CORP\\alice", "wrong-1", "wrong-2"))
    assert isinstance(done.exception, SignInRefused)
    kept = tmp_path / "etc" / "ackd-init.json"
    assert f"is in {kept} for the next try" in done.output
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert "wrong" not in kept.read_text()
    assert json.loads(kept.read_text())["--username"] == "CORP\\alice"
    again = init(tmp_path, answers=("", "", "", ALICE, "hunter2", *[""] * 10))
    assert again.exit_code == 0, (again.output, again.exception)
    assert f"Your mail address [{ALICE}]" in again.output
    assert "User name [CORP\\alice]" in again.output
    assert not kept.exists()


def test_answers_outlive_ctrl_c_and_can_be_let_go(tmp_path: Path, sandbox: Sandbox) -> None:
    stopped = init(tmp_path, answers=(ALICE, sandbox.url))  # the input ends
    assert stopped.exit_code == 1
    assert json.loads((tmp_path / "etc" / "ackd-init.json").read_text())["--address"] == ALICE
    anew = init(tmp_path, "--anew", answers=("bob@corp.example",))
    assert "Your mail address:" in anew.output
    (tmp_path / "etc" / "ackd-init.json").write_text("{broken")
    assert "Your mail address:" in init(tmp_path).output


def test_a_script_neither_keeps_nor_takes_answers(tmp_path: Path, sandbox: Sandbox) -> None:
    init(tmp_path, answers=(ALICE, sandbox.url))
    done = init(tmp_path, "--yes", "--endpoint", sandbox.url, "--password-stdin", answers=("hunter2",))
    assert done.exit_code == 2
    assert "--address" in done.output


def test_a_state_that_others_may_change_is_told_when_it_is_named(tmp_path: Path, sandbox: Sandbox) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state").chmod(0o777)
    script = ["--yes", "--address", ALICE, "--endpoint", sandbox.url, "--password-stdin"]
    done = init(tmp_path, *script, answers=("hunter2",))
    assert done.exit_code == 2
    assert "chmod go-w" in " ".join(done.output.replace("│", " ").split())


@pytest.fixture
def web(tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hosts]:
    """The sandbox behind a host with a certificate that its house signed."""
    monkeypatch.setenv("HTTPS_PROXY", "")
    with Hosts(tmp_path / "hosts", HOST) as web:
        web.rules[HOST] = door(passes_on(sandbox.url, ALICE, "hunter2"))
        yield web


def test_an_untrusted_certificate_is_shown_and_trusted_on_a_yes(tmp_path: Path, web: Hosts) -> None:
    way = ["--proxy", web.proxy.url]
    answers = (ALICE, HOST, "", "", "y", "hunter2", *[""] * 12)
    done = init(tmp_path, *way, answers=answers)
    assert done.exit_code == 0, (done.output, done.exception)
    shown = done.output.partition("isn't trusted on this machine")[2]
    assert "by       CN=corp.example in-house CA" in shown
    assert "SHA-256  " in shown
    config = configuration.load(tmp_path / "etc" / "config.yaml").config
    assert config.mailbox.endpoint == f"https://{HOST}/EWS/Exchange.asmx", "a bare name is completed"
    assert config.mailbox.ca_bundle == tmp_path / "etc" / "ackd-server.pem"
    assert "BEGIN CERTIFICATE" in config.mailbox.ca_bundle.read_text()


def test_a_no_to_the_certificate_sends_nothing(tmp_path: Path, web: Hosts) -> None:
    done = init(tmp_path, "--proxy", web.proxy.url, answers=(ALICE, HOST, "", "", "n"))
    assert isinstance(done.exception, Unreachable)
    assert web.signed_in() == []
    assert not (tmp_path / "etc" / "ackd-server.pem").exists()


def test_a_script_trusts_by_the_very_sha256(tmp_path: Path, web: Hosts) -> None:
    script = ["--yes", "--address", ALICE, "--endpoint", HOST, "--proxy", web.proxy.url, "--password-stdin"]
    refused = init(tmp_path, *script, "--trust-certificate", "00" * 32, answers=("hunter2",))
    assert "To trust it: --trust-certificate " in refused.output
    assert web.signed_in() == []
    sha256 = refused.output.partition("To trust it: --trust-certificate ")[2].split()[0]
    done = init(tmp_path, *script, "--trust-certificate", sha256, answers=("hunter2",))
    assert done.exit_code == 0, (done.output, done.exception)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("mail.corp.example", "https://mail.corp.example/EWS/Exchange.asmx"),
        ("mail.corp.example:8443", "https://mail.corp.example:8443/EWS/Exchange.asmx"),
        ("mail.corp.example/ews/exchange.asmx", "https://mail.corp.example/ews/exchange.asmx"),
        ("https://mail.corp.example/", "https://mail.corp.example/EWS/Exchange.asmx"),
        ("graph.microsoft.com", "https://graph.microsoft.com/v1.0"),
        ("Autodiscover", "autodiscover"),
        ("my server", "my server"),
    ],
)
def test_a_server_is_completed(text: str, meaning: str) -> None:
    assert meant.endpoint(text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("9-5", "mon-fri 09:00-17:00"),
        ("9am to 5pm", "mon-fri 09:00-17:00"),
        ("8:30 – 17:00 Uhr", "mon-fri 08:30-17:00"),
        ("8h30 à 17h", "mon-fri 08:30-17:00"),
        ("22-6", None),
        ("9", None),
        ("25-26", None),
    ],
)
def test_hours_without_days(text: str, meaning: str | None) -> None:
    assert meant.likely_week(text) == meaning


def test_hours_with_days_are_read_as_they_are() -> None:
    assert meant.week("mon-thu 9-17; fri: 9-12") == {"mon-thu": "9-17", "fri": "9-12"}


@pytest.mark.parametrize(
    ("name", "given"), [("Alice Miller", "Alice"), ("Miller, Alice", "Alice"), ("Service Desk", "")]
)
def test_the_given_name_is_proposed_where_it_is_sure(name: str, given: str) -> None:
    assert onboarding.given_name(ALICE, name) == given
