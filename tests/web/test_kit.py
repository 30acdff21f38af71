"""The page kit without a browser: every macro draws, every icon is there, no script gets in."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.browser.kit.application import kit_application
from web import frontend

WEB = Path(frontend.__file__).parent
SHEET = (WEB / "templates" / "kit" / "sheet.html").read_text(encoding="utf-8")
SYMBOLS = set(re.findall(r'<symbol id="i-([a-z0-9-]+)"', SHEET))


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    app = kit_application([])
    app.testing = True
    with app.test_client() as client:
        yield client


class TestPages:
    """Every macro of the kit draws with everything, with nothing, and in every frame."""

    @pytest.mark.parametrize("path", ["/", "/bare", "/form", "/readonly", "/login", "/subject"])
    def test_draws(self, client: FlaskClient, path: str) -> None:
        answer = client.get(path)
        assert answer.status_code == 200
        assert "演练日期 2026年10月13日 周二" in answer.text

    def test_no_script_stands_in_a_page(self, client: FlaskClient) -> None:
        text = client.get("/").text
        tags = re.findall(r"<script[^>]*>", text)
        assert tags
        assert all(" src=" in tag or 'type="application/json"' in tag for tag in tags)
        assert not re.search(r"<[^>]+\son[a-z]+=", text)

    def test_every_icon_drawn_is_in_the_sheet(self, client: FlaskClient) -> None:
        drawn = set(re.findall(r'href="#i-([a-z0-9-]+)"', client.get("/").text))
        assert drawn
        assert drawn <= SYMBOLS

    def test_every_icon_that_templates_and_views_name_is_in_the_sheet(self) -> None:
        texts = [
            path.read_text(encoding="utf-8")
            for pattern in ("**/*.html", "*.py", "*/*.py")
            for path in WEB.glob(pattern)
            if "assets" not in path.parts
        ]
        named = {name for text in texts for name in re.findall(r'icon(?:\(|=)"([a-z0-9-]+)"', text)}
        assert "check" in named
        assert named <= SYMBOLS

    def test_the_masked_value_and_its_form_are_apart(self, client: FlaskClient) -> None:
        text = client.get("/").text
        assert text.count("钱某某") == 1
        assert 'action="/reveal"' in text


class TestPolicy:
    """Strict: no script but ours, no frame around us, nothing from elsewhere."""

    def test_is_on_every_answer(self, client: FlaskClient) -> None:
        headers = client.get("/").headers
        assert headers["Content-Security-Policy"] == (
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
            "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


class TestAssets:
    """A built file's address carries its digest; a file that is not built says so."""

    def test_the_digest_changes_with_the_file(self, tmp_path: Path) -> None:
        digests = frontend.AssetDigests(tmp_path)
        assert digests.digest("app.js") == "0"
        (tmp_path / "app.js").write_bytes(b"")
        assert digests.digest("app.js") == "e3b0c44298"
        assert digests.digest("app.js") == "e3b0c44298"

    def test_what_is_not_built_is_named(self, tmp_path: Path) -> None:
        for name in frontend.ASSETS[1:]:
            (tmp_path / name).touch()
        assert frontend.missing_assets(tmp_path) == ("app.js",)

    def test_a_digest_is_shortened_in_the_middle(self) -> None:
        assert frontend.short_digest("9f3a71e0b25d8a64c27e40") == "9f3a71e0…c27e40"
        assert frontend.short_digest("41b0ce92") == "41b0ce92"


class TestJsonBlock:
    """Data inside a script element can never end it."""

    def test_no_tag_comes_through(self) -> None:
        block = frontend.json_block({"facts": "</script><!-- & 陈某"})
        assert block == '{"facts":"\\u003c/script\\u003e\\u003c!-- \\u0026 陈某"}'
