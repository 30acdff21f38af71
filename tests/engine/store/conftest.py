"""What tests of the store share."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.store.database import Database
from tests.engine.store.tampering import Kept, kept_in


@pytest.fixture
def kept(database: Database, tmp_path: Path) -> Kept:
    """A record of two chains, two batches of looks and two anchors, without its triggers."""
    return kept_in(database, tmp_path)
