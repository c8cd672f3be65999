"""fleet.yaml and the owners' files: what is merged, what is fixed, and that a mistake stays its owner's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ackd.config.fleet import Fleet, load_fleet
from ackd.errors import ConfigError
from ackd.model import Mode

ROOT = Path(__file__).resolve().parents[2]
PLAIN: dict[str, Any] = {
    "database": "postgresql://ackd@db.corp.example/ackd",
    "sign_in": {
        "endpoint": "https://mail.corp.example/EWS/Exchange.asmx",
        "username": "CORP\\ackd",
        "password": {"env": "ACKD_PASSWORD"},
    },
    "defaults": {"mode": "send", "internal": {"domains": ["corp.example", "two.example"]}},
    "mailboxes": [{"address": "alice@corp.example", "owner": "alice.yaml"}, {"address": "Bob@corp.example"}],
}


def laid(folder: Path, owner: str = "{}", **other: Any) -> Fleet:
    (folder / "alice.yaml").write_text(owner, encoding="utf-8")
    file = folder / "fleet.yaml"
    file.write_text(yaml.safe_dump({**PLAIN, **other}), encoding="utf-8")
    return load_fleet(file, {"HOME": str(folder)})


def of(fleet: Fleet, address: str = "alice@corp.example", **how: Any) -> Any:
    return fleet.of(fleet.member(address), **how)


def test_an_owners_file_goes_before_the_defaults(tmp_path: Path) -> None:
    fleet = laid(tmp_path, "mode: draft\ninternal: {except: [boss@corp.example]}\nmailbox: {names: [Ali]}")
    alice, notes = of(fleet)
    bob, _ = of(fleet, "bob@corp.example")
    assert (alice.mode, bob.mode, notes) == (Mode.DRAFT, Mode.SEND, ())
    assert alice.internal.domains == bob.internal.domains == ("corp.example", "two.example")
    assert (alice.internal.except_, alice.mailbox.names) == (("boss@corp.example",), ("Ali",))
    assert (alice.mailbox.address, bob.mailbox.address) == ("alice@corp.example", "bob@corp.example")
    assert alice.mailbox.username == bob.mailbox.username == "CORP\\ackd"
    assert alice.mailbox.impersonate
    assert alice.ledger == PLAIN["database"]


def test_who_joined_is_only_watched(tmp_path: Path) -> None:
    assert of(laid(tmp_path), is_preview=True)[0].mode is Mode.PREVIEW


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ("mode: sned", "alice.yaml:1:7: mode: found `sned`; allowed: preview, draft or send"),
        (
            "limits: {per_day: 1}\nledger: sqlite:////tmp/x",
            "alice.yaml:2:1: the configuration: there is no key",
        ),
        ("letters: {directory: /etc}", "alice.yaml:1:11: letters: there is no key `directory`"),
        ("mailbox: {password: {file: /etc/shadow}}", "alice.yaml:1:11: mailbox: there is no key `password`"),
        ("alarms: {command: [sh]}", "alice.yaml:1:1: the configuration: there is no key `alarms`"),
        ("a: &b 1", "alice.yaml:1:4: anchors"),
        ("", "alice.yaml:1:1: the file is empty"),
    ],
)
def test_a_mistake_is_its_owners_alone(tmp_path: Path, own: str, words: str) -> None:
    fleet = laid(tmp_path, own)
    with pytest.raises(ConfigError) as told:
        of(fleet)
    assert words in str(told.value)
    assert of(fleet, "bob@corp.example")[0].mode is Mode.SEND


def test_an_owners_file_that_is_gone_stops_that_owner(tmp_path: Path) -> None:
    fleet = laid(tmp_path)
    (tmp_path / "alice.yaml").unlink()
    with pytest.raises(ConfigError, match=r"alice\.yaml: there is no such file"):
        of(fleet)


FIXED = {
    "mode": "draft",
    "limits": {"per_day": 10, "one_per_sender_within": "2 hours"},
    "internal": {"domains": ["corp.example"], "except": ["boss@corp.example"]},
}


def test_what_is_fixed_cant_be_loosened(tmp_path: Path) -> None:
    own = (
        "mode: send\nlimits: {per_day: 100, per_hour: 30, one_per_sender_within: 1 hours}\n"
        'internal: {domains: [corp.example, "*"], addresses: ["*@else.example"], except: [], '
        "require_authenticated: false, i_know: anybody can have letters sent to anybody in my name}"
    )
    config, notes = of(laid(tmp_path, own, fixed=FIXED))
    assert (config.mode, config.limits.per_day, config.limits.per_hour) == (Mode.DRAFT, 10, 30)
    assert str(config.limits.one_per_sender_within) == "2 hours"
    assert (config.internal.domains, config.internal.addresses) == (("corp.example",), ())
    assert config.internal.except_ == ("boss@corp.example",)
    assert config.internal.require_authenticated
    told = "\n".join(notes)
    for part in (
        "mode: send is more",
        "per_day: 100",
        "one_per_sender_within",
        "left out: *",
        "else.example",
    ):
        assert part in told
    assert "require_authenticated" in told


def test_what_is_stricter_than_fixed_counts(tmp_path: Path) -> None:
    own = "mode: preview\nlimits: {per_day: 2}\ninternal: {domains: [], except: [eve@corp.example]}"
    config, notes = of(laid(tmp_path, own, fixed=FIXED))
    assert (config.mode, config.limits.per_day, config.internal.domains, notes) == (Mode.PREVIEW, 2, (), ())
    assert config.internal.except_ == ("boss@corp.example", "eve@corp.example")


def test_defaults_are_within_what_is_fixed(tmp_path: Path) -> None:
    bob, _ = of(laid(tmp_path, fixed=FIXED), "bob@corp.example")
    assert (bob.mode, bob.limits.per_day, bob.internal.domains) == (Mode.DRAFT, 10, ("corp.example",))


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"database": "sqlite:////tmp/x"}, "database: a fleet's is one of PostgreSQL's"),
        ({"database": "postgresql://ackd:secret@db/ackd"}, "a password doesn't belong into the address"),
        ({"mailboxes": []}, "there is no mailbox"),
        ({"mailboxes": [{"address": "a@b.example"}, {"address": "A@b.example"}]}, "stands in line"),
        ({"sign_in": {**PLAIN["sign_in"], "auth": "kerberos"}}, "allowed: basic, ntlm or oauth"),
        ({"sign_in": {**PLAIN["sign_in"], "endpoint": "autodiscover"}}, "a fleet has one server"),
        ({"sign_in": {"endpoint": "https://mail.corp.example/EWS", "password": {"env": "X"}}}, "username"),
        ({"sign_in": {"kind": "graph", "authority": "https://a.example/t", "client_id": "0"}}, "client_id"),
        (
            {"sign_in": {"kind": "graph", "authority": "https://login.example/t", "client_id": "-".join(
                ("00000000", "0000", "0000", "0000", "000000000000"))}},
            "nobody is there to sign in",
        ),
        ({"mailboxes": [], "group": {"address": "all@corp.example"}}, "through which mailbox"),
        ({"worker": {"metrics": "0.0.0.0:9464"}}, "it is for this machine alone"),
        ({"defaults": {"mode": "sned"}}, "defaults, mode: found `sned`"),
        ({"pol": "60 s"}, "did you mean `poll`"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_fleets_own_file(tmp_path: Path, other: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError) as told:
        laid(tmp_path, **other)
    assert words in str(told.value)
    assert "ackd:secret" not in str(told.value)


def test_members_of_the_group_have_files_by_their_addresses(tmp_path: Path) -> None:
    (tmp_path / "owners").mkdir()
    (tmp_path / "owners" / "carol@corp.example.yaml").write_text("mode: preview", encoding="utf-8")
    fleet = laid(tmp_path, group={"address": "all@corp.example", "owners": "owners"})
    assert of(fleet, "carol@corp.example")[0].mode is Mode.PREVIEW
    assert of(fleet, "dave@corp.example")[0].mode is Mode.SEND


def test_the_example_can_be_used(tmp_path: Path) -> None:
    file = tmp_path / "fleet.yaml"
    file.write_text((ROOT / "fleet.example.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    assert [one.address for one in load_fleet(file).members] == ["alice@corp.example"]
