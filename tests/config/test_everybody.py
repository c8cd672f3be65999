"""Colleagues who may be anybody, without a proof, want the owner's word."""

from __future__ import annotations

from pathlib import Path

import pytest

from ackd.config import loads
from ackd.config.schema.asking import RISK
from ackd.errors import ConfigError
from tests.config.minimal import MAILBOX

FILE = Path("ackd.yaml")
ENV = {"ACKD_PASSWORD": "secret"}


def made(internal: str) -> object:
    return loads(f"{MAILBOX}internal:\n{internal}".encode(), FILE, ENV).config.internal


@pytest.mark.parametrize(
    ("who", "place"),
    [
        ("  domains: ['*']\n", "domains, entry 1"),
        ("  domains: [corp.example, '*.com']\n", "domains, entry 2"),
        ("  domains: ['*.co.uk']\n", "domains, entry 1"),
        ("  addresses: ['*@*']\n", "addresses, entry 1"),
        ("  domains: [corp.example]\n  addresses: ['*@*.org', bob@lab.example]\n", "addresses, entry 1"),
    ],
)
def test_everybody_without_a_proof_needs_the_owners_word(who: str, place: str) -> None:
    open_to_all = f"{who}  require_authenticated: false\n"
    with pytest.raises(ConfigError) as refused:
        made(open_to_all)
    told = str(refused.value)
    assert f"internal, {place}: found `*" in told
    assert f"write `i_know: {RISK}` beside it" in told
    assert made(f"{open_to_all}  i_know: {RISK}\n")
    assert made(who), "with the stamp it is as it was"
    assert made(f"{who}  i_know: {RISK}\n")


@pytest.mark.parametrize("entry", ["[corp.example]", "['*.corp.example', lab.example]", "[]"])
def test_a_company_without_a_proof_is_as_it_was(entry: str) -> None:
    assert made(f"  domains: {entry}\n  require_authenticated: false\n")


@pytest.mark.parametrize("said", ["true", "yes", "the risk", "''", "[x]"])
def test_another_word_is_none(said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        made(f"  domains: ['*']\n  require_authenticated: false\n  i_know: {said}\n")
    assert "internal, i_know" in str(refused.value)
    assert RISK in str(refused.value)
