"""印章图片的上传。"""

from __future__ import annotations

from io import BytesIO

from engine.commands.set_seal import PNG
from tests.office import Town
from tests.web.reading import words


class TestTheSeal:
    """印章图片由管理员上传。"""

    def test_uploaded_it_is_shown(self, town: Town) -> None:
        browser = town.visit("方某")
        assert "还没有上传印章图片" in words(browser.get("/admin/seal"))
        assert browser.get("/admin/seal.png").status_code == 404
        assert "请选择图片" in browser.post("/admin/seal", follow_redirects=True).text
        browser.post("/admin/seal", data={"image": (BytesIO(PNG), "seal.png")})
        assert browser.get("/admin/seal.png").data == PNG
        assert town.visit("吕某").get("/admin/seal").status_code == 403

    def test_what_is_no_picture_is_refused(self, town: Town) -> None:
        page = town.visit("方某").post(
            "/admin/seal", data={"image": (BytesIO(b"x"), "seal.png")}, follow_redirects=True
        )
        assert "印章图片只能是 PNG" in page.text
