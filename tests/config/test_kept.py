"""A configuration of git commit 27bb915 is taken today, and means the same."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.kept import FOLDER, MODES, lay_out, lost
from tests.system.commands import in_process


@pytest.mark.parametrize("mode", MODES)
def test_it_has_no_problems(tmp_path: Path, mode: str) -> None:
    done = in_process("config", "check", "--config", str(lay_out(mode, tmp_path)))
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(f"no problems; mode {mode}\n")
    assert not done.stderr


def test_it_means_the_same(tmp_path: Path) -> None:
    done = in_process("config", "show", "--config", str(lay_out("send", tmp_path)))
    assert done.returncode == 0, done.stderr
    expected = (FOLDER / "settings.txt").read_text(encoding="utf-8").replace("FOLDER", str(tmp_path))
    words = lost(yaml.safe_load(expected), yaml.safe_load(done.stdout), "the configuration")
    assert not words, "\n".join(words)


def test_it_sets_every_key_of_its_time() -> None:
    shown = (FOLDER / "settings.txt").read_text(encoding="utf-8")
    assert "# default" not in shown, "a key has its default: what that meant isn't kept"
