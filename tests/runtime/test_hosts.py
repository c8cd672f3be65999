"""A password goes only to a host that asked for it and that the owner confirmed."""

from __future__ import annotations

import base64
import json
import os
import pty
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import dns.resolver
import pytest
from typer.testing import CliRunner, Result

from ackd import config as configuration
from ackd.cli import app
from ackd.errors import AckdError, ConfigError, SignInRefused, Unreachable
from ackd.mailbox.ews import Access, EwsMailbox, endpoint_cache
from ackd.mailbox.ews.discovery import Srv
from ackd.model import hosts
from ackd.model.access import Auth
from ackd.model.hosts import Asking, Unconfirmed
from exchange_sandbox import Sandbox
from tests.clock import StepClock
from tests.hosts import Hosts, Names, by_path, door, leads, passes_on, says, tells
from tests.mailbox.ews.scripted import Scripted, ScriptedServer
from tests.system.commands import ACKD

ALICE, PASSWORD = "alice@corp.example", "planted-c0ffee"
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
OWN, MAIL, BARE = "autodiscover.corp.example", "mail.corp.example", "corp.example"
EVIL = "mail.evil.example"
LOOK_ALIKES = ("corp.example.evil.example", "evilcorp.example", "xn--crp-sed.example")
EWS = "/EWS/Exchange.asmx"


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Hosts]:
    names = (OWN, MAIL, BARE, EVIL, "autodiscover.evil.example", *LOOK_ALIKES)
    with Hosts(tmp_path / "web", *names, strangers=("autodiscover.other.example",)) as web:
        yield web


def access(web: Hosts, **more: str) -> Access:
    plain = Access(ALICE, "autodiscover", ALICE, PASSWORD, ca_bundle=str(web.ca), proxy=web.proxy.url)
    return replace(plain, **more)


class Owner:
    """Confirms what is in `yes`, and remembers what was asked."""

    def __init__(self, *yes: str) -> None:
        self.yes, self.asked = yes, list[Asking]()

    def __call__(self, asking: Asking) -> bool:
        self.asked.append(asking)
        return asking.name in self.yes

    @property
    def names(self) -> list[str]:
        return [asking.name for asking in self.asked]


def reach(
    web: Hosts, state: Path, confirm: Callable[[Asking], bool], *srv: Srv, anew: bool = True, **more: str
) -> Access:
    return endpoint_cache.reached(
        access(web, **more), state / "state", NOW, anew=anew, confirm=confirm, srv=lambda name: list(srv)
    )


@pytest.mark.parametrize("status", [200, 204, 403, 404, 500])
def test_a_host_that_asks_for_nothing_gets_nothing(web: Hosts, tmp_path: Path, status: int) -> None:
    web.rules = {OWN: says(status, b"<html>Welcome</html>"), BARE: says(status, b"<html>Welcome</html>")}
    owner = Owner(OWN, BARE)
    with pytest.raises(Unreachable, match=f"answered {status} and asked for no sign-in"):
        reach(web, tmp_path, owner)
    assert web.asked() == [OWN, BARE]
    assert web.signed_in() == owner.names == []


def test_own_places_come_before_the_bare_domain(web: Hosts, tmp_path: Path) -> None:
    web.rules = {BARE: door(tells(f"https://{BARE}{EWS}")), MAIL: door(tells(f"https://{MAIL}{EWS}"))}
    owner = Owner(MAIL)
    found = reach(web, tmp_path, owner, Srv(10, 0, 443, f"{MAIL}."))
    assert found.endpoint == f"https://{MAIL}{EWS}"
    assert web.asked() == [OWN, MAIL]
    assert next(one for one in web.heard if one.host == MAIL).authorization == ""


def test_srv_records_count_by_their_priority_and_with_their_port(web: Hosts, tmp_path: Path) -> None:
    """And the port is part of what is confirmed."""
    web.rules = {MAIL: door(says(200)), f"{MAIL}:8443": door(tells(f"https://{MAIL}:8443{EWS}"))}
    records = [
        Srv(20, 0, 443, "autodiscover.evil.example"),
        Srv(5, 0, 8443, "MAIL.corp.example."),
        Srv(1, 0, 443, "."),
    ]
    owner = Owner(f"{MAIL}:8443")
    assert reach(web, tmp_path, owner, *records).endpoint == f"https://{MAIL}:8443{EWS}"
    assert owner.names == [f"{MAIL}:8443"]
    assert web.signed_in() == [f"{MAIL}:8443"]
    assert "evil" not in " ".join(web.proxy.asked)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("after", [False, True], ids=["at once", "after the sign-in"])
