"""What calls answered, and what they carry."""

from __future__ import annotations

import base64
from typing import Any

from werkzeug.test import TestResponse


def base(content: bytes) -> str:
    return base64.b64encode(content).decode()


def ok(answer: TestResponse) -> Any:
    """Return what a call that went well answered."""
    assert answer.status_code == 200, answer.text
    return answer.json
