"""A keyring that is shut when the service begins, as at boot: ackd waits, and goes on when it opens."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from ackd.errors import KeyringShut, Unreachable
from ackd.model import ValueKey
from ackd.runtime.app import App
from tests.system.commands import CONFIG


class Keyring(ModuleType):
    """Gives what is in it, or raises it."""

    kept: object = None

    def get_password(self, service: str, account: str) -> object:
        if isinstance(self.kept, Exception):
            raise self.kept
        return self.kept


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Keyring:
    made = Keyring("keyring")
    monkeypatch.setitem(sys.modules, "keyring", made)
    return made


@pytest.fixture
def config(tmp_path: Path) -> Path:
    nobody = "http://127.0.0.1:9/EWS/Exchange.asmx"
    text = CONFIG.format(endpoint=nobody, state=tmp_path / "state", mode="send", more="")
    file = tmp_path / "config.yaml"
    file.write_text(text.replace("{env: ACKD_PASSWORD}", "{keyring: ackd}"))
    return file


def test_the_service_waits_for_a_keyring_that_is_shut(keyring: Keyring, config: Path) -> None:
    keyring.kept = PermissionError("locked")
    with App(config) as app:
        for _ in range(2):
            with pytest.raises(KeyringShut, match="unlock it, and ackd goes on") as caught:
                app.run_pass()
            assert caught.value.wait
            assert app.ledger.value(ValueKey.TROUBLE) == str(caught.value)
        assert app.summary().parked == 0
        keyring.kept = "secret"
        with pytest.raises(Unreachable) as reached:
            app.run_pass()
        assert not isinstance(reached.value, KeyringShut), "the server is asked, which is away"


def test_a_changed_configuration_leads_out_of_it(keyring: Keyring, config: Path) -> None:
    keyring.kept = PermissionError("locked")
    with App(config) as app:
        with pytest.raises(KeyringShut):
            app.run_pass()
        secret = config.with_name("secret")
        secret.write_text("secret\n")
        secret.chmod(0o600)
        config.write_text(config.read_text().replace("{keyring: ackd}", f"{{file: {secret}}}"))
        with pytest.raises(Unreachable) as reached:
            app.run_pass()
        assert not isinstance(reached.value, KeyringShut)