def test_a_redirect_carries_nothing(web: Hosts, tmp_path: Path, status: int, after: bool) -> None:
    there = leads(status, f"https://{EVIL}/autodiscover/autodiscover.svc")
    web.rules = {OWN: door(there) if after else there, EVIL: door(tells(f"https://{EVIL}{EWS}"))}
    owner = Owner(OWN)
    with pytest.raises(
        Unconfirmed, match=rf"{EVIL} asks for your sign-in .* NOT below corp\.example"
    ) as caught:
        reach(web, tmp_path, owner)
    assert f"ackd check --confirm-host {EVIL}" in str(caught.value)
    assert web.signed_in() == ([OWN] if after else [])
    assert reach(web, tmp_path, Owner(OWN, EVIL)).endpoint == f"https://{EVIL}{EWS}"


@pytest.mark.parametrize(
    "target",
    [
        f"http://{MAIL}/autodiscover/autodiscover.svc",
        f"https://{MAIL}@{EVIL}/autodiscover/autodiscover.svc",
        f"https://{EVIL}\\@{MAIL}/",
        f"ftp://{MAIL}/",
        "//[::1",
        "https://",
    ],
)
def test_what_leads_to_no_plain_https_address_isnt_followed(web: Hosts, tmp_path: Path, target: str) -> None:
    web.rules = {OWN: door(leads(302, target)), MAIL: door(tells()), EVIL: door(tells())}
    with pytest.raises((Unreachable, Unconfirmed)):
        reach(web, tmp_path, Owner(OWN))
    assert web.signed_in() == [OWN]
    assert not {EVIL, MAIL} & set(web.asked())


def test_a_sign_in_that_only_the_second_host_asks_for(web: Hosts, tmp_path: Path) -> None:
    web.rules = {
        OWN: leads(302, "HTTPS://Mail.Corp.Example./autodiscover/autodiscover.svc"),
        MAIL: door(tells(f"https://MAIL.corp.example.{EWS}")),
    }
    owner = Owner(MAIL)
    assert reach(web, tmp_path, owner).endpoint == f"https://{MAIL}{EWS}"
    assert web.signed_in() == [MAIL]
    assert owner.asked[0].named_by == f"{OWN} leads there"
    assert owner.asked[0].is_own


@pytest.mark.parametrize(
    "rules",
    [
        {OWN: door(tells(url=f"https://{OWN}/autodiscover/autodiscover.svc"))},
        {OWN: door(tells(url=f"https://{MAIL}/a")), MAIL: door(tells(url=f"https://{OWN}/autodiscover/autodiscover.svc"))},
        {OWN: door(tells(address=ALICE))},
        {OWN: door(tells(address="bob@corp.example"))},
        {OWN: lambda heard: leads(302, f"https://{OWN}/{len(heard.path) * 'x'}")(heard)},
    ],
    ids=["url to itself", "two urls", "address to itself", "two addresses", "without end"],
)  # fmt: skip
def test_circles_end(web: Hosts, tmp_path: Path, rules: dict[str, Callable[..., object]]) -> None:
    web.rules = rules  # type: ignore[assignment]
    with pytest.raises(Unreachable, match="found no server for alice"):
        reach(web, tmp_path, Owner(OWN, MAIL))
    assert len(web.heard) < 30
    assert sum(bool(one.authorization) for one in web.heard) <= 2


def test_an_address_elsewhere_is_asked_for_at_its_own_places(web: Hosts, tmp_path: Path) -> None:
    web.rules = {
        OWN: door(tells(address="alice@evil.example")),
        "autodiscover.evil.example": door(tells(f"https://{EVIL}{EWS}")),
        EVIL: door(says(200)),
    }
    with pytest.raises(Unconfirmed, match=r"autodiscover\.evil\.example asks"):
        reach(web, tmp_path, Owner(OWN))
    assert web.signed_in() == [OWN]
    owner = Owner(OWN, "autodiscover.evil.example", EVIL)
    assert reach(web, tmp_path, owner).endpoint == f"https://{EVIL}{EWS}"
    assert not any(asking.is_own for asking in owner.asked)


