"""Nobody gets inside by looking alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ackd.text.addresses import canonical, in_address, in_domain, matches, spellings
from ackd.text.headers import addresses, decoded, keyword, uncommented


@pytest.mark.parametrize(
    ("pattern", "domain", "inside"),
    [
        ("corp.example", "corp.example", True),
        ("CORP.Example", "corp.example", True),
        ("corp.example", "eu.corp.example", False),
        ("*.corp.example", "eu.corp.example", True),
        ("*.corp.example", "a.b.corp.example", True),
        ("*.corp.example", "corp.example", False),
        ("*.corp.example", "evilcorp.example", False),
        ("*", "anything.test", True),
        ("corp.example", "corp.example.evil.test", False),
        ("corp*.example", "corp2.example", True),
        ("corp*.example", "corp.x.example", False),
        ("bücher.example", "xn--bcher-kva.example", True),
        ("", "corp.example", False),
        ("*.*", "corp.example", True),
    ],
)
def test_in_domain(pattern: str, domain: str, inside: bool) -> None:
    assert in_domain(domain, pattern) is inside


@pytest.mark.parametrize(
    "address",
    [
        "",
        "corp.example",
        "@corp.example",
        "bob@",
        "a b@corp.example",
        '"bob"@corp.example',
        "bob(x)@corp.example",
        "eve@evil.test@corp.example",
        "bob@corp..example",
        "bob@corp.example.",
        "bob@-corp.example",
        "bob@ｃorp.example",
        "bob@corp。example",
        "bob@\u212aorp.example",  # the Kelvin sign, k in lower case
        "\u212aim@corp.example",
        "bo\u017f\u017f@corp.example",  # a long s
        "bob@[127.0.0.1]",
        "bob\n@corp.example",
        "bob@" + "a" * 64 + ".example",
        "b" * 400 + "@corp.example",
    ],
)
def test_what_is_not_plain_is_nobody(address: str) -> None:
    assert canonical(address) is None


def test_canonical() -> None:
    assert canonical(" Bob@CORP.Example ") == "bob@corp.example"
    assert canonical("bob@Bücher.example") == "bob@xn--bcher-kva.example"
    assert canonical("bob@cоrp.example") != "bob@corp.example"  # a Cyrillic o


def test_spellings() -> None:
    both = {"bob@xn--bcher-kva.example", "bob@bücher.example"}
    assert set(spellings("bob@XN--bcher-kva.example")) == both
    assert set(spellings("Bob@BÜCHER.example")) == both
    assert spellings("bob@corp.example") == ("bob@corp.example",)
    assert spellings("bob@xn--corp-.example") == ("bob@xn--corp-.example",)
    assert spellings(" nobody ") == ("nobody",)


@given(st.text(max_size=60) | st.from_regex(r"a@xn--[a-z0-9-]{0,40}\.example", fullmatch=True))
def test_any_address_has_spellings_and_only_its_own(address: str) -> None:
    found = spellings(address)

    assert found
    assert {canonical(one) for one in found} <= {canonical(address), None}


def test_in_address() -> None:
    assert in_address("no-reply@x.example", "no-reply@*")
    assert in_address("bob@corp.example", "corp.example")
    assert not in_address("xno-reply@x.example", "no-reply@*")


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_globs_are_what_fnmatch_says(pattern: str, text: str) -> None:
    from fnmatch import fnmatchcase

    assert matches(pattern, text) is fnmatchcase(text, pattern)


@given(st.text(max_size=300))
def test_any_value_is_read(value: str) -> None:
    for parsed in addresses(value):
        assert parsed.email or parsed.name
    assert isinstance(decoded(value), str)
    assert isinstance(keyword(value), str)


@given(
    st.lists(
        st.tuples(st.text('abc ,"\\', max_size=8), st.sampled_from(["a@x.example", "b@y.example"])),
        max_size=5,
    )
)
def test_quoted_names_never_make_addresses(people: list[tuple[str, str]]) -> None:
    quoted = ((name.replace("\\", "\\\\").replace('"', '\\"'), email) for name, email in people)
    value = ", ".join(f'"{name}" <{email}>' for name, email in quoted)

    assert [parsed.email for parsed in addresses(value)] == [email for _, email in people]


def test_comments_and_keywords() -> None:
    assert uncommented("a (b (c) d) e") == "a  e"
    assert uncommented("a (never closed") == "a "
    assert keyword(" Auto-Replied (x); y=z") == "auto-replied"
    assert decoded("=?utf-8?q?Gr=C3=BC=C3=9Fe?= =?utf-8?b?IQ==?=") == "Grüße!"
    assert decoded("=?nonsense?x?y?=") == "=?nonsense?x?y?="
    assert decoded("=?rot13?q?abc?=") == "abc"  # unknown charsets are read as UTF-8, never looked up
