"""Against whom the page is shut: other users of the machine, other pages in the browser, forged forms."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.served import Served

CONFIG = """\
mailbox:
  address: alice@corp.example
  endpoint: http://127.0.0.1:9/EWS/Exchange.asmx
  password: {{env: ACKD_PASSWORD}}
state: {state}
mode: preview
internal: {{domains: [corp.example]}}
promise: {{time_zone: Europe/Berlin}}
"""
PATHS = (
    "/",
    "/decisions",
    "/decisions/x",
    "/mail/x",
    "/unanswered",
    "/pause",
    "/parked",
    "/nowhere",
    "//",
    "/..",
)


@pytest.fixture(name="page")
def _page(tmp_path: Path) -> Iterator[Served]:
    config = tmp_path / "config.yaml"
    config.touch(mode=0o600)
    config.write_text(CONFIG.format(state=tmp_path / "state"), encoding="utf-8")
    with Served(config) as served:
        yield served


def test_the_link_opens_one_session_once(page: Served) -> None:
    first = page.get(f"/?key={page.entrance.key}")
    assert first.status == 200
    cookie = first.headers["set-cookie"]
    assert {"HttpOnly", "Path=/", "SameSite=strict"} == {part.strip() for part in cookie.split(";")[1:]}
    assert page.entrance.key not in first.text

    again = page.get(f"/?key={page.entrance.key}")
    assert (again.status, again.headers["set-cookie"]) == (403, None)
    assert "works once" in again.text

    page.cookie = cookie.partition(";")[0]
    assert page.get("/").status == 200
    assert page.get(f"/?key={page.entrance.key}").status == 303, "who is in goes on"


@pytest.mark.parametrize("key", ["", "x", "%FF", "x" * 5000])
def test_another_key_opens_nothing_and_spoils_nothing(page: Served, key: str) -> None:
    assert page.get(f"/?key={key}").status == 403
    page.enter()
    assert page.get("/").status == 200


def test_without_the_session_there_is_nothing_to_see(page: Served) -> None:
    page.enter()
    name = page.cookie.partition("=")[0]
    for path in PATHS:
        for cookie in ("", f"{name}=", f"{name}=x", f"{name}={page.entrance.key}", "ackd=x"):
            for method in ("GET", "POST"):
                answer = page.ask(method, path, cookie=cookie)
                assert answer.status == 403, (method, path, cookie)
                assert page.entrance.csrf not in answer.text
    assert page.get("/", cookie=f"{name}={page.entrance.csrf}").status == 403


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1",
        "localhost:{port}",
        "127.0.0.1:1",
        "127.0.0.1:{port}.x",
    ],
)
def test_another_host_name_is_refused_rebound_or_not(page: Served, host: str) -> None:
    """DNS rebinding: the browser asks this machine under the attacker's name."""
    page.enter()
    said = {"Host": host.format(port=page.port)}
    assert page.get("/", said).status == 421
    assert page.get(f"/?key={page.entrance.key}", said).status == 421
    assert page.get("/static/ackd.css", said).status == 421
    assert page.post("/pause", {}, said).status == 421


def test_a_request_without_a_host_or_with_two_is_refused(page: Served) -> None:
    page.enter()
    cookie = f"Cookie: {page.cookie}\r\nConnection: close\r\n"
    for hosts in (
        "",
        f"Host: {page.host}\r\nHost: evil.example\r\n",
        f"Host: {page.host}\r\nHost: {page.host}\r\n",
    ):
        for version in ("1.0", "1.1"):
            answer = page.raw(f"GET / HTTP/{version}\r\n{hosts}{cookie}\r\n".encode())
            assert answer.split()[1] in (b"400", b"421"), (hosts, version)
    forwarded = page.get("/", {"Host": "evil.example", "X-Forwarded-Host": page.host})
    assert forwarded.status == 421


@pytest.mark.parametrize(
    "origin", ["", "null", "http://evil.example", "http://127.0.0.1:1", "https://{host}"]
)
def test_a_form_from_elsewhere_does_nothing(page: Served, origin: str) -> None:
    page.enter()
    answer = page.post("/pause", {}, {"Origin": origin.format(host=page.host)})
    assert answer.status == 403
    assert "isn't from this page" in answer.words