@pytest.mark.parametrize("host", [EVIL, *LOOK_ALIKES, "cоrp.example", f"{MAIL}:8443"])
def test_an_endpoint_elsewhere_is_never_used_silently(web: Hosts, tmp_path: Path, host: str) -> None:
    name = hosts.name_of(host)
    assert name is not None
    web.rules = {OWN: door(tells(f"https://{host}{EWS}")), name: door(says(200))}
    owner = Owner(OWN)
    with pytest.raises(Unconfirmed, match=f"--confirm-host {name}"):
        reach(web, tmp_path, owner)
    assert web.signed_in() == [OWN]
    assert owner.names == [OWN, name]
    assert owner.asked[1].is_own is (name == f"{MAIL}:8443")
    found = reach(web, tmp_path, Owner(name))  # OWN is remembered
    assert found.endpoint == f"https://{name}{EWS}"


def test_a_name_of_the_mailbox_that_is_another_is_asked_for_at_the_same_place(
    web: Hosts, tmp_path: Path
) -> None:
    moved, found = tells(address="a.smith@corp.example"), tells(f"https://{OWN}{EWS}")
    rule = by_path(autodiscover=lambda heard: (found if b"a.smith" in heard.body else moved)(heard))
    web.rules = {OWN: door(lambda heard: says(401)(heard) if heard.path == EWS else rule(heard))}
    assert reach(web, tmp_path, Owner(OWN)).endpoint == f"https://{OWN}{EWS}"


def test_an_endpoint_by_plain_http_is_no_endpoint(web: Hosts, tmp_path: Path) -> None:
    web.rules = {OWN: door(tells(f"http://{MAIL}{EWS}", f"https://{MAIL}{EWS}")), MAIL: door(says(200))}
    assert reach(web, tmp_path, Owner(OWN, MAIL)).endpoint == f"https://{MAIL}{EWS}"
    assert not any(
        "http:" in one and "CONNECT" not in one and "autodiscover" not in one for one in web.proxy.asked
    )


def test_where_plain_http_leads_to_is_asked_and_confirmed(web: Hosts, tmp_path: Path) -> None:
    web.proxy.plain = {OWN: f"https://{EVIL}/autodiscover/autodiscover.xml"}
    web.rules = {EVIL: door(tells(f"https://{EVIL}{EWS}"))}
    with pytest.raises(Unconfirmed, match=rf"{EVIL} asks .* http://{OWN} leads there"):
        reach(web, tmp_path, Owner(OWN))
    assert web.signed_in() == []
    assert not any(head.lower().startswith(("authorization", "proxy-auth")) for head in web.proxy.heads)
    assert reach(web, tmp_path, Owner(EVIL)).endpoint == f"https://{EVIL}{EWS}"
    assert [one.path for one in web.heard if one.authorization] == ["/autodiscover/autodiscover.svc"]


