"""Wrong passwords are answered ever later, and nobody else waits for it."""

from __future__ import annotations

import base64
import re
import threading
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests
from typer.testing import CliRunner

from ackd.cli import app
from exchange_sandbox import Sandbox, SandboxError
from exchange_sandbox.server.slowing import Delays, Slowing, is_loopback

ALICE, BOB = "alice@corp.example", "bob@corp.example"
MAILBOXES = {ALICE: "secret", BOB: "secret"}
DELAYS = Delays(free=2, first=1, most=4, forget=100, at_once=2)


class Waits:
    """The seconds that were waited, without waiting."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.now = 0.0

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def slowing(waits: Waits) -> Slowing:
    return Slowing(DELAYS, waits, lambda: waits.now)


def tried(slowing: Slowing, waits: Waits, peer: str = "10.0.0.1", account: str = ALICE) -> float:
    """A wrong password; the seconds that it cost."""
    before = len(waits.seconds)
    assert not slowing.check(peer, account, lambda: False)
    return sum(waits.seconds[before:])


def test_each_wrong_one_costs_more_up_to_a_limit(slowing: Slowing, waits: Waits) -> None:
    assert [tried(slowing, waits) for _ in range(7)] == [0, 0, 1, 2, 4, 4, 4]


def test_a_right_one_costs_nothing_and_ends_nothing(slowing: Slowing, waits: Waits) -> None:
    for _ in range(5):
        tried(slowing, waits)
    before = len(waits.seconds)
    assert slowing.check("10.0.0.1", ALICE, lambda: True)
    assert len(waits.seconds) == before
    assert tried(slowing, waits) == 4


@pytest.mark.parametrize(
    ("peer", "account"),
    [("10.0.0.2", ALICE), ("10.0.0.1", BOB), ("2001:db8:1::1", ALICE), ("::ffff:10.0.0.2", ALICE)],
)
def test_others_are_counted_for_themselves(slowing: Slowing, waits: Waits, peer: str, account: str) -> None:
    for _ in range(9):
        tried(slowing, waits)
    assert tried(slowing, waits, peer, account) == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("10.0.0.1", ALICE), ("::ffff:10.0.0.1", f" {ALICE.upper()} ")),
        (("2001:db8::1", ALICE), ("2001:db8::ffff:1", ALICE)),
        (("fe80::1%eth0", ALICE), ("fe80::2%eth1", ALICE)),
        (("unix", "x" * 400), ("unix", "x" * 999)),
    ],
)
def test_the_same_in_other_words_is_no_way_out(
    slowing: Slowing, waits: Waits, one: tuple[str, str], other: tuple[str, str]
) -> None:
    assert [tried(slowing, waits, *where) for where in (one, other, one, other)] == [0, 0, 1, 2]


def test_the_count_goes_with_time(slowing: Slowing, waits: Waits) -> None:
    for _ in range(9):
        tried(slowing, waits)
    waits.now = 99
    assert tried(slowing, waits) == 4
    waits.now += 101
    assert tried(slowing, waits) == 0


def test_many_at_once_are_refused_unread_and_no_others() -> None:
    """Twenty wrong ones come at once: two are looked at and wait, the others are refused unread."""
    over, looked = threading.Event(), list[int]()
    slowing = Slowing(Delays(free=0, at_once=2), lambda seconds: over.wait(30))

    def wrong(number: int) -> bool:
        looked.append(number)
        return False

    def ask(number: int) -> None:
        slowing.check("10.0.0.1", ALICE, lambda: wrong(number))
        done.release()

    done = threading.Semaphore(0)
    threads = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for _ in range(18):
        assert done.acquire(timeout=30)
    assert len(looked) == 2
    assert not slowing.check("10.0.0.1", ALICE, lambda: True), "not even a right one from there"
    assert slowing.check("10.0.0.1", BOB, lambda: True)
    assert slowing.check("10.0.0.2", ALICE, lambda: True)
    over.set()
    for thread in threads:
        thread.join(30)
    assert slowing.check("10.0.0.1", ALICE, lambda: True)


def test_what_is_kept_is_bounded(slowing: Slowing) -> None:
    for number in range(12_000):
        slowing.wrong(f"peer {number}", ALICE)
    assert len(slowing._known) == 10_000


def test_without_delays_nothing_waits(waits: Waits) -> None:
    slowing = Slowing(None, waits)
    assert [tried(slowing, waits) for _ in range(9)] == [0] * 9


# --- on the wire ------------------------------------------------------------------------------------


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def form(sandbox: Sandbox, path: str = "/oauth2/v2.0/token", **values: str) -> int:
    return requests.post(
        sandbox.sign_in_url + path,
        urlencode(values),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        timeout=30,
        allow_redirects=False,
    ).status_code


def by_password(sandbox: Sandbox, password: str, user: str = ALICE) -> int:
    return form(
        sandbox, client_id="c", grant_type="password", username=user, password=password, scope="Mail.Read"
    )


WAYS = {
    "ews": lambda s, right: (
        requests.get(s.url, headers=basic(ALICE, "secret" if right else "no"), timeout=30).status_code
    ),
    "ews, no such account": lambda s, right: (
        requests.get(s.url, headers=basic(ALICE if right else "nobody", "secret"), timeout=30).status_code
    ),
    "token": lambda s, right: by_password(s, "secret" if right else "no"),
    "app": lambda s, right: form(
        s,
        client_id="app",
        client_secret="proof" if right else "no",
        grant_type="client_credentials",
        scope=f"{s.graph_url.removesuffix('/v1.0')}/.default",
    ),
    "page": lambda s, right: form(
        s, "/oauth2/deviceauth", otc="none", login=ALICE, passwd="secret" if right else "no"
    ),
    "graph": lambda s, right: (
        requests.get(
            f"{s.graph_url}/me", headers={"Authorization": "Bearer no"} if not right else {}, timeout=30
        ).status_code
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_face_slows_what_is_wrong_alone(tmp_path: Path, way: str) -> None:
    ask = WAYS[way]
    with Sandbox(tmp_path, MAILBOXES, apps={"app": "proof"}, delays=DELAYS) as sandbox:
        server = sandbox._server
        assert server is not None
        waits = Waits()
        server.slowing._wait = waits
        assert [ask(sandbox, False) in (400, 401) for _ in range(5)] == [True] * 5
        assert waits.seconds == [1, 2, 4]
        right = ask(sandbox, True)
        assert right == 200 or way in ("page", "graph")
        assert requests.get(sandbox.url, headers=basic(BOB, "secret"), timeout=30).status_code == 200
        assert len(waits.seconds) == (4 if way == "page" else 3)


def test_while_one_waits_others_and_the_right_password_are_answered(tmp_path: Path) -> None:
    begun, over = threading.Event(), threading.Event()

    def wait(seconds: float) -> None:
        begun.set()
        over.wait(30)

    with Sandbox(tmp_path, MAILBOXES, delays=Delays(free=0)) as sandbox:
        assert sandbox._server is not None
        sandbox._server.slowing._wait = wait
        waiting = threading.Thread(target=lambda: WAYS["ews"](sandbox, False))
        waiting.start()
        assert begun.wait(30)
        assert WAYS["ews"](sandbox, True) == 200
        assert by_password(sandbox, "secret", BOB) == 200
        over.set()
        waiting.join(30)


def test_a_stop_waits_for_nobody(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path, MAILBOXES, delays=Delays(free=0, first=600, most=600)).start()
    answered: list[int] = []
    asking = threading.Thread(target=lambda: answered.append(WAYS["ews"](sandbox, False)))
    asking.start()
    assert sandbox._server is not None
    while not sandbox._server.slowing._known:
        threading.Event().wait(0.01)
    sandbox.stop()
    asking.join(30)
    assert answered == [401]


@pytest.mark.parametrize(
    ("host", "is_so"),
    [(host, True) for host in ("127.0.0.1", "127.5.5.5", "::1", "[::1]", "localhost", "LocalHost.")]
    + [(host, False) for host in ("0.0.0.0", "::", "192.168.1.4", "", "0", "mail.corp.example")]  # noqa: S104
    + [("localhost.corp.example", False), ("::ffff:127.0.0.1", True), ("::ffff:10.0.0.1", False)],
)
def test_what_this_machine_alone_reaches(tmp_path: Path, host: str, is_so: bool) -> None:
    assert is_loopback(host) is is_so
    assert (Sandbox(tmp_path, MAILBOXES, host=host)._delays is None) is is_so


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "::ffff:192.168.1.4", ""])  # noqa: S104
def test_other_machines_are_served_in_clear_by_ones_own_word_alone(tmp_path: Path, host: str) -> None:
    done = CliRunner().invoke(app, ["sandbox", "serve", "--data", str(tmp_path / "x"), "--host", host])
    assert done.exit_code == 2
    told = " ".join(done.output.replace("│", " ").split())
    assert "--tls" in told
    assert "--in-clear" in told
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    "host", ["*", "http://0.0.0.0", "..", "[::1]", "1.2.3.4/24", "a b", "x" * 70 + ".example"]
)
def test_a_host_that_is_none_is_told(tmp_path: Path, host: str) -> None:
    done = CliRunner().invoke(app, ["sandbox", "serve", "--data", str(tmp_path / "x"), "--host", host])
    assert done.exit_code == 2
    assert "is no address" in " ".join(done.output.replace("│", " ").split())
    assert not (tmp_path / "x").exists()


def test_the_file_of_a_certificate_is_named(tmp_path: Path) -> None:
    rubbish = tmp_path / "rubbish.pem"
    rubbish.write_text("rubbish")
    for files in ((tmp_path / "a", tmp_path / "b"), (tmp_path, tmp_path), (rubbish, rubbish)):
        with pytest.raises(SandboxError, match=re.escape(str(files[0]))):
            Sandbox(tmp_path / "data", MAILBOXES, tls=files).start()


def test_tls_and_in_clear_contradict_each_other(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["sandbox", "serve", "--data", str(tmp_path / "x"), "--tls", "--in-clear"])
    assert done.exit_code == 2


def test_it_serves_on_addresses_of_ipv6(tmp_path: Path) -> None:
    with Sandbox(tmp_path, MAILBOXES, host="::1") as sandbox:
        assert sandbox.url.startswith("http://[::1]:")
        assert WAYS["ews"](sandbox, True) == 200
