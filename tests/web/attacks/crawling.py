"""Reads pages as a browser does, and follows every link of ours."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

MOST = 120
OUR_HOST = "localhost"
LEAVES = ("/logout", "/static/")


@dataclass
class Seen(HTMLParser):
    """What a browser makes of a page: its elements, its handlers, where its links lead."""

    elements: set[str] = field(default_factory=set)
    handlers: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        for name, value in attrs:
            if name.startswith("on"):
                self.handlers.add(name)
            if name in {"href", "src", "action", "formaction"} and value is not None:
                self.links.append(value)


def look(page: TestResponse) -> Seen:
    """Parse a page."""
    seen = Seen()
    seen.feed(page.text)
    seen.close()
    return seen


def crawl(client: FlaskClient, *starts: str) -> Iterator[tuple[str, TestResponse, Seen]]:
    """Give every page that is reached from these by links, each kind of address a few times."""
    waiting, known = deque(starts), set(starts)
    while waiting:
        path = waiting.popleft()
        page = client.get(path)
        if page.status_code != 200 or page.mimetype != "text/html":
            page.close()
            continue
        seen = look(page)
        yield path, page, seen
        page.close()
        for link in seen.links:
            target = urlsplit(urldefrag(urljoin(f"http://{OUR_HOST}{path}", link))[0])
            address = f"{target.path}?{target.query}" if target.query else target.path
            is_ours = target.hostname == OUR_HOST and not target.path.startswith(LEAVES)
            if is_ours and address not in known and len(known) < MOST:
                known.add(address)
                waiting.append(address)
