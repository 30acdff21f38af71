"""代为表决的页面：代理人看到代谁表决，表态记为“某某代为表决”。"""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from engine.commands.decide import put_motion
from engine.commands.substitute import set_substitution
from engine.model.collective import DeputyVotes
from engine.store.tables import Motion, OpinionRow
from engine.workflow import VersionLibrary
from tests.office import Town
from tests.web import walking
from tests.web.reading import words


def test_the_deputy_votes_on_the_page(town: Town) -> None:
    case = walking.to_meeting(town)
    item = town.item(case, "ut_decide").id
    town.give("郑某", put_motion, item, walking.motion(town))
    today = town.clock.now().date()
    days = {"valid_from": today, "valid_to": today, "reasons": "出差。"}
    town.give("唐某", set_substitution, town.people["魏某"], **days)
    assert town.visit("魏某").post(f"/work/{item}/opinion").status_code in {403, 404}
    with town.office.database.reading() as session:
        version = town.office.versions.get(session, case.version_id)
    allowed = replace(version, rules=replace(version.rules, deputy_votes=DeputyVotes.ALLOWED))
    library = town.office.versions
    town.office.versions = VersionLibrary(library._read)  # noqa: SLF001 -- a copy of its own
    town.office.versions._loaded[case.version_id] = allowed  # noqa: SLF001 -- one version's rule

    deputy = town.visit("魏某")
    page = words(deputy.get(f"/work/{item}"))
    assert "代为表决" in page
    assert "唐某" in page
    motion = town.one(sa.select(Motion))
    form = {
        "motion": motion.id,
        "member": town.people["唐某"],
        "vote": "agree",
        "reasons": "受托同意。",
    }
    answer = words(deputy.post(f"/work/{item}/opinion", data=form, follow_redirects=True))

    assert "您的表态已记录，不能再改。" in answer
    assert "（魏某代为表决）受托同意。" in words(town.visit("郑某").get(f"/work/{item}"))
    assert "代唐某表决：同意" in words(town.visit("郑某").get(f"/cases/{case.id}/timeline"))
    assert town.one(sa.select(OpinionRow)).deputy_id == town.people["魏某"]
