"""The list of faults that tests should notice (`bench/mutations`) goes by the code as it is now."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.mutations.listed import ROOT, read

LISTED = read()


def test_each_fault_has_its_place() -> None:
    """Where this fails, code has moved: `original` and `changed` follow it, and mean what they meant."""
    assert [f"{one.name}: {one.places()} times" for one in LISTED if one.places() != 1] == []
    assert len(LISTED) == 120


def test_each_fault_has_tests_near_it() -> None:
    named = {path for one in LISTED for path in (*one.tests, *one.nearest)}
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_a_list_that_says_nothing_is_refused(tmp_path: Path) -> None:
    one = '[[mutation]]\nid = "a-1"\nfile = "ackd/judge/decide.py"\nharm = "none"\noriginal = "x"\n'
    near = '[nearest]\n"ackd/judge" = ["tests/judge"]\n'
    for text, said in (
        (near + one + 'changed = "x"\n', "changes nothing"),
        ("[nearest]\n" + one + 'changed = "y"\n', "no tests near it"),
        (near + 2 * (one + 'changed = "y"\n'), "one name"),
    ):
        path = tmp_path / "list.toml"
        path.write_text(text)
        with pytest.raises(ValueError, match=said):
            read(path)
