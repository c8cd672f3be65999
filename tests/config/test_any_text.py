"""Whatever the file holds: a configuration or one clear error, soon, and never the secret."""

from __future__ import annotations

import gc
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ackd.config import loads
from ackd.config.read_file import LARGEST
from ackd.config.schema_help import homes
from ackd.errors import ConfigError
from tests.config.minimal import ENV, FILE, MAILBOX
from tests.plays import many

KEYS = [*sorted(homes()), "env", "file", "from", "to", "when", "then", "subject", "hour", "weekday", "mon"]
VALUES = [
    *("", "~", "[]", "{}", "x", "no", "1", "-1", "1e400", ".inf", "'", '"', '"\\ud800"', '"\\UFFFFFFFF"'),
    *('"\\0"', "a@b", "*", "*a", "&a x", "!!int x", "|", "> ", "%", "@x", "`x`", "- ", "? ", "<<", "/(/"),
    *("/a{999}{999}/", "2 business days", "end of day", "9999999999 days", "mailbox", "none", "calendar"),
    *("DE", "Europe/Berlin", "America", "..", "~/x", "\0", "\x07", "\ufeff", "http://[", "sqlite://"),
    *("https://[::1]:99999/", "sun-sat", "24:00-25:00", "9-9", "mon 8", "2026-02-30", "٣ days", "²"),
    *("Bob <bob@corp.example>", "x" * 2500, "((((((", "\u2028", "\t", "\u00a0"),
]


def read(data: bytes) -> str:
    """What the loader says; any other exception fails the test."""
    try:
        loads(data, FILE, ENV)
    except ConfigError as error:
        str(error).encode()  # it can be printed
        return str(error)
    return ""


trees = st.recursive(
    st.sampled_from(VALUES),
    lambda below: st.one_of(
        st.lists(below, max_size=4).map(lambda parts: f"[{', '.join(parts)}]"),
        st.lists(st.tuples(st.sampled_from(KEYS), below), max_size=4).map(
            lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
        ),
    ),
    max_leaves=12,
)
files = st.lists(st.tuples(st.sampled_from(["", "  ", "- "]), st.sampled_from(KEYS), trees), max_size=12).map(
    lambda lines: "".join(f"{indent}{key}: {value}\n" for indent, key, value in lines)
)


@settings(max_examples=many(250))
@given(st.one_of(files, files.map(lambda text: MAILBOX + text), st.text(max_size=300)))
def test_any_text_is_a_configuration_or_one_clear_error(text: str) -> None:
    read(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=many(100))
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    read(data)


SCRAPS = [*" \n\t:-[]{}\"'*&!%#|>?@`\\/~,", "  ", ": ", "\n    ", "env", "file", "://"]
scraps = st.lists(st.sampled_from(SCRAPS), max_size=3).map("".join)


@settings(max_examples=many(300))
@given(scraps, scraps, scraps, scraps, st.integers(0, len(MAILBOX)))
def test_no_message_shows_the_secret(before: str, key: str, value: str, after: str, cut: int) -> None:
    line = f"  {before}password{key}: {value}hunter2{after}\n"
    head = MAILBOX.replace("  password: {env: ACKD_PASSWORD}\n", "")
    assert "hunter2" not in read((head + line + "  auth: basic\n").encode())
    assert "hunter2" not in read((head[:cut] + line).encode()) or "\n" not in head[:cut]


BIG = LARGEST
HUGE = {
    "brackets": "[" * BIG,
    "deep maps": "{a: " * (BIG // 4),
    "unknown keys": "".join(f"withn{n}: 1\n" for n in range(BIG // 14)),
    "the same key": "a: 1\n" * (BIG // 5),
    "a long number": MAILBOX + f"poll: {'1' * (BIG - 200)}",
    "spaces in a date": MAILBOX + f"promise: {{absences: ['2026-01-01{' ' * (BIG - 250)}x']}}",
    "parentheses": MAILBOX + f"promise: {{absence_contact: '{'(' * 1900}<'}}",
    "wrong domains": MAILBOX + f"internal: {{domains: [{'a_b*c, ' * (BIG // 8)}]}}",
    "wrong rules": MAILBOX + "rules:\n" + "- {when: {text: /(x/}, then: {taks: no}}\n" * (BIG // 45),
    "tab at the end": "a: b" + " " * (BIG - 10) + "\t",
    "quotes": '"' + "\\x41" * (BIG // 4 - 1),
    "colons": "a:" * (BIG // 2),
}


@pytest.mark.long
@pytest.mark.parametrize("name", list(HUGE))
def test_twice_the_text_takes_about_twice_the_time(name: str) -> None:
    whole = HUGE[name].encode()[:BIG]
    small = cost(whole[: BIG // 8])
    # linear would be 8; what grows with the square would be 64
    assert cost(whole) < 24 * max(small, 0.01)


def cost(data: bytes) -> float:
    """Processor time in seconds: other processes don't count, nor does looking for garbage among all that the
    tests before have left."""
    gc.collect()
    gc.disable()
    try:
        start = time.process_time()
        assert read(data)
        return time.process_time() - start
    finally:
        gc.enable()
