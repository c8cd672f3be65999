"""A person signs in, and what is kept of it; what goes wrong leaves an earlier sign-in as it was."""

from __future__ import annotations

import json
import os
import re
import stat
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from ackd.errors import AccessBlocked, AckdError, Busy, SignInOver, Unreachable
from ackd.mailbox import sign_in_person
from ackd.mailbox.sign_in import asking_person
from ackd.mailbox.sign_in.kept import FILE
from ackd.mailbox.sign_in.scopes import GRAPH
from ackd.model.access import SignInWay
from exchange_sandbox import Quirks, Sandbox
from tests.app import access_to
from tests.clock import StepClock
from tests.mailbox.sign_in.people import ALICE, BOB, Person, asked, sign_in, tokens

BOTH = pytest.mark.parametrize("way", [SignInWay.DEVICE, SignInWay.BROWSER])


@BOTH
def test_an_owner_signs_in_and_the_tokens_open_the_mailbox(
    sandbox: Sandbox, clock: StepClock, state: Path, way: SignInWay
) -> None:
    done = sign_in(sandbox, clock, state, way=way)
    assert (done.person, done.is_owner, done.scopes) == (ALICE, True, GRAPH)
    file = state / FILE
    assert done.place == str(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {path.name for path in state.iterdir()} == {FILE, "sign-in.lock"}
    found = tokens(sandbox, clock, state)
    headers = {"Authorization": f"Bearer {found.token()}"}
    answer = requests.get(
        f"{sandbox.graph_url}/me", headers=headers, verify=str(sandbox.authority), timeout=60
    )
    assert answer.json()["mail"] == ALICE
    assert not found.is_guest


@BOTH
def test_who_declines_isnt_signed_in(sandbox: Sandbox, clock: StepClock, state: Path, way: SignInWay) -> None:
    with pytest.raises(SignInOver, match=r"ackd sign-in$"):
        sign_in(sandbox, clock, state, way=way, person=Person(sandbox, refuses=True))
    assert not (state / FILE).exists()


@BOTH
def test_somebody_else_isnt_taken_for_the_owner_and_the_earlier_sign_in_stays(
    sandbox: Sandbox, clock: StepClock, state: Path, way: SignInWay
) -> None:
    sign_in(sandbox, clock, state)
    before = (state / FILE).read_bytes()
    with pytest.raises(AccessBlocked, match=rf"{BOB} signed in, .*{ALICE}.*nothing was kept"):
        sign_in(sandbox, clock, state, way=way, person=Person(sandbox, BOB))
    assert (state / FILE).read_bytes() == before


def test_somebody_to_whom_the_mailbox_was_opened(sandbox: Sandbox, clock: StepClock, state: Path) -> None:
    sandbox.share(ALICE, BOB, "full-access", "send-as")
    with pytest.raises(AccessBlocked, match="ackd sign-in --shared"):
        sign_in(sandbox, clock, state, person=Person(sandbox, BOB))
    done = sign_in(sandbox, clock, state, person=Person(sandbox, BOB), shared=True)
    assert (done.person, done.is_owner) == (BOB, False)
    found = tokens(sandbox, clock, state)
    assert found.is_guest
    sandbox.share(ALICE, BOB)


def test_a_browser_is_asked_for_little_and_proves_that_it_is_the_one(
    sandbox: Sandbox, clock: StepClock, state: Path
) -> None:
    """PKCE, a state, the address as a hint; and what comes to the loopback from elsewhere is no answer."""
    stray = []

    def attacked(url: str) -> None:
        asked = parse_qs(urlsplit(url).query)
        (back,) = asked["redirect_uri"]
        forged = {"code": "x", "state": "y"}
        for body in (forged, {"code": "x"}, {**forged, "state": asked["state"][0][:-1]}, {}):
            stray.append(requests.post(back, data=body, timeout=60).status_code)
        stray.append(requests.get(back, params=forged, timeout=60).status_code)
        stray.append(requests.post(back, data=b"x" * 70_000, timeout=60).status_code)
        stray.append(requests.post(back, data="&".join("a=b" for _ in range(99)), timeout=60).status_code)

    person = Person(sandbox, before=attacked)
    done = sign_in(sandbox, clock, state, way=SignInWay.BROWSER, person=person)
    assert done.person == ALICE
    assert stray == [400] * 7
    query = parse_qs(urlsplit(person.seen[0]).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["login_hint"] == [ALICE]
    assert re.fullmatch(r"http://localhost:\d+", query["redirect_uri"][0])
    assert "CP1" not in person.seen[0]
    wanted = set(query["scope"][0].split())
    assert wanted == {*GRAPH, "openid", "profile", "offline_access"}


def test_who_never_comes_back_from_the_browser_isnt_waited_for_without_end(
    sandbox: Sandbox, clock: StepClock, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking_person, "PATIENCE", 0.1)

    class Away:
        def open_page(self, url: str) -> None: ...

        def enter_code(self, page: str, code: str, minutes: int) -> None: ...

    access = access_to(sandbox, ALICE, SignInWay.BROWSER, state=state)
    with pytest.raises(Unreachable, match="nobody signed in within"):
        sign_in_person(access, clock, Away(), way=SignInWay.BROWSER)


def test_a_code_that_nobody_enters_ends(sandbox: Sandbox, clock: StepClock, state: Path) -> None:
    class Away:
        def open_page(self, url: str) -> None: ...

        def enter_code(self, page: str, code: str, minutes: int) -> None:
            assert minutes == 15
            clock.move(timedelta(minutes=16))

    access = access_to(sandbox, ALICE, SignInWay.DEVICE, state=state)
    with pytest.raises(SignInOver, match="nobody entered the code in time"):
        sign_in_person(access, clock, Away(), way=SignInWay.DEVICE)


@pytest.mark.parametrize(
    ("quirk", "way", "words"),
    [
        ("device_code_blocked", SignInWay.DEVICE, r"Conditional Access.*ackd sign-in --browser$"),
        ("admin_consent_required", SignInWay.DEVICE, r"65001.*consent.*, then run: ackd sign-in$"),
        ("admin_consent_required", SignInWay.BROWSER, r"90094.*consent.*, then run: ackd sign-in$"),
    ],
)
def test_policies_are_told_with_what_helps(
    tmp_path: Path, clock: StepClock, quirk: str, way: SignInWay, words: str
) -> None:
    quirks = Quirks.of([quirk])
    with Sandbox(tmp_path / "x", {ALICE: "secret"}, clock=clock.now, tls=True, quirks=quirks) as sandbox:
        with pytest.raises(SignInOver, match=words) as caught:
            sign_in(sandbox, clock, tmp_path / "state", way=way)
        assert ALICE not in str(caught.value)


@pytest.mark.parametrize(
    ("fault", "error"),
    [("429", Busy), ("503", Unreachable), ("malformed-json", Unreachable), ("cut-in-answer", Unreachable)],
)
def test_an_authority_in_trouble_is_no_end(
    sandbox: Sandbox, clock: StepClock, state: Path, fault: str, error: type[AckdError]
) -> None:
    """Whatever is asked of it first."""
    for operation in ("openid-configuration", "devicecode"):
        sandbox.faults.add(operation, fault)
        with pytest.raises(error) as caught:
            sign_in(sandbox, clock, state)
        assert not isinstance(caught.value, SignInOver)
        sandbox.faults.clear()
    assert sign_in(sandbox, clock, state).is_owner


def test_a_person_is_waited_for_while_the_authority_is_in_trouble(
    sandbox: Sandbox, clock: StepClock, state: Path
) -> None:
    sandbox.faults.add("token", "503", times=2)
    assert sign_in(sandbox, clock, state).is_owner


@pytest.mark.parametrize(
    "text",
    [
        "",
        '{"made by": "ackd sign-in", "id": "x", "cache": "{',
        '{"AccessToken": {}, "RefreshToken": {"a": {"secret": "of another program"}}}',
        "[]",
        "\x00\xff" * 50,
    ],
)
def test_what_isnt_ackds_is_told_and_kept_aside(
    sandbox: Sandbox, clock: StepClock, state: Path, text: str
) -> None:
    state.mkdir(mode=0o700)
    (state / FILE).write_text(text, encoding="latin-1")
    (state / FILE).chmod(0o600)
    with pytest.raises(SignInOver, match=r"cut off, or isn't ackd's: run: ackd sign-in"):
        tokens(sandbox, clock, state)
    sign_in(sandbox, clock, state)
    assert tokens(sandbox, clock, state).token()
    assert (state / "sign-in.old").read_text(encoding="latin-1") == text


@pytest.mark.parametrize("change", ["address", "client_id", "authority"])
def test_a_sign_in_counts_for_its_mailbox_and_registration_alone(
    sandbox: Sandbox, clock: StepClock, state: Path, change: str
) -> None:
    sign_in(sandbox, clock, state)
    kept = json.loads((state / FILE).read_text())
    (state / FILE).write_text(json.dumps({**kept, change: f"other-{kept[change]}"}))
    with pytest.raises(SignInOver, match=r"another mailbox or registration: run: ackd sign-in$"):
        tokens(sandbox, clock, state)


def test_links_and_others_files_are_refused_with_what_mends_them(
    sandbox: Sandbox, clock: StepClock, state: Path, tmp_path: Path
) -> None:
    sign_in(sandbox, clock, state)
    real = tmp_path / "elsewhere.json"
    (state / FILE).rename(real)
    (state / FILE).symlink_to(real)
    before, count = real.read_bytes(), asked(sandbox)
    for act in (tokens, sign_in):
        with pytest.raises(AckdError, match=r"is a symbolic link.*rm "):
            act(sandbox, clock, state)
    assert real.read_bytes() == before
    assert asked(sandbox) <= count + 1
    (state / FILE).unlink()
    real.rename(state / FILE)
    os.chown(state / FILE, 12345, 12345)
    with pytest.raises(AckdError, match=r"belongs to 12345.*chown "):
        tokens(sandbox, clock, state)