def test_a_form_needs_its_token(page: Served) -> None:
    page.enter()
    assert page.post("/pause", {}, csrf=False).status == 403
    for token in ("", "x", page.entrance.key, page.cookie.partition("=")[2]):
        assert page.post("/pause", {"csrf": token}, csrf=False).status == 403


def test_every_act_is_a_form_with_a_token(page: Served) -> None:
    """No address that changes something answers to a look, and none of them to a form without its token."""
    from ackd.web.app import _POST

    page.enter()
    for path, _ in _POST:
        assert page.get(path).status == (200 if path == "/settings" else 405), path
        assert page.post(path, {}, csrf=False).status == 403, path


def test_what_is_no_form_of_this_page_is_refused(page: Served) -> None:
    page.enter()
    assert page.post("/pause", {}, {"Content-Type": "text/plain"}).status == 415
    assert page.post("/pause", {}, {"Content-Type": "multipart/form-data; boundary=x"}).status == 415
    known = {"Origin": page.origin, "Content-Type": "application/x-www-form-urlencoded"}
    assert page.ask("POST", "/pause", known, body=b"a=" + b"x" * 2_000_001).status == 413
    assert page.ask("POST", "/pause", known, body=b"&".join([b"a=1"] * 500)).status == 400
    assert page.ask("POST", "/pause", known, body=b"\xff\xfe=%ff").status in (400, 403)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_page_in_the_browser_gets_nothing(page: Served, site: str) -> None:
    """A page on another port of this machine is the same site to a browser: it would send the cookie."""
    page.enter()
    assert page.get("/", {"Sec-Fetch-Site": site}).status == 403
    assert page.get("/", {"Sec-Fetch-Site": "same-origin"}).status == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
def test_other_methods_are_refused(page: Served, method: str) -> None:
    page.enter()
    answer = page.ask(method, "/")
    assert answer.status == 405
    assert "access-control-allow-origin" not in answer.headers


def test_every_answer_carries_what_keeps_it_here(page: Served) -> None:
    outside = page.get("/")
    page.enter()
    for answer in (
        outside,
        page.get("/"),
        page.get("/nowhere"),
        page.get("/decisions/x"),
        page.get("/static/x"),
    ):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "server" not in answer.headers
        assert "no-store" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    "path",
    [
        "/static/../serve.py",
        "/static/..%2fserve.py",
        "/static/%2e%2e/guard.py",
        "/static//etc/passwd",
        "/decisions/..%2f..%2fetc%2fpasswd",
        "/mail/%2e%2e",
        "/decisions/%00",
        "/decisions?q=%00",
        "/decisions/%0d%0aSet-Cookie:x=y",
        "/?did=%3Cscript%3E",
        "/decisions?day=9999-12-31&before=0001-01-01T00:00:00%2B00:00&show=x&rule=%3Cb%3E",
    ],
)
def test_tricks_with_paths_lead_nowhere(page: Served, path: str) -> None:
    page.enter()
    answer = page.get(path)
    assert answer.status in (200, 400, 404)
    assert "root:" not in answer.text
    assert "uvicorn" not in answer.text
    assert "<script>" not in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="becoming another user takes root"
)
def test_another_user_of_the_machine_gets_nothing_even_with_the_key(page: Served) -> None:
    """Who read the key from a screen or a list of processes, before its owner used it."""
    asked = (
        "import sys, urllib.request, urllib.error\n"
        "try: print(urllib.request.urlopen(sys.argv[1]).status)\n"
        "except urllib.error.HTTPError as error: print(error.code, error.read().decode())\n"
    )
    python = shutil.which("python3", path="/usr/bin:/bin") or pytest.skip(
        "there is no Python for everybody here"
    )
    done = subprocess.run(
        [python, "-I", "-c", asked, page.link],
        user=65534,
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    assert done.stdout.startswith("403"), done.stdout
    assert "Another user" in done.stdout
    page.enter()
    assert page.get("/").status == 200, "its owner's link still works"


def test_a_mistake_of_our_own_is_told_in_a_sentence(page: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    page.enter()
    monkeypatch.setattr(page.site, "look", lambda: 1 // 0)
    answer = page.get("/")
    assert answer.status == 500
    assert "A mistake of ackd's own" in answer.words
    assert "ZeroDivisionError" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