def test_a_certificate_of_another_name_ends_it_there(web: Hosts, tmp_path: Path) -> None:
    web.rules = {OWN: door(tells())}
    with pytest.raises(Unreachable, match=r"certificate of autodiscover\.other\.example is for another"):
        reach(web, tmp_path, Owner("autodiscover.other.example"), address="alice@other.example")
    assert web.heard == []


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may sign in by NTLM."""
    (tmp_path / "users").write_text(f"CORP:alice:{PASSWORD}\n")
    monkeypatch.setenv("NTLM_USER_FILE", str(tmp_path / "users"))


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize(
    ("offers", "auth"),
    [
        (('Basic realm="NTLM, Negotiate"',), Auth.BASIC),
        (("NTLM",), Auth.NTLM),
        (("Negotiate",), Auth.NTLM),
        (('Basic realm="mail"', "NTLM"), Auth.NTLM),
        (("Negotiate", "NTLM", 'Basic realm="mail"'), Auth.NTLM),
        (('Bearer client_id="0000", trusted_issuers="x", authorization_uri="y"', "NTLM"), Auth.NTLM),
    ],
)
def test_the_safest_sign_in_that_is_offered(
    web: Hosts, tmp_path: Path, offers: tuple[str, ...], auth: Auth
) -> None:
    web.rules = {OWN: door(tells(f"https://{MAIL}{EWS}"), *offers), MAIL: door(says(200), *offers)}
    found = reach(web, tmp_path, Owner(OWN, MAIL), auth=Auth.AUTO, username="CORP\\alice")
    assert (found.endpoint, found.auth) == (f"https://{MAIL}{EWS}", auth)
    tokens = [one.authorization.partition(" ") for one in web.heard if one.authorization]
    assert ("Basic" in {scheme for scheme, _, _ in tokens}) is (auth == "basic")
    if auth != "basic":
        assert not any(PASSWORD.encode() in base64.b64decode(token) for _, _, token in tokens)


@pytest.mark.parametrize(
    ("offers", "auth"),
    [
        (("NTLM",), Auth.BASIC),
        (("Negotiate", "NTLM"), Auth.BASIC),
        (('Bearer realm="Basic"',), Auth.BASIC),
        (("Bearer",), Auth.AUTO),
        (('Digest realm="Basic", nonce="x"',), Auth.AUTO),
        (('Basic realm="x"',), Auth.NTLM),
    ],
)
def test_a_sign_in_that_isnt_offered_is_never_tried(
    web: Hosts, tmp_path: Path, offers: tuple[str, ...], auth: Auth
) -> None:
    web.rules = {OWN: door(tells(f"https://{MAIL}{EWS}"), *offers), MAIL: door(says(200), *offers)}
    with pytest.raises(ConfigError, match=r"Set mailbox\.auth|ackd signs in by") as caught:
        reach(web, tmp_path, Owner(OWN, MAIL), auth=auth)
    assert offers[0].split()[0].lower() in str(caught.value)
    assert web.signed_in() == []


def test_netrc_isnt_asked(web: Hosts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"default login alice password {PASSWORD}\n")
    monkeypatch.setenv("NETRC", str(netrc))
    web.rules = {OWN: door(tells(f"https://{EVIL}{EWS}")), BARE: door(tells())}
    with pytest.raises(Unconfirmed):
        reach(web, tmp_path, Owner())
    assert web.signed_in() == []


def test_a_refused_password_ends_the_search(web: Hosts, tmp_path: Path) -> None:
    web.rules = {OWN: says(401, WWW_Authenticate='Basic realm="x"'), BARE: door(tells())}
    with pytest.raises(SignInRefused, match=f"^{OWN} refused"):
        reach(web, tmp_path, Owner(OWN, BARE))
    assert sum(bool(one.authorization) for one in web.heard) == 1
    assert BARE not in web.asked()


# names


@pytest.mark.parametrize(
    "host",
    ["corp.example", "evilcorp.example", "corp.example.evil.example", "xn--crp-sed.example", "example", ""],
)
def test_these_arent_below_the_domain(host: str) -> None:
    assert not hosts.is_below(host, hosts.domain_of(ALICE))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Mail.CORP.example.", MAIL),
        ("mail.corp.example:443", MAIL),
        ("mail.corp.example:8443", "mail.corp.example:8443"),
        ("straße.example", "xn--strae-oqa.example"),
        ("cоrp.example", "xn--crp-sed.example"),
        ("mail.corp.example/x", None),
        ("alice@mail.corp.example", None),
        ("mail..example", None),
        ("-x.example", None),
        ("mail.corp.example:0", None),
        ("mail.corp.example:http", None),
        ("a b.example", None),
        ("mail\u2024corp.example", None),
        ("mail\u3002corp.example", "mail.corp.example"),
        ("mail.example\n", "mail.example"),
        ("%6dail.example", None),
        ("[::1]", None),
    ],
)
def test_names_are_compared_as_they_stand_on_the_wire(text: str, name: str | None) -> None:
    assert hosts.name_of(text) == name


def test_look_alikes_are_shown_for_what_they_are() -> None:
    asking = Asking("xn--crp-sed.example", "corp.example", "x names it", "basic", is_own=False)
    assert asking.words.startswith("xn--crp-sed.example (it looks like cоrp.example) asks")


# the owner's word, remembered


def test_what_was_confirmed_is_remembered_for_this_address_alone(web: Hosts, tmp_path: Path) -> None:
    web.rules = {OWN: door(tells(f"https://{EVIL}{EWS}")), EVIL: door(says(200))}
    reach(web, tmp_path, Owner(OWN, EVIL))
    owner = Owner()
    reach(web, tmp_path, owner)
    assert owner.names == []
    assert stat.S_IMODE((tmp_path / "state" / "hosts.json").stat().st_mode) == 0o600
    with pytest.raises(Unconfirmed):
        reach(web, tmp_path, owner, address="bob@corp.example")


@pytest.mark.parametrize("spoil", ["chmod", "link", "text", "gone"])
@pytest.mark.parametrize("host", [MAIL, EVIL])
def test_what_others_may_have_written_isnt_the_owners_word(
    web: Hosts, tmp_path: Path, spoil: str, host: str
) -> None:
    web.rules = {OWN: door(tells(f"https://{host}{EWS}")), host: door(says(200))}
    reach(web, tmp_path, Owner(OWN, host))
    web.heard.clear()
    file = tmp_path / "state" / "hosts.json"
    if spoil == "chmod":
        file.chmod(0o666)
    elif spoil == "link":
        file.rename(tmp_path / "elsewhere")
        file.symlink_to(tmp_path / "elsewhere")
    elif spoil == "text":
        file.write_text('{"address": ["alice')
    else:
        file.unlink()
    with pytest.raises(Unconfirmed):
        reach(web, tmp_path, Owner(), anew=False)
    assert web.signed_in() == []


@pytest.mark.parametrize("host", [MAIL, EVIL])
def test_an_address_that_an_older_ackd_found(web: Hosts, tmp_path: Path, host: str) -> None:
    """Below the owner's domain it goes on; elsewhere the owner is asked now."""
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    old = {"address": ALICE, "url": f"https://{host}{EWS}", "at": (NOW - timedelta(days=9)).isoformat()}
    (state / "endpoint.json").write_text(json.dumps(old))
    web.rules = {OWN: door(tells(f"https://{host}{EWS}")), host: door(says(200))}
    if host == MAIL:
        assert reach(web, tmp_path, Owner(), anew=False).endpoint == f"https://{MAIL}{EWS}"
    else:
        with pytest.raises(Unconfirmed, match=f"--confirm-host {OWN}"):
            reach(web, tmp_path, Owner(), anew=False)
    assert web.signed_in() == []


