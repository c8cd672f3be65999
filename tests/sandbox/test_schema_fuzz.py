"""Requests at random, made from the published schemas: allowed ones, and ones that are broken.

Each gets an answer that the schemas allow or a fault as Exchange writes it, never an internal error, and
the store stays whole.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from ackd.sandbox import Sandbox, operations

from .conftest import ALICE, BOB, Time
from .schema_requests import Schema
from .wire import NS, Got, Wire, check_fault, envelope

#: Not asked: it holds the connection open for minutes.
STREAMS = "GetStreamingEvents"
MAIL = b"From: bob@corp.example\r\nTo: alice@corp.example\r\nSubject: Hello %d\r\n\r\nhello there\r\n"


@pytest.mark.parametrize(
    ("seed", "rounds"), [(1, 20), *(pytest.param(seed, 150, marks=pytest.mark.long) for seed in (2, 3, 4))]
)
def test_whatever_is_asked(tmp_path: Path, time: Time, shared: Path, seed: int, rounds: int) -> None:
    with Sandbox(tmp_path, {ALICE: "secret", BOB: "secret"}, clock=time) as sandbox:
        for number in range(5):
            sandbox.deliver(MAIL % number, ALICE)
        alice = Wire(sandbox.url, ALICE)
        schema = Schema(shared / "ews-schema", seed)
        schema.known.learn(alice.find("inbox").root)
        names = [name for name in schema.operations(operations.scan()) if name != STREAMS]
        done: Counter[str] = Counter()
        for number in range(rounds):
            for name in names:
                request = schema.request(name)
                data = schema.broken(request) if number % 3 == 2 else etree.tostring(request)
                got = alice.raw(envelope(data.decode()))
                check(got, schema, data)
                done[name] += "NoError" in got.codes
        assert done.total() > rounds, "hardly a request did anything"
        assert alice.find("inbox").codes == ["NoError"]
    with sqlite3.connect(tmp_path / "sandbox.sqlite") as store:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert store.execute("PRAGMA foreign_key_check").fetchall() == []


def check(got: Got, schema: Schema, request: bytes) -> None:
    content = got.root.find("s:Body", NS)[0]  # type: ignore[index]
    assert not {"ErrorInternalServerError", "ErrorInternalServerTransientError"} & set(got.codes), request
    if got.status == 500:
        check_fault(content, request.decode())
        return
    assert got.status == 200
    schema.check.validate(content)
    problems = [str(one) for one in schema.check.error_log]  # type: ignore[attr-defined]
    assert not problems, (problems[0][:500], request[:2000], etree.tostring(content)[:2000])
    schema.known.learn(content)
