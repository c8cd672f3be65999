"""`ackd migrate`, and a change of `mailbox.kind` while promises are open, by real configuration files: a
sandbox in a process of its own serves both ways over TLS."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ackd.model import ValueKey
from ackd.runtime.app import App
from tests.crash.office import message_id, open_ledger, snapshot
from tests.people import MONDAY, raw
from tests.system.commands import SECRETS, Site, graph_section, in_process, written

NAMES = ("first", "second")
EWS = """\
  endpoint: {endpoint}
  password: {{env: ACKD_PASSWORD}}
  ca_bundle: {trusted}
"""


class Office(Site):
    """A site whose configuration says by which kind."""

    def by(self, kind: str, *, mode: str = "send") -> Path:
        ews = EWS.format(endpoint=self.url, trusted=self.trusted)
        graph = graph_section(self.graph_url, self.authority, self.trusted)
        return written(self.folder, "state", {"ews": ews, "graph": graph}[kind], mode=mode)

    def ask(self, *names: str) -> None:
        self.deliver(*(raw(name, sender="bob@corp.example", at=self.now) for name in names))
        self.later(minutes=1)

    def migrate(self, config: Path, *options: str, status: int = 0) -> Any:
        where = ("--config", str(config), "--clock", str(self.clock))
        done = in_process("migrate", *options, *where)
        assert done.returncode == status, (done.stdout, done.stderr)
        return json.loads(done.stdout) if "--json" in options else done.stdout + done.stderr

    def is_one_each(self, *names: str) -> bool:
        """Whether one letter, one copy and one task stand on the server for each question."""
        questions = [message_id(name) for name in names]
        return snapshot(self.data, questions).is_one_each(Counter(questions))


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    with Office(tmp_path, MONDAY, graph=True) as made:
        config = made.by("ews")
        made.once(config)
        made.later(minutes=1)
        made.ask(*NAMES)
        assert made.once(config)["acknowledged"] == len(NAMES)
        made.later(hours=1)
        yield made


@pytest.mark.long
def test_a_look_says_item_by_item_and_then_it_is_done(office: Office) -> None:
    config = office.by("graph", mode="preview")
    assert "in preview nothing is written" in office.migrate(config, status=78)
    config = office.by("graph")
    for _ in range(2):  # a look changes nothing
        found = office.migrate(config, "--dry-run", "--json")
        assert (found["before"], found["after"]) == ("ews", "graph")
        assert (found["is_due"], found["is_done"], found["cases"]) == (True, False, [])
        assert [(one["message_id"], one["task"], one["letter"]) for one in found["promises"]] == [
            (message_id(name), "name", "sent") for name in NAMES
        ]
    words = office.migrate(config, "--dry-run")
    assert "would be carried over from ews to graph: 2 open promises" in words
    assert "Bob: About first  (task known by its name, letter sent)" in words
    assert words.endswith("nothing was written\n")
    with App(config, office.clock):  # a service at work
        assert "another ackd is at work" in office.migrate(config, status=75)
        assert office.migrate(config, "--dry-run", "--json")["is_due"] is True
    done = office.migrate(config, "--json")
    assert (done["is_done"], len(done["promises"])) == (True, 2)
    assert "nothing to carry over: this mailbox is known by graph" in office.migrate(config)
    assert office.migrate(config, "--dry-run", "--json")["is_due"] is False
    assert office.once(config)["acknowledged"] == 0
    assert office.is_one_each(*NAMES)


@pytest.mark.long
def test_a_running_ackd_takes_up_another_kind_and_the_first_one_again(
    office: Office,
) -> None:
    config = office.by("ews")
    asked = list(NAMES)
    with App(config, office.clock) as app:
        app.run_pass()
        for kind in ("graph", "ews", "graph"):
            office.later(minutes=20)
            asked.append(f"q{len(asked)}")
            office.ask(asked[-1])
            office.by(kind)
            assert app.run_pass().acknowledged == 1
            assert app.ledger.value(ValueKey.BACKEND) == kind
            office.later(minutes=20)
            app.run_pass()
    config = office.by("ews")
    office.migrate(config)
    ledger = open_ledger(office.folder / "state" / "ledger.sqlite")
    assert len(ledger.open_promises()) == len(asked)
    ledger.close()
    assert office.is_one_each(*asked)
