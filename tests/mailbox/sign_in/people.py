"""People who sign in at a sandbox's authority: with a code, or in a browser."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import requests

from ackd.mailbox import sign_in_person
from ackd.mailbox.sign_in import PersonTokens, tokens_of
from ackd.model.access import Access, SignedIn, SignInWay
from ackd.ports import Clock
from exchange_sandbox import Sandbox, consent
from tests.app import access_to

ALICE, BOB = "alice@corp.example", "bob@corp.example"
PASSWORD = "secret"


@dataclass
class Person:
    """Somebody with a mailbox, who agrees to what ackd asks, or refuses. `before` happens between the page
    and the answer."""

    sandbox: Sandbox
    address: str = ALICE
    refuses: bool = False
    before: Callable[[str], None] = lambda _: None
    seen: list[str] = field(default_factory=list)

    def enter_code(self, page: str, code: str, minutes: int) -> None:
        self.seen += [page, code]
        consent(self.sandbox.data, code, self.address, refused=self.refuses)

    def open_page(self, url: str) -> None:
        self.seen.append(url)
        threading.Thread(target=self._browse, args=(url,), daemon=True).start()

    def _browse(self, url: str) -> None:
        self.before(url)
        decision = "refuse" if self.refuses else "agree"
        through_pages(url, self.address, decision, str(self.sandbox.authority))


def through_pages(url: str, address: str, decision: str, trusted: str) -> int:
    """What a browser does with the authority's pages until it is back at ackd's; the last status."""
    with requests.Session() as browser:
        browser.trust_env = False
        browser.verify = trusted
        page = browser.get(url).text
        said = {**_fields(page), "login": address, "passwd": PASSWORD, "decision": decision}
        page = browser.post(url.partition("?")[0], data=said).text
        action = re.search(r'action="([^"]*)"', page)
        assert action, page
        return browser.post(urljoin(url, html.unescape(action[1])), data=_fields(page)).status_code


def _fields(page: str) -> dict[str, str]:
    found = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', page)
    return {html.unescape(name): html.unescape(value) for name, value in found}


def sign_in(
    sandbox: Sandbox,
    clock: Clock,
    state: Path,
    *,
    person: Person | None = None,
    way: SignInWay = SignInWay.DEVICE,
    shared: bool = False,
    access: Access | None = None,
    **how: Any,
) -> SignedIn:
    """Somebody signs in to Alice's mailbox."""
    access = access or access_to(sandbox, ALICE, way, state=state, **how)
    return sign_in_person(access, clock, person or Person(sandbox), way=way, shared=shared)


def tokens(sandbox: Sandbox, clock: Clock, state: Path, **how: Any) -> PersonTokens:
    """The tokens of who signed in, as a process that was just started has them."""
    access = access_to(sandbox, ALICE, SignInWay.DEVICE, state=state, **how)
    assert access.oauth
    found = tokens_of(access, access.oauth, clock.ticks)
    assert isinstance(found, PersonTokens)
    return found


def asked(sandbox: Sandbox) -> int:
    """How many requests for tokens the authority answered."""
    return sum(one.operation == "token" for one in sandbox.requests.all())