# the commands


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[Names]:
    """The machine's DNS."""
    with Names() as names:
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], names.server_address[1]
        monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
        yield names


@pytest.fixture
def office(web: Hosts, tmp_path: Path, names: Names) -> Iterator[Hosts]:
    """The owner's server: autodiscover and EWS at autodiscover.corp.example, a web site at corp.example."""
    with Sandbox(tmp_path / "sandbox", {ALICE: PASSWORD}) as sandbox:
        ews = passes_on(sandbox.url, ALICE, PASSWORD)
        web.rules = {
            OWN: door(by_path(autodiscover=tells(f"https://{OWN}{EWS}"), ews=ews)),
            EVIL: door(by_path(autodiscover=tells(f"https://{EVIL}{EWS}"), ews=ews)),
            BARE: says(200, b"<html>Welcome</html>"),
        }
        yield web


def command(folder: Path, *words: str, answers: str | None = None) -> Result:
    where = ["--config", str(folder / "config.yaml")]
    return CliRunner().invoke(app, [*words, *where], input=answers, env={"HOME": str(folder), "PW": PASSWORD})


def init(web: Hosts, folder: Path, *words: str, answers: str | None = None) -> Result:
    way = ["--ca-bundle", str(web.ca), "--proxy", web.proxy.url, "--state", str(folder / "state")]
    return command(folder, "init", *way, *words, answers=answers)


SCRIPT = ("--yes", "--address", ALICE, "--password-from", "env:PW")


def code_of(done: Result) -> int:
    return done.exception.exit_code if isinstance(done.exception, AckdError) else done.exit_code


def test_init_takes_a_host_below_the_domain_that_asked(office: Hosts, tmp_path: Path) -> None:
    done = init(office, tmp_path, *SCRIPT)
    assert done.exit_code == 0, (done.output, done.exception)
    assert office.asked() == office.signed_in() == [OWN]
    config = configuration.load(tmp_path / "config.yaml").config
    assert config.mailbox.endpoint == f"https://{OWN}{EWS}"
    assert config.mailbox.auth == "basic"


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize("offers", [("NTLM", 'Basic realm="x"'), ('Basic realm="x"', "Negotiate", "NTLM")])
def test_init_prefers_a_sign_in_that_shows_no_password(
    office: Hosts, tmp_path: Path, offers: tuple[str, ...]
) -> None:
    with Sandbox(tmp_path / "more", {ALICE: PASSWORD}) as sandbox:
        ews = passes_on(sandbox.url, ALICE, PASSWORD)
        office.rules[OWN] = door(by_path(autodiscover=tells(f"https://{OWN}{EWS}"), ews=ews), *offers)
        done = init(office, tmp_path, *SCRIPT, "--username", "CORP\\alice")
    assert done.exit_code == 0, (done.output, done.exception)
    assert configuration.load(tmp_path / "config.yaml").config.mailbox.auth == "ntlm"
    assert not any(one.authorization.startswith("Basic") for one in office.heard)


