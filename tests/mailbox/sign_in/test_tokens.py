"""Tokens of a person who signed in: held, renewed, shared with other processes, and at an end."""

from __future__ import annotations

import base64
import json
import logging
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import msal
import pytest
import requests

from ackd.errors import AckdError, Busy, ConfigError, SignInOver, Unreachable
from ackd.mailbox.http_session import HttpSession
from ackd.mailbox.sign_in import answers, mark_of
from ackd.mailbox.sign_in.asking import Asking
from ackd.mailbox.sign_in.kept import FILE
from ackd.model.access import SignInWay
from exchange_sandbox import Quirks, Sandbox
from tests.app import APP, access_to
from tests.clock import StepClock
from tests.mailbox.sign_in.people import ALICE, PASSWORD, asked, sign_in, tokens
from tests.tls import Proxy

ROOT = Path(__file__).resolve().parents[3]


def claims_of(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return found


def opens(sandbox: Sandbox, token: str) -> bool:
    headers = {"Authorization": f"Bearer {token}"}
    trusted = str(sandbox.authority)
    return requests.get(f"{sandbox.graph_url}/me", headers=headers, verify=trusted, timeout=60).ok


def test_a_token_is_held_and_renewed_before_it_ends(
    sandbox: Sandbox, clock: StepClock, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = SimpleNamespace(time=clock.ticks)  # MSAL takes this machine's time
    monkeypatch.setattr(msal.application, "time", story)
    monkeypatch.setattr(msal.token_cache, "time", story)
    sign_in(sandbox, clock, state)
    found, before = tokens(sandbox, clock, state), asked(sandbox)
    first = found.token()
    assert tokens(sandbox, clock, state).token() == first  # another process takes what is kept
    assert asked(sandbox) == before
    for minutes, more in ((50, 0), (6, 1), (50, 0), (6, 1)):
        clock.move(timedelta(minutes=minutes))
        assert opens(sandbox, found.token())
        before += more
        assert asked(sandbox) == before, minutes


def test_a_refused_token_is_replaced_by_the_other_processes_one_first(
    sandbox: Sandbox, clock: StepClock, state: Path
) -> None:
    sign_in(sandbox, clock, state)
    mine, others = tokens(sandbox, clock, state), tokens(sandbox, clock, state)
    refused = mine.token()
    assert others.token() == refused
    newer = others.token(anew=True)
    before = asked(sandbox)
    assert mine.token(anew=True) == newer != refused
    assert asked(sandbox) == before, "what the other one got is taken, and nobody asked"
    assert mine.token(anew=True) not in (newer, refused)
    assert asked(sandbox) == before + 1


def test_processes_that_renew_at_once_lose_no_token(sandbox: Sandbox, clock: StepClock, state: Path) -> None:
    """A refresh token is good for one use in this sandbox, and two processes have it at once."""
    sign_in(sandbox, clock, state)
    about, rounds = (sandbox.sign_in_url, APP, str(state), str(sandbox.authority)), 6
    command = [sys.executable, "-m", "tests.mailbox.sign_in.renewing", *about, str(rounds)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    running = [subprocess.Popen(command, cwd=ROOT, **pipes) for _ in range(2)]
    for process in running:
        assert process.stdout.readline() == "ready\n"
    for process in running:
        process.stdin.write("go\n")
        process.stdin.flush()
    while any(process.poll() is None for process in running):
        json.loads((state / FILE).read_text())  # whole at any moment
    got = [line for process in running for line in process.communicate()[0].split()]
    assert len(got) == len(set(got)) == 2 * rounds, got
    assert all(opens(sandbox, token) for token in got)
    last = tokens(sandbox, clock, state)
    assert last.token() in got
    assert opens(sandbox, last.token(anew=True))
    assert [path.name for path in state.iterdir() if path.name.startswith(".")] == []


def test_a_claims_challenge_is_passed_on_and_cp1_isnt_declared(
    sandbox: Sandbox, clock: StepClock, state: Path
) -> None:
    sign_in(sandbox, clock, state)
    found = tokens(sandbox, clock, state)
    first = found.token()
    assert "xms_cc" not in claims_of(first)
    claims = json.dumps({"access_token": {"nbf": {"essential": True, "value": "1604106651"}}})
    before = asked(sandbox)
    second = found.token(anew=True, claims=claims)
    assert second != first
    assert asked(sandbox) == before + 1
    assert found.token() == second


def test_a_token_that_cant_be_kept_is_used_and_kept_later(
    sandbox: Sandbox, clock: StepClock, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ackd.mailbox.sign_in import kept

    sign_in(sandbox, clock, state)
    found, before = tokens(sandbox, clock, state), (state / FILE).read_text()

    def full(*_: object) -> None:
        raise ConfigError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(kept.store_secret, "store_in_file", full)
        for _ in range(3):
            assert opens(sandbox, found.token(anew=True))
    assert (state / FILE).read_text() == before
    assert opens(sandbox, found.token(anew=True))
    assert opens(sandbox, tokens(sandbox, clock, state).token(anew=True))


@pytest.mark.parametrize(
    ("fault", "error"),
    [("429", Busy), ("503", Unreachable), ("cut-in-answer", Unreachable), ("malformed-json", Unreachable)],
)
def test_an_authority_in_trouble_ends_nothing(
    tmp_path: Path, clock: StepClock, fault: str, error: type[AckdError]
) -> None:
    """What was cut after the authority had acted is asked for again: Entra takes a refresh token twice."""
    quirks = Quirks(reusable_refresh_tokens=True)
    people = {ALICE: PASSWORD}
    with Sandbox(tmp_path / "x", people, clock=clock.now, tls=True, quirks=quirks) as sandbox:
        sign_in(sandbox, clock, tmp_path / "state")
        found = tokens(sandbox, clock, tmp_path / "state")
        found.token()
        wait = 7.0 if fault == "429" else None
        sandbox.faults.add("token", fault, wait)
        with pytest.raises(error) as caught:
            found.token(anew=True)
        assert not isinstance(caught.value, SignInOver)
        assert caught.value.wait == (timedelta(seconds=7) if wait else None)
        assert opens(sandbox, found.token(anew=True)), "what MSAL keeps of a failure isn't in the way"


ENDS: dict[str, tuple[Callable[[Sandbox, StepClock], object], str]] = {
    "revoked": (lambda sandbox, _: sandbox.revoke_sign_ins(ALICE), "AADSTS50173: the password was changed"),
    "unused": (lambda _, clock: clock.move(timedelta(days=91)), "AADSTS700082: nobody used the sign-in"),
    "factor": (
        lambda sandbox, _: sandbox.faults.add("token", "interaction-required", times=-1),
        "interaction_required, AADSTS50076: a second factor",
    ),
    "policy": (
        lambda sandbox, _: sandbox.faults.add("token", "blocked-by-policy", times=-1),
        "AADSTS53003: a policy of your organisation",
    ),
}


@pytest.mark.parametrize("how", ENDS)
def test_an_end_is_told_with_the_one_command_and_nothing_is_lost(
    sandbox: Sandbox, clock: StepClock, state: Path, how: str
) -> None:
    sign_in(sandbox, clock, state)
    found, before = tokens(sandbox, clock, state), (state / FILE).read_bytes()
    found.token()
    end, words = ENDS[how]
    end(sandbox, clock)
    with pytest.raises(SignInOver, match=words) as caught:
        found.token(anew=True)
    assert str(caught.value).endswith(": run: ackd sign-in")
    assert ALICE not in str(caught.value)
    assert (state / FILE).read_bytes() == before
    sandbox.faults.clear()
    sign_in(sandbox, clock, state)
    assert opens(sandbox, found.token(anew=True)), "a process that runs takes the new sign-in"


def test_a_sign_in_has_a_mark_that_tokens_leave_alone(
    sandbox: Sandbox, clock: StepClock, state: Path
) -> None:
    access = access_to(sandbox, ALICE, SignInWay.DEVICE, state=state)
    assert access.oauth
    assert mark_of(access, access.oauth) == ""
    sign_in(sandbox, clock, state)
    first = mark_of(access, access.oauth)
    tokens(sandbox, clock, state).token(anew=True)
    assert mark_of(access, access.oauth) == first != ""
    sign_in(sandbox, clock, state)
    assert mark_of(access, access.oauth) not in ("", first)
    (state / FILE).write_text("cut")
    assert mark_of(access, access.oauth) not in ("", first)


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], str]:
    kept: dict[tuple[str, str], str] = {}
    made, errors = ModuleType("keyring"), ModuleType("keyring.errors")
    errors.KeyringError = type("KeyringError", (Exception,), {})  # type: ignore[attr-defined]
    made.get_password = lambda service, account: kept.get((service, account))  # type: ignore[attr-defined]
    made.set_password = lambda service, account, text: kept.update({(service, account): text})  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", made)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    return kept


def test_the_keyring_keeps_it_instead(
    sandbox: Sandbox, clock: StepClock, state: Path, keyring: dict[tuple[str, str], str]
) -> None:
    done = sign_in(sandbox, clock, state, in_keyring=True)
    assert done.place == "the keyring"
    assert list(keyring) == [("ackd", f"sign-in of {ALICE}")]
    before = dict(keyring)
    found = tokens(sandbox, clock, state, in_keyring=True)
    found.token()
    assert opens(sandbox, found.token(anew=True))
    assert keyring != before
    assert not (state / FILE).exists()


def test_the_environment_has_no_word_in_it(
    sandbox: Sandbox, clock: StepClock, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Certificates that it names, a netrc file, and a proxy that nobody is at; what is configured counts."""
    (tmp_path / "others.pem").write_text("")
    (tmp_path / "netrc").write_text("default login alice password hunter2\n")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "others.pem"))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(tmp_path / "others.pem"))
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    port = int(sandbox.url.rpartition(":")[2].partition("/")[0])
    with Proxy(port, "127.0.0.1") as proxy:
        for way, count in (("direct", 0), (proxy.url, 1)):
            access = replace(access_to(sandbox, ALICE, SignInWay.DEVICE, state=state), proxy=way)
            assert sign_in(sandbox, clock, state, access=access).is_owner
            assert bool(proxy.asked) == bool(count)
        assert not any("hunter2" in head or "Authorization" in head for head in proxy.heads)
    with pytest.raises(Unreachable, match="proxy"):
        sign_in(sandbox, clock, state)


def test_nothing_of_it_is_logged(
    sandbox: Sandbox, clock: StepClock, state: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("msal", "msal.application", "msal.token_cache", "urllib3"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    sign_in(sandbox, clock, state)
    found = tokens(sandbox, clock, state)
    secret = [found.token(), found.token(anew=True)]
    with suppress(SignInOver):
        sandbox.revoke_sign_ins(ALICE)
        found.token(anew=True)
    kept = (state / FILE).read_text()
    secret += re.findall(r'\\"secret\\": \\"([^"\\]{20,})', kept)
    assert len(secret) > 3
    assert not [one for one in secret if one in caplog.text]


def test_a_session_keeps_no_cookie_and_takes_plain_http_past_every_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Setting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.headers.get("Cookie"))
            self.send_response(302 if self.path == "/away" else 200)
            for name, value in (("Set-Cookie", "a=b; Path=/"), ("Location", "/"), ("Content-Length", "0")):
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    seen: list[str | None] = []
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Setting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    with HttpSession(None, "http://127.0.0.1:9") as session:
        assert [session.get(url, timeout=60).status_code for _ in range(2)] == [200, 200]
        with pytest.raises(Unreachable, match="can't be read"):
            answers.asked(lambda: json.loads(Asking(session).get(f"{url}/away").text))
    assert seen == [None, None, None]
    server.shutdown()
    server.server_close()
