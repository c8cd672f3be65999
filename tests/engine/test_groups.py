"""Distribution lists as the owner names them: who is a colleague by them, and who only looks so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ackd.config.load import loads
from ackd.config.patterns import Pattern, PatternKind
from ackd.engine import groups
from ackd.engine.daemon import Daemon
from ackd.errors import ConfigError, Unreachable
from ackd.judge.owner_rules import OwnerRule, Then, When
from ackd.mailbox import expansion
from ackd.mailbox.expansion import Level
from ackd.mailbox.memory.mailbox import MemoryMailbox
from ackd.model import Veto
from ackd.runtime.settings import settings_of
from ackd.text import eml
from tests.config.minimal import MAILBOX
from tests.people import ALICE, MONDAY, settings
from tests.scenario import InMemory, Scenario

TEAM, BOARD = "team@corp.example", "board@corp.example"
DORA, ERIN = "dora@partner.example", "erin@partner.example"


class Directory(MemoryMailbox):
    """A mailbox whose server may be out of reach when it is asked for a list."""

    asked = 0
    is_down = False

    def expand(self, groups: Collection[str]) -> frozenset[str]:
        self.asked += 1
        if self.is_down:
            raise Unreachable("the directory is down")
        return super().expand(groups)


def start(
    office: Scenario, *internal: str, rules: tuple[OwnerRule, ...] = (), lists: tuple[str, ...] = ()
) -> Daemon:
    """Alice's ackd by a configuration that names these lists."""
    return office.start(internal_groups=internal, groups=(*internal, *lists), owner_rules=rules)


def begin(office: Scenario, *internal: str, **more: Any) -> Daemon:
    """The same after its first pass."""
    daemon = start(office, *internal, **more)
    office.begin()
    return daemon


def asks(office: Scenario, sender: str) -> bool:
    """Whether a question of this sender is acknowledged now."""
    before = len(office.letters())
    office.deliver(f"q{len(office.ledger.judged(MONDAY))}", sender=sender)
    office.run()
    return len(office.letters()) > before


@pytest.fixture
def office() -> Scenario:
    return Scenario(backend=InMemory(Directory, groups={TEAM: (DORA,), BOARD: (ERIN,)}))


def test_a_member_of_a_list_is_a_colleague(office: Scenario) -> None:
    begin(office, TEAM)
    assert asks(office, "Dora@Partner.Example")
    assert not asks(office, ERIN)


def test_the_server_is_asked_once_a_day_and_not_after_a_restart(office: Scenario) -> None:
    daemon = begin(office, TEAM)
    office.mailbox.groups[TEAM] = (ERIN,)
    for _ in range(20):
        office.later(hours=1)
        daemon.run_pass()
    start(office, TEAM).run_pass()
    assert office.mailbox.asked == 1
    office.later(hours=5)
    assert asks(office, ERIN)
    assert not asks(office, DORA)
    assert office.mailbox.asked == 2


def test_a_failure_keeps_the_members_for_a_week(office: Scenario) -> None:
    begin(office, TEAM)
    office.mailbox.is_down = True
    for _ in range(6):
        office.later(days=1)
        assert asks(office, DORA)
    office.later(days=2)
    assert not asks(office, DORA)
    office.mailbox.is_down = False
    office.later(hours=2)
    assert asks(office, DORA)


def test_a_list_that_was_removed_is_asked_for_again_but_not_all_the_time(office: Scenario) -> None:
    daemon = begin(office, TEAM)
    del office.mailbox.groups[TEAM]
    office.later(days=1)
    for _ in range(30):
        daemon.run_pass()
        office.later(minutes=2)
    assert office.mailbox.asked == 2


def test_a_list_that_never_was_is_an_error_of_the_configuration(office: Scenario) -> None:
    with pytest.raises(ConfigError, match=r"internal\.groups.*nobody@corp\.example.*domains"):
        start(office, "nobody@corp.example").run_pass()