@pytest.mark.parametrize("rule", [says(404), says(200), says(302, Location=f"https://{EVIL}/")])
def test_init_sends_a_web_site_nothing(office: Hosts, tmp_path: Path, rule: Callable[..., object]) -> None:
    office.rules = {BARE: rule, EVIL: says(200)}  # type: ignore[dict-item]
    done = init(office, tmp_path, *SCRIPT)
    assert code_of(done) == 75
    assert BARE in office.asked()
    assert office.signed_in() == []
    assert not (tmp_path / "config.yaml").exists()


def test_init_takes_neither_the_bare_domain_nor_a_strange_host_by_yes(
    office: Hosts, names: Names, tmp_path: Path
) -> None:
    names.records = {"_autodiscover._tcp.corp.example": [f"0 0 443 {EVIL}."]}
    office.rules[BARE], office.rules[OWN] = door(tells(f"https://{BARE}{EWS}")), says(404)
    done = init(office, tmp_path, *SCRIPT)
    assert isinstance(done.exception, Unconfirmed)
    assert code_of(done) == 78
    assert f"ackd init … --confirm-host {EVIL} --confirm-host {BARE}" in str(done.exception)
    assert office.signed_in() == []
    done = init(office, tmp_path, *SCRIPT, "--confirm-host", EVIL.upper())
    assert done.exit_code == 0, (done.output, done.exception)
    assert office.signed_in() == [EVIL]
    assert configuration.load(tmp_path / "config.yaml").config.mailbox.endpoint == f"https://{EVIL}{EWS}"


def test_init_shows_a_person_the_host_and_takes_no_for_an_answer(
    office: Hosts, names: Names, tmp_path: Path
) -> None:
    names.records = {"_autodiscover._tcp.corp.example": [f"0 0 443 {EVIL}."]}
    del office.rules[OWN]
    first = [ALICE, "", "", "", "", "", ""]  # address … user name, then Enter at the question
    done = init(office, tmp_path, answers="\n".join(first))
    assert f"{EVIL} asks for your sign-in (basic). It is NOT below corp.example" in done.output
    assert "Sign in there? [y/N]" in done.output
    assert "Your mail server" in done.output.partition("Sign in there?")[2]
    assert office.signed_in() == []
    again = [*first[:4], "y", PASSWORD, *[""] * 12]
    done = init(office, tmp_path, answers="\n".join(again))
    assert done.exit_code == 0, (done.output, done.exception)
    assert PASSWORD not in done.output
    assert office.signed_in() == [EVIL]


@pytest.mark.parametrize("where", ["mail.corp.example/x", "-", ""])
def test_an_option_that_names_no_host_is_told(tmp_path: Path, web: Hosts, where: str) -> None:
    done = init(web, tmp_path, *SCRIPT, "--confirm-host", where)
    assert done.exit_code == 2
    assert "--confirm-host" in done.output


def write_config(web: Hosts, folder: Path, endpoint: str = "autodiscover") -> None:
    (folder / "config.yaml").write_text(
        f"mailbox:\n  address: {ALICE}\n  endpoint: {endpoint}\n  password: {{env: PW}}\n"
        f"  ca_bundle: {web.ca}\n  proxy: {web.proxy.url}\nstate: {folder / 'state'}\n"
        "internal: {domains: [corp.example]}\n"
    )
    (folder / "config.yaml").chmod(0o600)


def test_the_service_uses_no_host_that_wasnt_confirmed(office: Hosts, tmp_path: Path) -> None:
    office.rules[OWN] = door(tells(f"https://{EVIL}{EWS}"))
    write_config(office, tmp_path)
    for words in (("once",), ("run",), ("check",)):
        done = command(tmp_path, *words)
        assert code_of(done) == 78, (words, done.output, done.exception)
        assert f"ackd check --confirm-host {OWN}" in f"{done.output}{done.exception}"
    done = command(tmp_path, "check", "--confirm-host", OWN)
    assert code_of(done) == 78
    assert f"ackd check --confirm-host {EVIL}" in done.output
    assert office.signed_in() == [OWN]
    done = command(tmp_path, "check", "--confirm-host", EVIL)
    assert "ok   sign-in" in done.output, (done.output, done.exception)
    done = command(tmp_path, "once")
    assert done.exit_code == 0, (done.output, done.exception)
    assert office.signed_in() == [OWN, EVIL]


