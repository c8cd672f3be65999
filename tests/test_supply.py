"""What is installed for a check, and under which licences: the locked files fit pyproject.toml, each version
has hashes, and the page of licences says what the packages that are installed here say."""

from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import tomllib
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from tools import audit, licences
from tools.constraints import DEV, EXTRAS, RUN

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NEEDED = {
    RUN: PROJECT["project"]["dependencies"],
    DEV: [
        *PROJECT["build-system"]["requires"],
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["test"],
        *PROJECT["project"]["optional-dependencies"]["dev"],
    ],
    EXTRAS: [one for some in PROJECT["project"]["optional-dependencies"].values() for one in some],
}


@pytest.mark.parametrize("file", NEEDED, ids=lambda file: file.name)
def test_what_pyproject_asks_for_is_locked(file: Path) -> None:
    """Else: `python -m tools.constraints --keep`."""
    pinned = licences.pins(file)
    for asked in map(Requirement, NEEDED[file]):
        if asked.name == "ackd":
            continue
        versions = pinned.get(licences.canonical(asked.name), set())
        assert versions, f"{asked.name} isn't in {file.name}"
        assert all(asked.specifier.contains(one) for one in versions), f"{asked} and {versions}"


@pytest.mark.parametrize("file", NEEDED, ids=lambda file: file.name)
def test_each_locked_version_has_hashes_and_no_place(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", text.split("\n", 1)[1])
    for entry in entries:
        assert re.match(r"[a-z0-9.-]+==\S+", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry
    assert not re.search(r"://|^-", text, re.MULTILINE)


def test_what_security_md_names_as_proof_is_there() -> None:
    named = set(re.findall(r"`(tests/[^`]+)`", (ROOT / "SECURITY.md").read_text(encoding="utf-8")))
    assert len(named) > 15
    assert [one for one in named if not (ROOT / one).exists()] == []


def test_one_version_of_each_in_all_files() -> None:
    everything = licences.pins(EXTRAS)
    for file in (RUN, DEV):
        for name, versions in licences.pins(file).items():
            assert versions == everything[name]


def test_the_page_of_licences_names_all_that_is_locked() -> None:
    """Else: `python -m tools.licences`."""
    page = licences.PAGE.read_text(encoding="utf-8")
    known = licences.told(page)
    assert sorted(known) == sorted(licences.pins(EXTRAS))
    assert licences.UNTOLD not in known.values()
    assert licences.text(known) == page


def test_the_licences_are_those_of_the_packages_here() -> None:
    """Only of those that are here in a locked version."""
    known, pinned = licences.told(licences.PAGE.read_text(encoding="utf-8")), licences.pins(EXTRAS)
    looked_at = 0
    for installed in importlib.metadata.distributions():
        about: Any = installed.metadata
        name = licences.canonical(str(about["Name"]))
        if installed.version in pinned.get(name, ()):
            assert licences.licence(about) == known[name], name
            looked_at += 1
    if not looked_at:
        pytest.skip("nothing of what is locked is installed here")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"License-Expression": "MIT OR ISC", "License": "other"}, "MIT OR ISC"),
        ({"Classifier": "License :: OSI Approved :: MIT License", "License": "other"}, "MIT License"),
        ({"Classifier": "Topic :: Software", "License": "BSD-3-Clause"}, "BSD-3-Clause"),
        ({"License": "Copyright (c)\nAll rights"}, licences.UNTOLD),
        ({}, licences.UNTOLD),
    ],
)
def test_what_a_package_says_of_its_licence(fields: dict[str, str], words: str) -> None:
    about = Message()
    for name, value in fields.items():
        about[name] = value
    assert licences.licence(about) == words


#: pip as .ci/run meets it: it says what it was asked for, and may refuse what is locked.
PIP = """#!/bin/sh
echo "$@" >>{asked}
case "$*" in *--require-hashes*) [ -z "{refusal}" ] || {{ echo "{refusal}" >&2; exit 1; }} ;; esac
"""


@pytest.mark.parametrize(
    "refusal", ["", "ERROR: No matching distribution found for a==1", "HASHES DO NOT MATCH"]
)
@pytest.mark.parametrize("strict", [False, True])
def test_what_cannot_be_had_as_locked_is_said_and_installed_otherwise(
    tmp_path: Path, refusal: str, strict: bool
) -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    found = re.search(r"^install_locked\(\) \{.*?^\}$", script, re.MULTILINE | re.DOTALL)
    assert found
    pip = tmp_path / "dev" / "bin" / "pip"
    pip.parent.mkdir(parents=True)
    asked = tmp_path / "asked"
    pip.write_text(PIP.format(asked=asked, refusal=refusal))
    pip.chmod(0o700)
    use = "if install_locked dev dev -e .; then echo good; fi; echo on"
    play = f"set -euo pipefail; work={tmp_path}\n{found[0]}\n{use}"
    env = {"PATH": os.environ["PATH"], "ACKD_LOCKED": "strict" if strict else ""}
    done = subprocess.run(["bash", "-c", play], capture_output=True, text=True, env=env, check=False)
    calls = asked.read_text().splitlines()
    assert calls[0] == "install -q --require-hashes -r locked/dev.txt"
    if not refusal:
        assert (done.stdout, calls[1:]) == ("good\non\n", [])
    elif strict:
        assert (done.returncode, calls[1:]) == (1, [])
        assert "given up" in done.stdout
    else:
        assert calls[1:] == ["install -q -e ."]
        assert done.stdout.startswith("!! NOT LOCKED: locked/dev.txt")
        assert refusal in done.stdout
        assert done.stdout.endswith("\non\n")


WEAK = {"name": "b", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["2"]}]}
SOUND, SKIPPED = {"name": "a", "version": "1", "vulns": []}, {"name": "c", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        ([SOUND], 0, "no weakness is known of the other 1"),
        ([SOUND, WEAK], 1, "b 1: CVE-1, mended in 2"),
        ([SOUND, SKIPPED], 75, "not checked, the service doesn't know them: c"),
        ([WEAK, SKIPPED], 1, "not checked"),
        ([SKIPPED], 75, audit.UNASKED),
        ([], 75, audit.UNASKED),
    ],
)
def test_what_an_audit_comes_to(answer: list[dict[str, Any]], status: int, words: str) -> None:
    """What was skipped is never called sound."""
    told, ended = audit.verdict(answer)
    assert (words in told, ended) == (True, status)