def test_without_an_answer_from_the_server_nothing_is_judged(office: Scenario) -> None:
    office.mailbox.is_down = True
    with pytest.raises(Unreachable):
        start(office, TEAM).run_pass()


def test_other_settings_ask_for_other_lists(office: Scenario) -> None:
    daemon = begin(office, TEAM)
    daemon.use(replace(settings(), internal_groups=(BOARD,), groups=(BOARD,)))
    assert asks(office, ERIN)
    assert not asks(office, DORA)


@pytest.mark.parametrize(
    ("pattern", "silenced"),
    [
        (Pattern(PatternKind.EQUALS, "Board@corp.example"), True),
        (Pattern(PatternKind.GLOB, "b*@corp.example", one=True), True),
        (Pattern(PatternKind.REGEX, "^board@"), True),
        (Pattern(PatternKind.EQUALS, TEAM), False),
        (Pattern(PatternKind.EQUALS, "nobody@corp.example"), False),
    ],
)
def test_a_rule_may_mean_the_members_of_a_list(office: Scenario, pattern: Pattern, silenced: bool) -> None:
    office.mailbox.groups[BOARD] = ("bob@corp.example",)
    rule = OwnerRule("the board", When(group=(pattern,)), Then(acknowledge=False))
    begin(office, rules=(rule,), lists=(BOARD, TEAM))
    assert asks(office, "bob@corp.example") is not silenced


def test_a_list_in_a_rule_makes_nobody_a_colleague(office: Scenario) -> None:
    rule = OwnerRule("always", When(group=(Pattern(PatternKind.EQUALS, BOARD),)), Then(acknowledge=True))
    begin(office, rules=(rule,), lists=(BOARD,))
    assert not asks(office, ERIN)


def test_what_the_configuration_names_is_asked_for(tmp_path: Path) -> None:
    text = (
        f"{MAILBOX}internal: {{groups: [Team@corp.example]}}\n"
        "rules:\n"
        "- {when: {group: [board@corp.example, 'te*@corp.example']}, then: {acknowledge: never}}\n"
        "- {name: none, when: {group: 'x*@corp.example'}, then: {acknowledge: never}}\n"
    )
    loaded = loads(text.encode(), tmp_path / "config.yaml")
    found, _ = settings_of(loaded.config)
    assert found.internal_groups == (TEAM,)
    assert found.groups == (TEAM, BOARD)
    (note,) = loaded.notes
    assert "'none'" in note
    assert "internal.groups" in note


def test_the_last_known_members_are_told_with_their_moment(office: Scenario) -> None:
    daemon = begin(office, TEAM)
    office.later(days=2)
    asked = replace(settings(), internal_groups=(TEAM, BOARD), groups=(TEAM, BOARD))
    found, words = groups.last_known(asked, daemon.ledger, office.clock.now())
    assert found.policy.group_members == {DORA}
    assert words[0] == f"{TEAM} has 1 member, as the server said on 2026-11-23 09:30 CET"
    assert words[1].startswith(f"{BOARD} has no members")
    nothing, words = groups.last_known(asked, None, office.clock.now())
    assert nothing.policy.group_members == frozenset()
    assert len(words) == 2


def test_it_is_told_how_long_members_count_without_an_answer(office: Scenario) -> None:
    daemon = begin(office, TEAM)
    known = f"{TEAM}: 1 member as of 2026-11-23T08:30:00+00:00"
    assert groups.standing(daemon.ledger, office.clock.now()) == (known,)
    office.mailbox.is_down = True
    office.later(days=2)
    daemon.run_pass()
    assert groups.standing(daemon.ledger, office.clock.now()) == (
        f"{known}, and since then the server doesn't tell: they count until 2026-11-30T08:30:00+00:00",
    )
    office.later(days=5)
    (words,) = groups.standing(daemon.ledger, office.clock.now())
    assert words.startswith(f"{TEAM}: unknown, so nobody belongs to it")


