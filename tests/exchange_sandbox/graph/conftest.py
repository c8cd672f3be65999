"""Alice and Bob as clients of the Graph face; the sandbox is that of the other tests (its EWS answers and its
store are checked there)."""

from __future__ import annotations

import pytest

from exchange_sandbox import Sandbox

from ..conftest import ALICE, BOB
from ..wire import Wire
from .graph_client import Graph, signed_in


@pytest.fixture
def alice(sandbox: Sandbox) -> Graph:
    return signed_in(sandbox, ALICE)


@pytest.fixture
def bob(sandbox: Sandbox) -> Graph:
    return signed_in(sandbox, BOB)


@pytest.fixture
def alice_ews(sandbox: Sandbox) -> Wire:
    """Alice at the other face."""
    return Wire(sandbox.url, ALICE)


@pytest.fixture
def bob_ews(sandbox: Sandbox) -> Wire:
    """Bob at the other face."""
    return Wire(sandbox.url, BOB)
