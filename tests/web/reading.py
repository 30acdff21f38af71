"""What a page says, without its tags."""

from __future__ import annotations

import html
import re

from werkzeug.test import TestResponse


def words(page: TestResponse) -> str:
    """Return the words of a page's main part, in one line."""
    text = page.text
    body = text[text.index("<main") :] if "<main" in text else text
    body = re.sub(r"<script.*?</script>", " ", body, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def rows(page: TestResponse) -> list[str]:
    """Return the words of each row of the page's tables, heads left out."""
    found = re.findall(r"<tr[ >].*?</tr>", page.text, re.DOTALL)
    said = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in found]
    return [one for one, row in zip(said, found, strict=True) if '<th scope="col"' not in row]
