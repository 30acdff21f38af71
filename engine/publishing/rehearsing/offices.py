"""The office in which a draft is rehearsed: in files of its own, with its people and its clock.

It is a rehearsal database: nothing in it has an effect, everybody is somebody of the scenarios'
cast, and its clock stands until it is moved. It lies on disk, so that each process that serves
pages finds it; where the clock stands is written beside it.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import orjson
import sqlalchemy as sa

from engine.clock import SetClock
from engine.commands.organise import open_account
from engine.desk import REHEARSAL, Actor, Desk, Office, system_actor
from engine.documents.files import DiskFiles
from engine.documents.typeset import Typesetter
from engine.publishing.scenarios.passing import advance, carry
from engine.publishing.scenarios.reading import Scenario
from engine.publishing.scenarios.stage import NOBODYS_KEY, Theatre
from engine.store.database import open_database
from engine.store.outbox import OutboxJobs
from engine.store.tables import Account
from engine.store.versions import read_version
from engine.vault import Vault
from engine.workflow import VersionLibrary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from engine.publishing.folders import Folder

DATABASE, NOTES, FILES = "office.db", "rehearsal.json", "files"
TICK = timedelta(milliseconds=1)
"""How far the clock goes with each act, so that the record knows which came first."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A rehearsal of a draft that goes on.

    Attributes:
        id: Its own; a draft that is rehearsed anew gets another.
        home: The folder of its files.
        procedure: The draft's.
        revision: The draft's when it began.
        began: Civil time of the authority, without a zone.
        zone: The authority's civil time.
        authority_id: The authority on its stage.
        people: Id by name.
        titles: What each person is, by name.
    """

    id: str
    home: Path
    procedure: str
    revision: int
    began: datetime
    zone: ZoneInfo
    authority_id: str
    people: Mapping[str, str]
    titles: Mapping[str, str]
    office: Office
    clock: SetClock

    @property
    def platform(self) -> Actor:
        """Return the platform as an actor."""
        return system_actor(self.authority_id)

    @property
    def now(self) -> datetime:
        """Return where its clock stands, as civil time without a zone."""
        return self.clock.now().astimezone(self.zone).replace(tzinfo=None)

    def catch_up(self) -> None:
        """Move the clock to where another process has moved it."""
        at = datetime.fromisoformat(_notes(self.home)["at"])
        if at > self.clock.now():
            self.clock.move_to(at)

    def tick(self) -> None:
        """Let a moment pass; carry what goes between cases and fire what is due by then."""
        self._advance(self.clock.now() + TICK)

    def move_to(self, civil: datetime) -> bool:
        """Move the clock to a civil moment; what falls due on the way happens at its instant.

        Returns:
            Whether the moment lies ahead; otherwise nothing happens.

        Raises:
            StepFault: A diagram failed.
        """
        target = civil.replace(tzinfo=self.zone)
        if target <= self.clock.now():
            return False
        self._advance(target)
        return True

    def accounts(self) -> dict[str, str]:
        """Return the account of each person, by the person's name."""
        with self.office.database.reading() as session:
            rows = session.execute(sa.select(Account.person_id, Account.id)).all()
        found = {one.person_id: one.id for one in rows}
        return {name: found[person] for name, person in self.people.items() if person in found}

    def close(self) -> None:
        """Close its database."""
        self.office.database.close()

    def _advance(self, target: datetime) -> None:
        carry(self.office)
        advance(self, target, after_each=lambda: carry(self.office))
        _note(self.home, {**_notes(self.home), "at": self.clock.now().isoformat()})


def begin_rehearsal(
    home: Path, key: str, folder: Folder, scenario: Scenario, revision: int
) -> Rehearsal:
    """Build the office of a draft with the cast of its scenarios, in the place of one before.

    Args:
        home: A folder for it alone.
        key: Its id.
        folder: Of the draft; it must compile.
        scenario: With its cast, its beginning and its values; its steps are not taken.
        revision: Of the draft.

    Raises:
        StepFault: The diagram fails where the calendar begins a case.
    """
    end_rehearsal(home)
    home.mkdir(parents=True)
    theatre = Theatre(folder)
    stage = theatre.stage(scenario)
    stage.office.give(stage.platform, _log_ins, stage.people)
    (home / DATABASE).write_bytes(theatre.keep(stage).content)
    stage.office.database.close()
    _note(
        home,
        {
            "id": key,
            "procedure": folder.procedure,
            "revision": revision,
            "began": scenario.begins.isoformat(),
            "at": stage.clock.now().isoformat(),
            "zone": scenario.cast.zone.key,
            "authority": stage.authority_id,
            "people": dict(stage.people),
            "titles": {one.name: one.title for one in scenario.cast.people},
        },
    )
    found = open_rehearsal(home)
    assert found is not None  # noqa: S101 -- it was written just now
    return found


def open_rehearsal(home: Path, fonts: Sequence[Path] = ()) -> Rehearsal | None:
    """Return the rehearsal in a folder, or None where there is none.

    Args:
        home: Its folder.
        fonts: Folders with fonts for documents.
    """
    if not (home / NOTES).exists():
        return None
    notes = _notes(home)
    clock = SetClock(datetime.fromisoformat(notes["at"]))
    office = Office(
        database=open_database(f"sqlite:///{home / DATABASE}"),
        clock=clock,
        jobs=OutboxJobs(clock),
        files=DiskFiles(home / FILES),
        vault=Vault({"k1": NOBODYS_KEY}, "k1"),
        versions=VersionLibrary(read_version),
        typesetter=Typesetter(fonts),
        kind=REHEARSAL,
    )
    return Rehearsal(
        id=notes["id"],
        home=home,
        procedure=notes["procedure"],
        revision=notes["revision"],
        began=datetime.fromisoformat(notes["began"]),
        zone=ZoneInfo(notes["zone"]),
        authority_id=notes["authority"],
        people=notes["people"],
        titles=notes["titles"],
        office=office,
        clock=clock,
    )


def rehearsal_id(home: Path) -> str:
    """Return which rehearsal is in a folder, or "" where there is none."""
    return str(_notes(home)["id"]) if (home / NOTES).exists() else ""


def end_rehearsal(home: Path) -> None:
    """Remove a rehearsal with everything in it."""
    shutil.rmtree(home, ignore_errors=True)


def _notes(home: Path) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads((home / NOTES).read_bytes())
    return found


def _note(home: Path, notes: Mapping[str, object]) -> None:
    partial = home / f"{NOTES}.part"
    partial.write_bytes(orjson.dumps(dict(notes)))
    partial.replace(home / NOTES)


def _log_ins(desk: Desk, people: Mapping[str, str]) -> None:
    """Let everybody in without a password: there is nothing to protect from anybody."""
    for number, person in enumerate(people.values()):
        open_account(desk, person, f"cast-{number}")
