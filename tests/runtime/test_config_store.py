"""The configuration's file is replaced whole, by nobody's side unseen, and there is a way back."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ackd import own_files
from ackd.cli import app
from ackd.errors import ConfigError, UsageError
from ackd.model import Always
from ackd.runtime.config_store import KEPT, ChangedMeanwhile, ConfigStore
from tests.config.minimal import MAILBOX

NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
BOB = "bob@corp.example"
runner = CliRunner()


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ACKD_PASSWORD", "hunter2")
    folder = tmp_path / "etc"
    folder.mkdir(mode=0o700)
    path = folder / "config.yaml"
    path.write_text(f"# mine\n{MAILBOX}state: {tmp_path / 'state'}\ninternal: {{domains: [corp.example]}}\n")
    path.chmod(0o640)
    return path


def later(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def change(store: ConfigStore, line: str, now: datetime = NOW) -> int | None:
    stored = store.read()
    return store.save(stored.data + line.encode(), stored.seen, now).kept


def test_a_change_is_kept_with_a_way_back_and_a_way_forth(file: Path) -> None:
    store, first = ConfigStore(file), file.read_bytes()
    assert change(store, "mode: draft\n") == 1
    second = file.read_bytes()
    assert change(store, "poll: 90 s # slow\n", later(1)) == 2
    assert [(v.number, v.until, v.added, v.removed) for v in store.versions()] == [
        (2, later(1), 1, 0),
        (1, NOW, 1, 0),
    ]
    assert store.diff().splitlines()[-1] == "+poll: 90 s # slow"
    assert "+mode: draft" in store.diff(1)
    third = file.read_bytes()
    assert store.restore(1, later(2)).kept == 3
    assert file.read_bytes() == first
    assert store.restore(3, later(3)).kept == 4
    assert file.read_bytes() == third
    assert second in {version.path.read_bytes() for version in store.versions()}


def test_what_no_line_shows_is_told_too(file: Path) -> None:
    store = ConfigStore(file)
    change(store, "mode: draft\n")
    kept = store.versions()[0].path.read_bytes()
    file.write_bytes(kept.replace(b"\n", b"\r\n"))
    assert store.diff(1) == "only ends of lines or a byte order mark differ\n"
    file.write_bytes(kept)
    assert store.diff(1) == ""


def test_ten_versions_are_kept_and_numbers_go_on(file: Path) -> None:
    store = ConfigStore(file)
    for number in range(KEPT + 3):
        assert change(store, f"# {number}\n", later(number)) == number + 1
    assert [version.number for version in store.versions()] == list(range(KEPT + 3, 3, -1))
    assert len(list(store.folder.glob("*.yaml"))) == KEPT
    with pytest.raises(UsageError, match="no version 3; kept are 4, 5"):
        store.restore(3, NOW)


def test_what_an_editor_wrote_meanwhile_is_not_written_over(file: Path) -> None:
    store = ConfigStore(file)
    seen = store.read().seen
    file.write_text(file.read_text() + "# by hand\n")
    with pytest.raises(ChangedMeanwhile, match="was changed since it was read"):
        store.save(file.read_bytes() + b"mode: send\n", seen, NOW)
    assert file.read_text().endswith("# by hand\n")
    assert store.versions() == ()


def test_an_editor_that_saves_at_the_last_moment_wins(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, keep = ConfigStore(file), ConfigStore._keep
    stored = store.read()

    def edited(self: ConfigStore, data: bytes, now: datetime) -> int:
        file.write_text(file.read_text() + "# by hand\n")
        return keep(self, data, now)

    monkeypatch.setattr(ConfigStore, "_keep", edited)
    with pytest.raises(ChangedMeanwhile):
        store.save(stored.data + b"mode: send\n", stored.seen, NOW)
    assert file.read_text().endswith("# by hand\n")


def test_a_text_that_cannot_be_used_is_refused_as_config_check_does(file: Path) -> None:
    store, before = ConfigStore(file), file.read_bytes()
    with pytest.raises(ConfigError) as caught:
        change(store, "mode: sned\n")
    assert str(caught.value).startswith(f"{file}:8:7: mode: found `sned`; allowed: preview, draft or send")
    bad = file.with_name("other.yaml")
    bad.write_bytes(before + b"mode: sned\n")
    checked = runner.invoke(app, ["config", "check", "--config", str(bad)])
    assert checked.stderr.strip() == str(caught.value).replace(str(file), str(bad))
    assert (file.read_bytes(), store.versions()) == (before, ())


def test_templates_that_cannot_be_used_keep_a_text_out(file: Path) -> None:
    letters = file.parent / "letters" / "en"
    letters.mkdir(parents=True, mode=0o700)
    (letters / "received.txt.j2").write_text("Subject: x\n\n{{ nothing }}\n")
    with pytest.raises(ConfigError, match=r"letters\.directory: .*received"):
        change(ConfigStore(file), "letters: {directory: letters}\n")


def test_links_mode_and_attributes_stay(file: Path) -> None:
    real = file.parent / "dotfiles"
    real.mkdir()
    file.rename(real / "ackd.yaml")
    file.symlink_to("dotfiles/ackd.yaml")
    try:
        os.setxattr(real / "ackd.yaml", "user.note", b"mine")
        has_attributes = True
    except OSError:
        has_attributes = False
    assert change(ConfigStore(file), "mode: draft\n") == 1
    assert file.is_symlink()
    assert (real / "ackd.yaml").read_text().endswith("mode: draft\n")
    assert (real / "ackd.yaml").stat().st_mode & 0o777 == 0o640
    assert not has_attributes or os.getxattr(real / "ackd.yaml", "user.note") == b"mine"
    assert sorted(path.name for path in real.iterdir()) == ["ackd.yaml"]
    kept = [file.parent / "config.yaml.versions", *(file.parent / "config.yaml.versions").iterdir()]
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_the_owner_stays(file: Path) -> None:
    os.chown(file, 0, 12345)
    assert change(ConfigStore(file), "mode: draft\n") == 1
    assert (file.stat().st_uid, file.stat().st_gid) == (0, 12345)


def test_what_fails_in_the_middle_leaves_the_file_as_it_was(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, sync = file.read_bytes(), os.fsync
    for failing in (1, 2, 3):
        calls: list[int] = []

        def fails(handle: int, calls: list[int] = calls, failing: int = failing) -> None:
            calls.append(handle)
            if len(calls) == failing:
                raise OSError(28, "No space left on device")
            sync(handle)

        monkeypatch.setattr(os, "fsync", fails)
        if failing == 2:  # a folder's: the version is there all the same
            change(ConfigStore(file), "mode: draft\n")
            monkeypatch.setattr(os, "fsync", sync)
            ConfigStore(file).restore(1, NOW)
            continue
        with pytest.raises(ConfigError, match="No space left on device"):
            change(ConfigStore(file), "mode: draft\n")
        assert file.read_bytes() == before
        assert not list(file.parent.glob(".*.new"))


def test_a_file_that_is_too_large_to_be_kept_is_left_alone(file: Path) -> None:
    store = ConfigStore(file)
    change(store, "mode: draft\n")
    file.write_bytes(b"# much\n" * 50_000)
    with pytest.raises(ConfigError, match="move it away"):
        store.restore(1, NOW)
    assert file.stat().st_size == 350_000


def test_where_nothing_can_be_written_a_sentence_says_so(file: Path) -> None:
    file.with_name("config.yaml.versions").write_text("no folder")
    with pytest.raises(ConfigError, match="nothing was changed"):
        change(ConfigStore(file), "mode: draft\n")


def test_versions_that_others_may_write_are_not_gone_by(file: Path) -> None:
    store = ConfigStore(file)
    change(store, "mode: draft\n")
    store.versions()[0].path.chmod(0o666)
    with pytest.raises(own_files.OpenToOthers):
        store.restore(1, NOW)
    store.folder.chmod(0o777)
    with pytest.raises(own_files.OpenToOthers):
        store.versions()


def test_a_browsers_text_becomes_the_files(file: Path) -> None:
    """Forms have CR LF at each end of a line, and no byte order mark."""
    for data in (file.read_bytes(), b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n")):
        file.write_bytes(data)
        stored = ConfigStore(file).read()
        assert stored.encoded(stored.text.replace("\r", "").replace("\n", "\r\n")) == data
    with pytest.raises(ConfigError, match="UTF-8"):
        ConfigStore(file).save(stored.encoded("a: \ud800\n"), stored.seen, NOW)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_rule_keeps_the_byte_order_mark(file: Path, mark: bytes) -> None:
    before = mark + file.read_bytes()
    file.write_bytes(before)
    edited, saved = ConfigStore(file).add_rule(BOB, Always.NEVER, NOW)
    assert (edited.is_new, saved.kept) == (True, 1)
    assert file.read_bytes().startswith(before)
    assert ConfigStore(file).add_rule(BOB, Always.NEVER, NOW)[1].kept is None


def test_what_was_wrong_before_is_told_with_its_own_line(file: Path) -> None:
    file.write_text("rules:\n  - {when: {subject: x}, then: {}}\n" + file.read_text())
    with pytest.raises(ConfigError, match=r"config\.yaml:2:"):
        ConfigStore(file).add_rule(BOB, Always.NEVER, NOW)


# --- the commands ------------------------------------------------------------------------------


def run(*words: str, file: Path) -> tuple[int, str]:
    result = runner.invoke(app, [*words, "--config", str(file)])
    assert result.exception is None or isinstance(result.exception, SystemExit | UsageError)
    return result.exit_code, result.output if not isinstance(result.exception, UsageError) else str(
        result.exception
    )


def test_a_rule_by_command_and_back_again(file: Path) -> None:
    before = file.read_bytes()
    assert run("config", "history", file=file) == (0, "no earlier version is kept\n")
    code, told = run("rule", "never", BOB, file=file)
    assert code == 0
    assert f"never {BOB}, in line 10; back by `ackd config restore 1`" in told
    code, told = run("rule", "never", BOB, file=file)
    assert (code, "says so already" in told) == (0, True)
    assert run("rule", "always", BOB, file=file)[0] == 0
    code, told = run("config", "diff", file=file)
    assert "-    then: {acknowledge: never}\n+    then: {acknowledge: always, threshold: 0.3}" in told
    code, told = run("config", "history", file=file)
    assert [line.split()[0] for line in told.splitlines()] == ["2", "1"]
    found = json.loads(run("config", "history", "--json", file=file)[1])
    assert [(one["number"], one["added"], one["removed"]) for one in found] == [(2, 1, 1), (1, 5, 0)]
    assert run("config", "restore", "1", file=file)[0] == 0
    assert file.read_bytes() == before
    assert run("config", "check", file=file)[0] == 0


def test_who_is_no_colleague_gets_no_letter_by_a_rule_and_that_is_said(file: Path) -> None:
    assert "is no colleague" not in run("rule", "always", BOB, file=file)[1]
    assert "is no colleague" not in run("rule", "never", "eve@outside.example", file=file)[1]
    assert (
        "eve@outside.example is no colleague by `internal`"
        in run("rule", "always", "eve@outside.example", file=file)[1]
    )
    assert "is no colleague" not in run("rule", "always", "*@outside.example", file=file)[1]


def test_history_and_diff_work_for_a_file_that_cannot_be_used(file: Path) -> None:
    run("rule", "never", BOB, file=file)
    file.write_text("mailbox: [\n")
    assert "+2 -" not in run("config", "history", file=file)[1]
    assert "+mailbox: [" in run("config", "diff", file=file)[1]
    assert run("config", "restore", "1", file=file)[0] == 0
    assert run("config", "check", file=file)[0] == 0


def test_wrong_words_are_told(file: Path) -> None:
    assert "no earlier version" in run("config", "restore", "1", file=file)[1]
    assert "no earlier version" in run("config", "diff", file=file)[1]
    assert "write an address such as" in run("rule", "never", "bob", file=file)[1]
    assert run("config", "restore", "x", file=file)[0] == 2
    code, told = run("rule", "never", BOB, file=file.with_name("none.yaml"))
    assert (code, "there is no such file" in told) == (78, True)
