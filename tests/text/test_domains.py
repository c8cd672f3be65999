"""Which patterns of mail domains take in everybody."""

from __future__ import annotations

import pytest

from ackd.text.domains import is_everybodys


@pytest.mark.parametrize(
    "pattern",
    [
        "*",
        "**",
        "*.*",
        "*.com",
        "*.COM.",
        "*.de",
        "*.co.uk",
        "*.com.br",
        "*.gouv.fr",
        "*.gv.at",
        "*.рф",
        "*.c*",
        "*@*",
        "*@*.org",
        "b*@*",
        "*@*.co.jp",
        "?@*.com",
        "*@*.co.*",
    ],
)
def test_everybody(pattern: str) -> None:
    assert is_everybodys(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "corp.example",
        "*.corp.example",
        "*@corp.example",
        "*@*.corp.example",
        "com",
        "x@com",
        "co.uk",
        "*.corp.co.uk",
        "*.ac.corp.example",
        "*.example.com",
        "*.sub.example.de",
        "*.com.example",
    ],
)
def test_some(pattern: str) -> None:
    assert not is_everybodys(pattern)