@pytest.mark.parametrize("answer", ["", "y", "n"])
def test_check_asks_the_person_at_a_terminal(office: Hosts, tmp_path: Path, answer: str) -> None:
    write_config(office, tmp_path)
    ours, theirs = pty.openpty()
    check = subprocess.Popen(
        [*ACKD, "check", "--config", str(tmp_path / "config.yaml")],
        stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, "PW": PASSWORD},
    )  # fmt: skip
    os.close(theirs)
    os.write(ours, f"{answer}\n".encode())
    said = b""
    with suppress(OSError):  # the end of a terminal
        while piece := os.read(ours, 65536):
            said += piece
    os.close(ours)
    assert check.wait(30) == (78 if answer == "n" else 0), said
    assert f"{OWN} asks for your sign-in (basic). It is below corp.example".encode() in said
    assert b"Sign in there? [Y/n]" in said
    assert (b"ok   sign-in" in said) is (answer != "n")
    assert office.signed_in() == ([] if answer == "n" else [OWN])


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_an_endpoint_that_redirects_takes_nothing_along(office: Hosts, tmp_path: Path, status: int) -> None:
    office.rules = {MAIL: leads(status, f"https://{EVIL}{EWS}"), EVIL: says(200)}
    write_config(office, tmp_path, f"https://{MAIL}{EWS}")
    assert code_of(command(tmp_path, "once")) == 75
    assert office.asked() == [MAIL]
    done = init(office, tmp_path / "other", *SCRIPT, "--endpoint", f"https://{MAIL}{EWS}")
    assert code_of(done) == 75
    assert f"leads to 'https://{EVIL}{EWS}'" in str(done.exception)
    assert office.asked() == [MAIL]


@pytest.mark.parametrize("offer", ["NTLM", "Bearer"])
def test_init_sends_no_basic_where_the_endpoint_doesnt_offer_it(
    office: Hosts, tmp_path: Path, offer: str
) -> None:
    office.rules = {MAIL: door(says(200), offer)}
    done = init(office, tmp_path, *SCRIPT, "--endpoint", f"https://{MAIL}{EWS}", "--auth", "basic")
    assert isinstance(done.exception, ConfigError)
    assert f"it offers {offer.lower()}" in str(done.exception)
    assert office.signed_in() == []


def test_a_server_on_this_machine_isnt_reached_by_a_proxy(
    web: Hosts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would read the password."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, web.proxy.url)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with Sandbox(tmp_path / "sandbox", {ALICE: PASSWORD}) as sandbox:
        done = init(web, tmp_path, *SCRIPT, "--endpoint", sandbox.url)
    assert done.exit_code == 0, (done.output, done.exception)
    assert web.proxy.asked == web.proxy.heads == []


@pytest.mark.parametrize("auth", [Auth.BASIC, Auth.NTLM])
def test_plain_http_takes_no_password_to_another_machine(web: Hosts, auth: Auth) -> None:
    """The configuration refuses such an address; the connection does too."""
    far = access(web, endpoint=f"http://{MAIL}{EWS}", auth=auth)
    box = EwsMailbox(far, zone=ZoneInfo("UTC"), clock=StepClock(NOW))
    with pytest.raises((ConfigError, Unreachable)):
        box.report()
    box.close()
    assert not any(head.lower().startswith("authorization") for head in web.proxy.heads)


def test_a_stranger_learns_nothing_of_the_mailbox(web: Hosts, tmp_path: Path) -> None:
    web.rules = {BARE: says(404), OWN: door(tells())}
    with pytest.raises(Unconfirmed):
        reach(web, tmp_path, Owner())
    assert web.heard
    assert not any(b"alice" in one.body for one in web.heard)


def test_a_plain_server_that_redirects_gets_no_second_chance(tmp_path: Path, web: Hosts) -> None:
    with ScriptedServer(Scripted(status=307, headers={"Location": f"https://{EVIL}{EWS}"})) as server:
        write_config(web, tmp_path, server.url)
        assert code_of(command(tmp_path, "once")) == 75
    assert web.heard == []
