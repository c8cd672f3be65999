"""Requests at random, made from the published metadata and JSON Schema: allowed ones, and broken ones.

Each gets an answer that the schema allows or an error as Graph writes it, never an internal error, and the
store stays whole.
"""

from __future__ import annotations

import logging
import re
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest

from exchange_sandbox import Sandbox
from exchange_sandbox.graph import resources
from exchange_sandbox.graph.errors import GraphError
from exchange_sandbox.graph.routing import Router
from tests.plays import seeds

from ..conftest import ALICE, BOB, Time
from ..wire import Wire
from .graph_client import Got, Graph, signed_in, validate
from .graph_model import Model, Operation
from .graph_requests import Requests

ROUTER = Router(resources.scan())
PREFER = (
    "", 'IdType="ImmutableId"', "odata.maxpagesize=2", 'outlook.body-content-type="text"',
    'outlook.timezone="Europe/Berlin", return=minimal', 'outlook.timezone="Nowhere"', "x;y=,,=\"",
    "respond-async",
)  # fmt: skip
_BY_REQUEST = "internal server error occurred. The operation failed."  # what a delta that expands is answered


@pytest.fixture
def model_folder(shared: Path) -> Path:
    return shared / "graph"


def is_there(operation: Operation) -> bool:
    """Whether the sandbox knows the address and the method."""
    try:
        ROUTER.match(
            operation.method, "/".join("x" if one.startswith("{") else one for one in operation.template)
        )
    except GraphError:
        return False
    return True


@pytest.mark.long
@pytest.mark.parametrize(
    ("seed", "rounds"),
    [(seeds(1)[0], 15), *(pytest.param(seed, 30, marks=pytest.mark.more) for seed in seeds(2, 3))],
)
def test_whatever_is_asked(
    tmp_path: Path,
    time: Time,
    model_folder: Path,
    caplog: pytest.LogCaptureFixture,
    seed: int,
    rounds: int,
) -> None:
    caplog.set_level(logging.ERROR)
    model = Requests(model_folder, seed)
    operations = [one for one in model.operations if is_there(one)]
    with Sandbox(tmp_path, {ALICE: "secret", BOB: "secret"}, clock=time) as sandbox:
        player = Player(model, signed_in(sandbox, ALICE))
        for number in range(5):
            sandbox.deliver(
                f"From: {BOB}\r\nTo: {ALICE}\r\nSubject: Hello {number}\r\n\r\nhello\r\n".encode(), ALICE
            )
        for _ in range(rounds):
            player.learn(operations)
            for operation in operations:
                player.play(operation, is_whole=model.random.random() > 1 / 3)
                assert not caplog.records, (player.asked, caplog.records[0].getMessage(), caplog.text[-3000:])
            player.batch(operations)
            player.follow()
            time.move(7)
        idle = sorted({one.name for one in operations if not player.done[one.name]})
        assert len(idle) < len(operations) / 4, f"these did nothing: {idle}"
        assert signed_in(sandbox, ALICE).get("/me/mailFolders/inbox/messages").status == 200
        assert Wire(sandbox.url, ALICE).find("inbox").codes == ["NoError"]
    with closing(sqlite3.connect(tmp_path / "sandbox.sqlite")) as store:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert store.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.long
def test_what_is_not_here_is_listed(model_folder: Path) -> None:
    """The list in the docs names all that the metadata has and the sandbox hasn't, and nothing else."""
    document = (Path(__file__).parents[3] / "docs" / "sandbox.md").read_text(encoding="utf-8")
    section = document.partition("### What of Graph is not here")[2].partition("Nor are there")[0]
    listed = re.findall(r"`([^`]+)`", section)
    operations = Model(model_folder).operations
    missing = [one for one in operations if not is_there(one)]
    unlisted = [one.name for one in missing if not any(names(pattern, one) for pattern in listed)]
    assert not unlisted, unlisted[:20]
    for pattern in listed:
        assert any(names(pattern, one) for one in missing), f"{pattern}: nothing of that is missing"
        there = [one.name for one in operations if is_there(one) and names(pattern, one)]
        assert not there, f"{pattern}: {there[0]} is there"


def names(pattern: str, operation: Operation) -> bool:
    """Whether a pattern of the list means an operation: with a method, one whose address ends so."""
    method, _, path = pattern.rpartition(" ")
    wanted = [re.sub(r"\{.*\}", "{}", one) for one in path.split("/")]
    found = [re.sub(r"\{.*\}", "{}", one) for one in operation.template]
    size = len(wanted)
    if method:
        return method == operation.method and found[-size:] == wanted
    return any(found[at : at + size] == wanted for at in range(len(found) - size + 1))


