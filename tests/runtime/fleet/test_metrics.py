"""What Prometheus sees: numbers, on this machine alone, and nobody's name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import requests
import yaml
from prometheus_client.parser import text_string_to_metric_families

from ackd.errors import LedgerError, Unreachable
from ackd.runtime.fleet.metrics import Metrics, served
from ackd.runtime.fleet.status import FleetStatus, MailboxError

ROOT = Path(__file__).resolve().parents[3]
STATUS = FleetStatus(7, 5, 12.5, 3, 1, (MailboxError("alice@corp.example", "a word"),))


def get(place: str, page: str) -> requests.Response:
    return requests.get(f"{place}/{page}", timeout=60)


def test_a_worker_tells_its_numbers_and_the_fleets() -> None:
    metrics = Metrics()
    with metrics.a_pass():
        metrics.sent(2)
    with pytest.raises(Unreachable), metrics.a_pass():
        raise Unreachable("away")
    with served("127.0.0.1:0", metrics, lambda: STATUS, 60) as place:
        text = get(place, "metrics").text
        assert get(place, "health").status_code == 200
        assert get(place, "else").status_code == 404
    found = {
        (one.name, *one.labels.values()): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }
    assert found["ackd_passes_total", "done"] == found["ackd_passes_total", "failed"] == 1
    assert (found["ackd_letters_total",], found["ackd_mailboxes",]) == (2, 7)
    assert (found["ackd_mailboxes_healthy",], found["ackd_mailboxes_failing",]) == (5, 1)
    assert (found["ackd_lag_p95_seconds",], found["ackd_parked",]) == (12.5, 1)
    assert "ackd_requests_total" in text
    assert "alice" not in text
    rules = (ROOT / "deploy" / "prometheus-rules.yaml").read_text(encoding="utf-8")
    told = {name for name, *_ in found}
    assert set(re.findall(r"\backd_\w+", rules)) <= told
    assert len(yaml.safe_load(rules)["groups"][0]["rules"]) > 5


def test_a_worker_that_hangs_isnt_well() -> None:
    now = [0.0]
    metrics = Metrics(lambda: now[0])
    with served("127.0.0.1:0", metrics, lambda: STATUS, 60) as place:
        now[0] = 61
        assert get(place, "health").status_code == 503
        metrics.ticked()
        assert get(place, "health").status_code == 200


def test_a_database_that_is_away_leaves_the_workers_own_numbers() -> None:
    def look() -> FleetStatus:
        raise LedgerError("away")

    with served("127.0.0.1:0", Metrics(), look, 60) as place:
        text = get(place, "metrics").text
    assert "ackd_requests_total" in text
    assert "ackd_mailboxes" not in text
