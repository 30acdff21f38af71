"""动态口令：登录与签字的第二重确认。"""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import sqlalchemy as sa

from engine.commands.countersign import ask_signature
from engine.store.tables import Account, OneTimeSecret, SignatureRequest
from tests.office import PASSWORD, Town
from tests.web.handing.test_hands import verifying
from tests.web.reading import words


class TestOneTimeCodes:
    """动态口令：扫码启用，登录与签名可用，停用须输入口令。"""

    def enrol(self, town: Town, *, log_in: bool = False) -> str:
        browser = town.visit("秦某")
        page = browser.post("/account/codes", data={"action": "begin", "password": PASSWORD})
        assert "<svg" in page.text
        found = re.search(r"<code>([A-Z2-7]+)</code>", page.text)
        assert found is not None
        code = pyotp.TOTP(found[1]).at(town.clock.now())
        data = {"action": "confirm", "password": PASSWORD, "code": code}
        done = browser.post(
            "/account/codes",
            data=data | ({"log_in": "yes"} if log_in else {}),
            follow_redirects=True,
        )
        assert "动态口令已启用" in done.text
        town.clock.move_to(town.clock.now() + timedelta(seconds=30))
        return found[1]

    def test_a_code_signs(self, town: Town) -> None:
        secret = self.enrol(town)
        item = verifying(town)
        town.give(
            "吕某", ask_signature, item.id, town.people["秦某"], place="before", reasons="请核。"
        )
        request = town.one(sa.select(SignatureRequest))
        town.visit("秦某").post(
            f"/work/{item.id}/signatures/{request.id}",
            data={"action": "agree", "password": pyotp.TOTP(secret).at(town.clock.now())},
        )
        assert town.one(sa.select(SignatureRequest)).state == "agreed"

    def test_the_log_in_asks_for_it(self, town: Town) -> None:
        secret = self.enrol(town, log_in=True)
        name = town.one(sa.select(Account.name).where(Account.person_id == town.people["秦某"]))
        browser = town.app.test_client()
        form = {"name": name, "password": PASSWORD}
        assert browser.post("/login", data=form).status_code == 401
        code = pyotp.TOTP(secret).at(town.clock.now())
        assert browser.post("/login", data={**form, "code": code}).status_code == 302

    def test_switched_off_with_the_password(self, town: Town) -> None:
        self.enrol(town)
        browser = town.visit("秦某")
        assert "已启用" in words(browser.get("/account/codes"))
        browser.post("/account/codes", data={"action": "remove", "password": PASSWORD})
        assert town.all(sa.select(OneTimeSecret)) == []

    def test_without_the_password_nothing_begins(self, town: Town) -> None:
        page = town.visit("秦某").post(
            "/account/codes",
            data={"action": "begin", "password": "wrong-password"},
            follow_redirects=True,
        )
        assert "<code>" not in page.text
        assert town.all(sa.select(OneTimeSecret)) == []
