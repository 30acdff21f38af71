"""升级：每个版本写下的数据库，今天的代码都接得上，其中在办的案件都办得完。"""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.store import migrations
from engine.store.anchors import verify_anchors
from engine.store.record import verify
from engine.store.tables import AuditEntry, CaseRow
from engine.vault import has_signed
from tests.office import Town
from tests.postgres import fresh_database
from tests.upgrade.releases import STEPS, Release, kept, present_version, revisions, taken_up
from tests.upgrade.walking import carry_on

RELEASES = kept()
EVERY = pytest.mark.parametrize("release", RELEASES, ids=[one.version for one in RELEASES])


class TestWhatIsKept:
    """本版本写下的数据库已经留存；写成之后，迁移脚本不再改动。"""

    def test_this_release_s_is_kept(self) -> None:
        """Run tools/keep_release.py as the release is made."""
        assert present_version() in [one.version for one in RELEASES]

    @EVERY
    def test_the_migrations_that_wrote_it_are_as_they_were(self, release: Release) -> None:
        """Before the first release: run tools/keep_release.py again. After it: put them back."""
        present = revisions()

        assert {name: present.get(name) for name in release.revisions} == release.revisions

    @EVERY
    def test_it_is_small(self, release: Release) -> None:
        assert sum(path.stat().st_size for path in release.folder.iterdir()) < 3_000_000


def finished(town: Town, case_id: str, name: str) -> CaseRow:
    """Carry a case to its end; what it was before is still on its record."""
    with town.office.database.reading() as session:
        before = session.scalars(
            sa.select(AuditEntry.digest)
            .where(AuditEntry.case_id == case_id)
            .order_by(AuditEntry.sequence)
        ).all()
    case = carry_on(town, case_id, STEPS[name][0])
    with town.office.database.reading() as session:
        after = session.scalars(
            sa.select(AuditEntry.digest)
            .where(AuditEntry.case_id == case_id)
            .order_by(AuditEntry.sequence)
        ).all()
        assert list(verify(session)) == []
        assert list(verify_anchors(session, has_signed)) == []
    assert before == after[: len(before)]
    assert len(after) > len(before)
    return case


@pytest.mark.slow
class TestOnSqlite:
    """内嵌数据库。"""

    @EVERY
    @pytest.mark.parametrize("name", STEPS)
    def test_its_running_cases_finish(self, release: Release, name: str, tmp_path: Path) -> None:
        with taken_up(release, tmp_path) as town:
            assert migrations.current_revision(town.office.database) == migrations.newest_revision()
            case = finished(town, release.cases["sqlite"][name], name)

        assert (case.status, case.outcome) == ("closed", "sanctioned")

    @EVERY
    def test_its_pages_open(self, release: Release, tmp_path: Path) -> None:
        with taken_up(release, tmp_path) as town:
            browser = town.visit("周某")
            for case_id in release.cases["sqlite"].values():
                assert browser.get(f"/cases/{case_id}").status_code == 200


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.timeout(180)
class TestOnPostgresql:
    """PostgreSQL。"""

    @EVERY
    @pytest.mark.parametrize("name", STEPS)
    def test_its_running_cases_finish(self, release: Release, name: str, tmp_path: Path) -> None:
        with fresh_database(is_bare=True) as url, taken_up(release, tmp_path, url) as town:
            assert migrations.current_revision(town.office.database) == migrations.newest_revision()
            case = finished(town, release.cases["postgres"][name], name)

        assert (case.status, case.outcome) == ("closed", "sanctioned")
