"""Two mailboxes in one process, each with its own authority, proxy and policy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

import pytest
import requests.adapters
from exchangelib.protocol import BaseProtocol, CachingProtocol

from ackd.errors import Unreachable
from ackd.mailbox.ews import Access, EwsMailbox
from ackd.mailbox.ews.connect import open_account
from exchange_sandbox import Sandbox
from tests.clock import StepClock
from tests.mailbox.contract.mailbox_contract import NOW, letter, raw_mail, task
from tests.tls import Proxy, make_certificates

ALICE, BOB = "alice@corp.example", "bob@corp.example"
ROUNDS = 5


@dataclass
class House:
    """A sandbox by https with a certificate of its own authority, and the way to it."""

    sandbox: Sandbox
    access: Access
    proxy: Proxy

    def mailbox(self) -> EwsMailbox:
        return EwsMailbox(self.access, zone=ZoneInfo("UTC"), clock=StepClock(NOW))


@pytest.fixture
def houses(tmp_path: Path) -> Iterator[tuple[House, House]]:
    """One is reached by name through a proxy, which alone knows the name; the other directly."""
    with ExitStack() as stack:
        made = []
        for number, (address, name) in enumerate(((ALICE, "mail.corp.example"), (BOB, "localhost"))):
            folder = tmp_path / str(number)
            folder.mkdir()
            ca, certificate, key = make_certificates(folder, name)
            sandbox = Sandbox(folder / "data", {address: "secret"}, tls=(certificate, key)).start()
            stack.callback(sandbox.stop)
            parts = urlsplit(sandbox.url)
            proxy = stack.enter_context(Proxy(parts.port or 0, "mail.corp.example"))
            by_proxy = f"https://{name}{parts.path}"
            endpoint = by_proxy if address == ALICE else f"https://localhost:{parts.port}{parts.path}"
            way = proxy.url if address == ALICE else "direct"
            access = Access(address, endpoint, address, "secret", ca_bundle=str(ca), proxy=way)
            made.append(House(sandbox, access, proxy))
        yield made[0], made[1]


def test_each_goes_its_own_way_at_once(houses: tuple[House, House]) -> None:
    """Threads that take turns as they come: sessions are made anew in each round."""
    barrier = threading.Barrier(len(houses))

    def work(house: House) -> None:
        mailbox = house.mailbox()
        for number in range(ROUNDS):
            barrier.wait(60)
            assert mailbox.report().address == house.access.address
            mailbox.send([letter(f"{number:032x}", house.access.address)])
            mailbox.create_tasks([task(f"{number + 100:032x}")])
            mailbox.close()

    with ThreadPoolExecutor(len(houses)) as threads:
        for done in [threads.submit(work, house) for house in houses]:
            done.result()
    by_name, direct = houses
    assert set(by_name.proxy.asked) == {"CONNECT mail.corp.example:443"}
    assert len(by_name.proxy.asked) >= ROUNDS
    assert direct.proxy.asked == []
    for house in houses:
        mailbox = house.mailbox()
        assert len(mailbox.tasks()) == ROUNDS
        mailbox.close()


def test_the_others_authority_isnt_trusted(houses: tuple[House, House]) -> None:
    by_name, direct = houses
    right, mailbox = (
        direct.mailbox(),
        EwsMailbox(
            replace(direct.access, ca_bundle=by_name.access.ca_bundle),
            zone=ZoneInfo("UTC"),
            clock=StepClock(NOW),
        ),
    )
    for _ in range(2):
        with pytest.raises(Unreachable, match="certificate"):
            mailbox.report()
        assert right.report().address == BOB
    for one in (mailbox, right):
        one.close()


def test_nothing_is_kept_for_the_whole_process(houses: tuple[House, House]) -> None:
    before = BaseProtocol.HTTP_ADAPTER_CLS, BaseProtocol.TIMEOUT, BaseProtocol.USERAGENT
    _, direct = houses
    accounts = [open_account(direct.access, ZoneInfo("UTC")) for _ in range(2)]
    (first, first_policy), (second, second_policy) = accounts
    assert first.protocol is not second.protocol
    assert first.protocol.retry_policy is first_policy
    assert second.protocol.retry_policy is second_policy
    assert before == (BaseProtocol.HTTP_ADAPTER_CLS, BaseProtocol.TIMEOUT, BaseProtocol.USERAGENT)
    assert requests.adapters.HTTPAdapter is before[0]
    keys = {endpoint for endpoint, _ in CachingProtocol._protocol_cache}
    assert direct.access.endpoint not in keys


def test_a_mail_opens_in_a_browser_at_its_own_server(houses: tuple[House, House]) -> None:
    for house in houses:
        house.sandbox.deliver(raw_mail("q/1"), house.access.address)
        mailbox = house.mailbox()
        (found,) = mailbox.search(message_id="<q/1@corp.example>")
        (seen,) = mailbox.changes(None, NOW - timedelta(days=9999)).mails
        (named,) = mailbox.mails(["<q/1@corp.example>"]).values()
        mailbox.draft([letter()])
        (draft,) = mailbox.draft_links([letter().token]).values()
        mailbox.close()
        place = urlsplit(house.access.endpoint).netloc
        link = f"https://{place}/owa/?ItemID={quote(found.item, safe='')}&exvsurl=1&viewmodel=ReadMessageItem"
        assert found.web_link == seen.web_link == named.web_link == link
        assert draft.startswith(f"https://{place}/owa/?ItemID=")
        assert draft != link


def test_no_link_leads_to_plain_http(tmp_path: Path) -> None:
    with Sandbox(tmp_path, {ALICE: "secret"}) as sandbox:
        sandbox.deliver(raw_mail(), ALICE)
        access = Access(ALICE, sandbox.url, ALICE, "secret")
        mailbox = EwsMailbox(access, zone=ZoneInfo("UTC"), clock=StepClock(NOW))
        assert [mail.web_link for mail in mailbox.search(subject="Figures")] == [""]
        mailbox.close()
