"""`ackd init` for Exchange Online: from an address to a configuration of kind graph, over TLS, with the
sandbox's own authority; a person's browser is a program that fills in the page."""

from __future__ import annotations

import sys
import webbrowser
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from ackd import config as configuration
from ackd.cli import app
from ackd.cli.sign_in import AtTerminal
from ackd.errors import SignInOver
from exchange_sandbox import Quirks, Sandbox, consent
from tests.app import APP, SECRET
from tests.hosts import Hosts, Names, door, leads, says
from tests.people import raw

ALICE = "alice@corp.example"
BROWSER = '''"""A person's browser: signs in on the page that it is given, and goes where that leads."""
import re, sys, urllib.parse, requests
session = requests.Session()
page = session.get(sys.argv[1]).text
form = dict(re.findall(r'name="([^"]*)" value="([^"]*)"', page))
form |= {"login": "alice@corp.example", "passwd": "hunter2", "decision": "agree"}
answer = session.post(sys.argv[1], data=form)
target = re.search(r'action="([^"]*)"', answer.text)
if target:
    fields = dict(re.findall(r'name="([^"]*)" value="([^"]*)"', answer.text))
    session.post(target[1], data=fields)
'''


@pytest.fixture
def online(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Sandbox]:
    """A tenant, with the quirks that a test asks for, and a browser."""
    people, apps, quirks = {ALICE: "hunter2"}, {APP: SECRET}, Quirks.of(getattr(request, "param", ()))
    with Sandbox(tmp_path / "sandbox", people, tls=True, apps=apps, quirks=quirks) as sandbox:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(sandbox.authority))
        (tmp_path / "browser.py").write_text(BROWSER)
        monkeypatch.setattr(webbrowser, "_tryorder", None)  # it looks at the environment once a process
        monkeypatch.setenv("BROWSER", f"{sys.executable} {tmp_path / 'browser.py'} %s")
        yield sandbox


def init(folder: Path, sandbox: Sandbox, *options: str, answers: tuple[str, ...] = ()) -> Result:
    paths = ["--config", str(folder / "etc" / "config.yaml"), "--state", str(folder / "state")]
    bundle = ["--ca-bundle", str(sandbox.authority)]
    return CliRunner().invoke(app, ["init", *paths, *bundle, *options], input="\n".join(answers) + "\n")


def loaded(folder: Path) -> configuration.Config:
    return configuration.load(folder / "etc" / "config.yaml").config


def test_a_person_signs_in_by_the_browser(tmp_path: Path, online: Sandbox) -> None:
    online.deliver(raw("q1"), ALICE)
    answers = (ALICE, online.graph_url, online.sign_in_url, "not an id", APP, "", "file", *[""] * 8)
    done = init(tmp_path, online, answers=answers)
    assert done.exit_code == 0, (done.output, done.exception)
    assert "`not an id` can't be used; allowed: an id such as" in done.output
    assert f"Signed in as {ALICE}" in done.output
    assert "1 mail looked at, 1 in a colleague's name" in done.output
    assert "ok   sign-in" in done.output
    assert "assumed" not in done.output  # the mailbox tells zone and hours
    box = loaded(tmp_path).mailbox
    assert (box.kind, box.sign_in, box.client_id) == ("graph", "browser", APP)
    assert (box.authority, box.endpoint) == (online.sign_in_url, online.graph_url)
    assert box.password is None


