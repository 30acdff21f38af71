"""The designer of the office, at the pages where procedures are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.office import Town

DESIGNER = "丁某"


@pytest.fixture
def designer(town: Town) -> FlaskClient:
    return town.visit(DESIGNER)