class Player:
    """Asks at random, and looks at each answer."""

    def __init__(self, model: Requests, alice: Graph) -> None:
        self.model, self.alice = model, alice
        self.done: Counter[str] = Counter()
        self.asked: Any = None

    def learn(self, operations: list[Operation]) -> None:
        """Let the generator know the ids of what is there."""
        for one in operations:
            if one.method == "GET" and one.answer.endswith(".page") and one.template[0] != "groups":
                self.ask(one, self.model.address(one), {}, None, {})

    def play(self, operation: Operation, *, is_whole: bool) -> None:
        """One request, broken in one place unless it is to be whole."""
        model, pick = self.model, self.model.random
        address, options, body = model.address(operation), model.options(operation), model.body(operation)
        headers = {"Prefer": pick.choice(PREFER)} if pick.random() < 0.3 else {}
        if pick.random() < 0.05 and model.known.versions:
            headers["If-Match"] = pick.choice(model.known.versions)
        data: Any = body
        elsewhere = False
        if not is_whole:
            way = pick.randrange(4 if body is not None else 2)
            if way == 0:
                address, elsewhere = model.broken_address(address), True
            elif way == 1:
                options = model.broken_options(options)
            else:
                data = model.broken_body(body)
        there = Operation(operation.method, ()) if elsewhere else operation
        got = self.ask(there, address, options, data, headers)
        self.done[operation.name] += is_whole and got.status < 300

    def ask(
        self, operation: Operation, address: str, options: dict[str, str], body: Any, headers: dict[str, str]
    ) -> Got:
        target = quote(address, safe="/%()'$=@,:;&?{}") + (
            f"?{urlencode(options, quote_via=quote)}" if options else ""
        )
        if isinstance(body, bytes):
            headers = {"Content-Type": "application/json", **headers}
        self.asked = (operation.method, target, body, headers)
        got = self.alice.ask(operation.method, target, body, headers=headers, checked=False)
        self.check(operation, address, got)
        return got

    def check(self, operation: Operation, address: str, got: Got) -> None:
        """Whether an answer is one that Graph gives."""
        assert got.headers.get("request-id"), self.asked
        if got.status >= 400:
            validate("error", got.json)
            assert got.status < 500 or _BY_REQUEST in got.json["error"]["message"], (self.asked, got)
            return
        try:
            self._validate(operation, address, got.json)
        except AssertionError as error:
            raise AssertionError(f"{self.asked}: {error}; {got.raw[:3000]!r}") from error

    def _validate(self, operation: Operation, address: str, value: Any) -> None:
        if isinstance(value, dict) and operation.answer in self.model.definitions:
            validate(operation.answer, value)
            self.model.known.learn(operation, address, value)

    def batch(self, operations: list[Operation]) -> None:
        """Several at once."""
        parts: list[dict[str, Any]] = []
        chosen = self.model.random.sample(operations, 6)
        for number, operation in enumerate(chosen):
            body = self.model.body(operation)
            part: dict[str, Any] = {
                "id": str(number), "method": operation.method, "url": self.model.address(operation),
            }  # fmt: skip
            if body is not None:
                part |= {"body": body, "headers": {"Content-Type": "application/json"}}
            if number and self.model.random.random() < 0.3:
                part["dependsOn"] = [str(number - 1)]
            parts.append(part)
        self.asked = parts
        got = self.alice.post("/$batch", {"requests": parts}, checked=False)
        assert got.status == 200, (parts, got)
        validate("batch.answer", got.json)
        for answer in got.json["responses"]:
            assert answer["status"] < 500 or _BY_REQUEST in str(answer["body"]), (parts, answer)
            if answer["status"] < 300 and isinstance(answer.get("body"), dict):
                operation, url = chosen[int(answer["id"])], parts[int(answer["id"])]["url"]
                self._validate(operation, url, answer["body"])

    def follow(self) -> None:
        """Follow links that were given, of long ago too, and spoiled ones."""
        links = self.model.known.links[-200:]
        for link, answer in self.model.random.sample(links, min(20, len(links))):
            target = link if self.model.random.random() < 0.8 else link[:-3]
            self.asked = target
            got = self.alice.get(target, checked=False)
            self.check(Operation("GET", ("links", "delta"), answer), urlsplit(target).path, got)
