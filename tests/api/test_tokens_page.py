"""“访问令牌”页：建立须输入口令，令牌只在建立后的一页显示一次；可随时撤销。"""

from __future__ import annotations

import re

import pytest

from tests.office import PASSWORD, Town

FORM = {"name": "报表", "scope": ["read"], "expires_on": "2026-05-01", "password": PASSWORD}


class TestThePage:
    """本人建立、查看、撤销自己的令牌；管理员还能看到本机关的。"""

    def test_a_new_token_is_shown_once_and_opens_the_interface(self, town: Town) -> None:
        client = town.visit("吕某")
        page = client.post("/account/tokens", data=FORM)
        found = re.search(r'<code id="new-token">(wz_[\w-]+)</code>', page.text)
        assert found, page.text
        again = client.get("/account/tokens")
        assert found[1] not in again.text
        assert "报表" in again.text
        headers = {"Authorization": f"Bearer {found[1]}"}
        assert town.app.test_client().get("/api/v1/me", headers=headers).status_code == 200

        token_id = re.search(r"/account/tokens/([\w-]+)/revoke", again.text)
        assert token_id
        for said in ("令牌已撤销", "不必再次撤销"):
            done = client.post(f"/account/tokens/{token_id[1]}/revoke", follow_redirects=True)
            assert said in done.text
        assert town.app.test_client().get("/api/v1/me", headers=headers).status_code == 401

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"password": "wrong-password"}, "口令"),
            ({"scope": []}, "权限范围"),
            ({"expires_on": ""}, "最后有效日"),
        ],
    )
    def test_what_does_not_do_is_said(
        self, town: Town, changed: dict[str, object], said: str
    ) -> None:
        page = town.visit("吕某").post(
            "/account/tokens", data=FORM | changed, follow_redirects=True
        )
        assert said in page.text
        assert "new-token" not in page.text

    def test_nobody_makes_one_for_somebody_else(self, town: Town) -> None:
        page = town.visit("吕某").post("/account/tokens", data=FORM | {"account": "robot"})
        assert page.status_code == 403

    def test_nobody_revokes_anothers(self, town: Town) -> None:
        assert town.visit("吕某").post("/account/tokens/none/revoke").status_code == 404

    def test_an_administrator_sees_the_authoritys(self, town: Town) -> None:
        town.visit("吕某").post("/account/tokens", data=FORM)
        assert "吕某" in town.visit("方某").get("/account/tokens").text
        assert "报表" not in town.visit("秦某").get("/account/tokens").text

    def test_the_interface_is_tried_on_a_page_of_its_own(self, town: Town) -> None:
        page = town.visit("吕某").get("/account/api")
        assert 'data-wz-api="/api/v1/openapi.json"' in page.text
        assert "api.js" in page.text
