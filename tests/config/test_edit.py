"""A rule written into the owner's text: it is there, and nothing else is other than before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ackd.config import Config, example, loads
from ackd.config.edit import with_sender_rule
from ackd.config.problems import Broken
from ackd.config.writer import written
from ackd.errors import ConfigError, UsageError
from ackd.model import Always
from tests.config.minimal import ENV, FILE, MAILBOX
from tests.plays import many

BOB = "bob@corp.example"
RULES = """\
# mine
rules: # the first wins

  # the board
  - name: the board   # all of them
    when: {from: [ceo@corp.example, '*@board.corp.example']}
    then: {acknowledge: never, task: true}
# the end
"""
TEXTS = {
    "none": MAILBOX,
    "no line end": MAILBOX.rstrip("\n"),
    "block": MAILBOX + RULES,
    "before": RULES + MAILBOX,
    "at the margin": MAILBOX + "rules:\n- {when: {subject: payroll}, then: {task: false}}\n",
    "deep": MAILBOX + "rules:\n        - when: {subject: payroll}\n          then: {task: false}\n",
    "flow": MAILBOX + "rules: [{when: {subject: payroll}, then: {task: false}}]  # one\nmode: send\n",
    "flow on lines": MAILBOX + "rules: [\n  {when: {subject: payroll}, then: {task: false}},\n]\n",
    "empty flow": MAILBOX + "rules: []\n",
    "null": MAILBOX + "rules: null # none\nmode: send\n",
    "tilde": MAILBOX + "rules: ~\n",
    "nothing": MAILBOX + "rules: # none yet\nmode: send\n",
    "nothing at the end": MAILBOX + "rules:",
    "commented": MAILBOX + "rules:\n#  - {when: {subject: payroll}, then: {task: false}}\n",
    "quoted key": MAILBOX + '"rules" :\n  - {when: {subject: payroll}, then: {task: false}}\n',
    "ended": "---\n" + MAILBOX + "...\n",
    "ended with more": "%YAML 1.1\n---\n" + MAILBOX + "# the end\n...\n# and a word\n",
    "windows": (MAILBOX + RULES).replace("\n", "\r\n"),
    "windows, none": MAILBOX.replace("\n", "\r\n"),
    "indented": "".join(f"  {line}\n" for line in MAILBOX.splitlines()),
    "one map": "{mailbox: {address: alice@corp.example, endpoint: 'https://mail.corp.example/x', "
    "password: {env: ACKD_PASSWORD}}}",
    "umlauts": MAILBOX + 'letters: {name: "Jörg 😀"} # ÄÖÜ\n' + RULES,
    "a text of several lines": MAILBOX + "letters:\n  name: >-\n    Alice\n\n",
    "example": example.example(),
    "init": written(
        {
            "mailbox.address": "alice@corp.example",
            "mailbox.endpoint": "autodiscover",
            "mailbox.password": {"env": "ACKD_PASSWORD"},
        }
    ),
}
#: Texts that can't be used before the rule is there.
EMPTY = ("null", "tilde", "nothing", "nothing at the end", "commented")


def read(text: str) -> Config:
    return loads(text.encode(), FILE, ENV).config


def is_only_longer(before: str, after: str) -> bool:
    """Whether one piece was put in, and nothing taken away."""
    start = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(before))
    return len(after) > len(before) and before[start:] == after[len(after) - len(before) + start :]


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("wanted", list(Always))
def test_a_rule_comes_first_and_all_else_stays(name: str, wanted: Always) -> None:
    text = TEXTS[name]
    edited = with_sender_rule(text, BOB, wanted)
    assert edited.is_new
    plain = text.replace("rules: null", "rules: ").replace("rules: ~", "rules: ")
    assert is_only_longer(plain, edited.text)
    assert BOB in edited.text.splitlines()[edited.line - 1]
    before, after = read(text if name not in EMPTY else MAILBOX), read(edited.text)
    rule = after.rules[0]
    assert (rule.name, [str(one) for one in rule.when.from_], rule.then.acknowledge) == (BOB, [BOB], wanted)
    assert rule.then.threshold == (0.3 if wanted is Always.ALWAYS else None)
    unnamed = [one.model_copy(update={"name": ""}) for one in after.rules[1:]]
    assert unnamed == [one.model_copy(update={"name": ""}) for one in before.rules]
    if name not in EMPTY:
        assert after.model_copy(update={"rules": ()}) == before.model_copy(update={"rules": ()})
    assert ("\r\n" in text) == ("\r\n" in edited.text)
    assert edited.text.count("\r") == (edited.text.count("\n") if "\r" in text else 0)


@pytest.mark.parametrize("name", TEXTS)
def test_said_again_it_changes_nothing_and_turned_round_it_stays_in_its_place(name: str) -> None:
    once = with_sender_rule(TEXTS[name], BOB, Always.NEVER)
    again = with_sender_rule(once.text, BOB.upper(), Always.NEVER)
    assert (again.text, again.is_new, again.line) == (once.text, False, once.line)
    turned = with_sender_rule(once.text, BOB, Always.ALWAYS)
    assert (turned.is_new, turned.line) == (True, once.line)
    assert len(read(turned.text).rules) == len(read(once.text).rules)
    assert read(turned.text).rules[0].then.acknowledge is Always.ALWAYS
    assert with_sender_rule(turned.text, BOB, Always.NEVER).text == once.text


def test_a_rule_of_the_owners_own_form_is_gone_before_not_rewritten() -> None:
    """Its other conditions and outcomes are the owner's."""
    for rest in ("{acknowledge: always, within: 1 business day}", "\n      acknowledge: always"):
        text = f"{MAILBOX}rules:\n  - when: {{from: [{BOB}]}}\n    then: {rest}\n"
        edited = with_sender_rule(text, BOB, Always.NEVER)
        assert is_only_longer(text, edited.text)
        assert len(read(edited.text).rules) == 2
    narrow = f"{MAILBOX}rules:\n  - when: {{from: {BOB}, subject: x}}\n    then: {{acknowledge: never}}\n"
    assert with_sender_rule(narrow, BOB, Always.NEVER).is_new