def test_a_code_where_there_is_no_display(
    tmp_path: Path, online: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    shown = AtTerminal.enter_code

    def enter(self: AtTerminal, page: str, code: str, minutes: int) -> None:
        shown(self, page, code, minutes)
        consent(online.data, code, ALICE)  # the person, at another device

    monkeypatch.setattr(AtTerminal, "enter_code", enter)
    answers = (ALICE, online.graph_url, online.sign_in_url, APP, "", "file", *[""] * 8)
    done = init(tmp_path, online, answers=answers)
    assert done.exit_code == 0, (done.output, done.exception)
    assert "enter the code" in done.output
    assert loaded(tmp_path).mailbox.sign_in == "device"


def test_a_script_for_an_app_asks_nothing(tmp_path: Path, online: Sandbox) -> None:
    script = [
        "--yes",
        "--address",
        ALICE,
        "--kind",
        "graph",
        "--endpoint",
        online.graph_url,
        "--sign-in",
        "secret",
    ]
    way = ["--authority", online.sign_in_url, "--client-id", APP, "--password-stdin", "--keep", "file"]
    done = init(tmp_path, online, *script, *way, answers=(SECRET,))
    assert done.exit_code == 0, (done.output, done.exception)
    assert SECRET not in done.output
    config = loaded(tmp_path)
    assert config.mailbox.sign_in == "secret"
    assert configuration.read_secret(config.mailbox.password, ALICE) == SECRET  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("option", "answer", "words"),
    [
        ("--client-id", "ackd", "an id such as"),
        ("--authority", "my company", "an address such as https://login.microsoftonline.com/corp.example"),
        ("--sign-in", "brwser", "did you mean browser?"),
        ("--kind", "grahp", "did you mean graph?"),
        ("--certificate", "nowhere.pem", "there is no such file"),
    ],
)
def test_wrong_options_are_told_before_anybody_is_asked(
    tmp_path: Path, online: Sandbox, option: str, answer: str, words: str
) -> None:
    done = init(tmp_path, online, "--yes", "--address", ALICE, "--kind", "graph", option, answer)
    assert done.exit_code == 2, (done.output, done.exception)
    assert words in " ".join(done.output.replace("│", " ").split())
    assert online.requests.all() == []


def test_what_is_missing_is_named(tmp_path: Path, online: Sandbox) -> None:
    done = init(tmp_path, online, "--yes", "--address", ALICE, "--kind", "graph")
    assert done.exit_code == 2
    assert "--client-id" in done.output


@pytest.mark.parametrize("online", [["admin_consent_required"]], indirect=True)
def test_an_administrators_consent_that_is_missing_is_told_with_its_address(
    tmp_path: Path, online: Sandbox
) -> None:
    answers = (ALICE, online.graph_url, online.sign_in_url, APP, "", "file")
    done = init(tmp_path, online, answers=answers)
    assert isinstance(done.exception, SignInOver)
    words = str(done.exception)
    assert f"{online.sign_in_url}/adminconsent?client_id={APP}" in words
    assert words.endswith("then run: ackd init")
    assert not (tmp_path / "etc" / "config.yaml").exists()
    assert APP in (tmp_path / "etc" / "ackd-init.json").read_text(), "what was answered is kept"


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[Names]:
    import dns.resolver

    with Names() as names:
        host, port = names.server_address
        mine = dns.resolver.Resolver(configure=False)
        mine.nameservers, mine.port = [str(host)], int(port)
        monkeypatch.setattr(dns.resolver, "default_resolver", mine)
        yield names


def test_an_address_whose_autodiscover_leads_online_gets_graph_proposed(
    tmp_path: Path, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    microsofts = "autodiscover-s.outlook.com"
    with Hosts(tmp_path / "hosts", "autodiscover.corp.example", microsofts) as web:
        web.rules["autodiscover.corp.example"] = leads(
            302, f"https://{microsofts}/autodiscover/autodiscover.svc"
        )
        web.rules[microsofts] = door(says(200), 'Bearer realm=""')
        command = [
            "init",
            "--config",
            str(tmp_path / "etc" / "config.yaml"),
            "--state",
            str(tmp_path / "state"),
        ]
        way = ["--ca-bundle", str(web.ca), "--proxy", web.proxy.url]
        done = CliRunner().invoke(app, [*command, *way], input=f"{ALICE}\n\n\n")
        assert "Your mailbox is in Exchange Online" in done.output
        assert "[graph]" in done.output
        assert "Your tenant (its domain or id) [corp.example]" in done.output
        assert web.signed_in() == []
