"""What every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# time limits are against hangs alone: a busy machine breaks no test
settings.register_profile("default", deadline=None)
settings.load_profile("default")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the data that tests read but the repository doesn't hold."""
    folder = Path(os.environ.get("ACKD_SHARED", "../shared"))
    folder = folder if folder.is_absolute() else ROOT / folder
    if not folder.is_dir():
        pytest.skip(f"no shared test data at {folder}: set ACKD_SHARED to its folder")
    return folder