PLAIN = """\
yes@no.example 'x'@a.example #x@a.example -@a.example {x}@a.example &x@a.example !x@a.example
%x@a.example `x@a.example |@a.example jörg@bücher.example 1e3@a.example null@a.example 😀@a.example
~@a.example *@a.example ?@a.example no-reply@*
"""


def test_a_rule_that_another_one_goes_before_is_not_enough() -> None:
    """The first that matches wins, so what is there below says nothing."""
    text = with_sender_rule(MAILBOX, BOB, Always.NEVER).text
    text = with_sender_rule(text, "eve@corp.example", Always.ALWAYS).text
    assert not with_sender_rule(text, BOB, Always.NEVER).is_new, "the one above is about another person"
    for above in (
        "{from: '*@corp.example'}",
        "{from: /bob/}",
        "{from: [a@b.example, 'b?b@corp.example']}",
        "{subject: x}",
        "{from: bob@corp.example, subject: x}",
    ):
        shadowed = text.replace("rules:\n", f"rules:\n  - {{when: {above}, then: {{task: false}}}}\n")
        edited = with_sender_rule(shadowed, BOB, Always.NEVER)
        assert edited.is_new
        assert read(edited.text).rules[0].then.acknowledge is Always.NEVER
        assert len(read(edited.text).rules) == 4


@pytest.mark.parametrize("address", PLAIN.split())
@pytest.mark.parametrize("name", ["none", "flow", "windows"])
def test_whatever_the_address_is_it_is_one_text(name: str, address: str) -> None:
    edited = with_sender_rule(TEXTS[name], address, Always.NEVER)
    rule = read(edited.text).rules[0]
    assert [str(one) for one in rule.when.from_] == [address]
    assert is_only_longer(TEXTS[name], edited.text)


NO_ADDRESS = (
    *("", " ", "bob", "/.*/", "/@", "bob@", "@corp.example", "a@b@c.example", "/x/@a.example"),
    *("bob@a.example\nmode: send", "bo\0b@a.example", "x\u2028y@a.example", "\ud800@a.example"),
    *("Bob <bob@corp.example>", '"a b"@corp.example', "a: b@c.example", "x" * 300 + "@a.example"),
)


@pytest.mark.parametrize("address", NO_ADDRESS)
def test_what_is_no_address_is_refused_with_what_would_be_one(address: str) -> None:
    with pytest.raises(UsageError, match="address"):
        with_sender_rule(MAILBOX, address, Always.NEVER)


def test_a_sender_who_is_called_like_a_glob_silences_nobody_else() -> None:
    for address in ("*@corp.example", "b?b@corp.example", "/.*@corp.example/"):
        with pytest.raises(UsageError, match="no plain address"):
            with_sender_rule(MAILBOX, address, Always.NEVER, globs=False)
    assert with_sender_rule(MAILBOX, "*@corp.example", Always.NEVER).is_new


def test_a_line_more_that_would_belong_to_a_text_above_is_refused() -> None:
    """`|+` keeps every line break that follows."""
    kept = "letters:\n  name: |+\n    Alice\n"
    with pytest.raises(ConfigError, match="no safe place"):
        with_sender_rule(MAILBOX + kept, BOB, Always.NEVER)
    assert with_sender_rule(MAILBOX + kept + "\n", BOB, Always.NEVER).is_new


@pytest.mark.parametrize("rules", ["rules: x\n", "rules: {a: b}\n", "rules: 'null'\n"])
def test_without_a_safe_place_nothing_is_written(rules: str) -> None:
    with pytest.raises(ConfigError, match="no safe place"):
        with_sender_rule(MAILBOX + rules, BOB, Always.NEVER)


def test_what_is_no_yaml_is_told_with_its_place() -> None:
    with pytest.raises(Broken) as caught:
        with_sender_rule("mailbox: [", BOB, Always.NEVER)
    assert caught.value.problem.line == 1


@given(
    st.text(alphabet="rules:-{}[], #\n\t'\"ab~|>&!?", max_size=40),
    st.sampled_from(sorted({*TEXTS} - {"example", "init", "null", "tilde"})),
)
@hypothesis_settings(max_examples=many(60), deadline=None)
def test_any_text_around_it_stays_or_nothing_is_written(noise: str, name: str) -> None:
    for text in (TEXTS[name] + noise, noise + TEXTS[name]):
        try:
            edited = with_sender_rule(text, BOB, Always.NEVER)
        except (Broken, ConfigError):
            continue
        assert is_only_longer(text, edited.text) or not edited.is_new