LOOK_ALIKES = (
    "dora@partner.example.evil.test",
    "dora@partner-example",
    "dora@evilpartner.example",
    "dora@sub.partner.example",
    "dоra@partner.example",  # a Cyrillic о
    "dora@pаrtner.example",  # a Cyrillic а
    "dora@ｐartner.example",
    "dora@partner。example",
    "ｄora@partner.example",
    "xdora@partner.example",
    "dora+x@partner.example",
    "team@corp.example.evil.test",
    TEAM,  # a list writes no mail, and isn't its own member
)


@pytest.mark.parametrize("sender", LOOK_ALIKES)
def test_who_only_looks_like_a_member_is_outside(office: Scenario, sender: str) -> None:
    daemon = begin(office, TEAM)
    only = replace(daemon.settings, policy=replace(daemon.settings.policy, domains=()))
    daemon.use(only)
    assert not asks(office, sender)
    assert asks(office, "dora@partner.example"), "nobody is inside, so nothing was shown"


@pytest.mark.parametrize(
    "field",
    [
        f'"{DORA}" <eve@evil.test>',
        f"{DORA} <eve@evil.test>",
        f"<{DORA}> <eve@evil.test>",
        f"eve@evil.test ({DORA})",
        f"{DORA} (eve@evil.test)",
        f'"{DORA}"@evil.test',
        '"dora"@partner.example',
        "dora(x)@partner.example",
        f"{DORA}, eve@evil.test",
        f"{DORA}\r\nFrom: eve@evil.test",
        f"eve@evil.test\r\nFrom: {DORA}",
        f"=?utf-8?Q?{DORA.replace('@', '=40')}?= <eve@evil.test>",
        "@evil.test:dora@partner.example",
        f"members: {DORA}, eve@evil.test;",
    ],
)
def test_tricks_in_the_from_field_make_nobody_a_member(office: Scenario, field: str) -> None:
    daemon = begin(office, TEAM)
    raw = (
        f"Message-ID: <t@x.example>\r\nDate: Mon, 23 Nov 2026 08:31:00 +0000\r\nFrom: {field}\r\n"
        f"To: {ALICE.address}\r\nSubject: Figures\r\nX-MS-Exchange-Organization-AuthAs: Internal\r\n\r\n"
        "Could you please send me the figures for October?\r\n"
    )
    office.mailbox.arrive(eml.read(raw.encode()))
    daemon.run_pass()
    assert office.mailbox.letters == []
    (row,) = daemon.ledger.judged(MONDAY)
    vetoes = {f.rule for f in row.verdict.findings if isinstance(f, Veto)}
    assert vetoes & {"internal", "from field"}


def test_loops_depth_and_size_are_bounded() -> None:
    def ring(address: str) -> Level:
        number = int(address.partition("@")[0])
        return Level((f"p{number}@x.example",), (f"{(number + 1) % 5}@x.example", f"{number}@X.example"))

    assert len(expansion.expand(["0@x.example"], ring)) == 5

    def endless(address: str) -> Level:
        return Level((), (f"{int(address.partition('@')[0]) + 1}@x.example",))

    def wide(address: str) -> Level:
        return Level((), tuple(f"{address.partition('@')[0]}{n}@x.example" for n in range(10)))

    def many(address: str) -> Level:
        return Level(tuple(f"p{n}@x.example" for n in range(expansion.MOST_MEMBERS + 1)))

    for level_of in (endless, wide, many):
        with pytest.raises(ConfigError, match=r"internal\.groups.*name domains"):
            expansion.expand(["0@x.example"], level_of)


def test_a_nested_list_that_hides_its_members_adds_nobody() -> None:
    levels = {"a@x.example": Level(("p@x.example",), ("hidden@x.example",))}
    assert expansion.expand(["A@x.example"], levels.get) == {"p@x.example"}
