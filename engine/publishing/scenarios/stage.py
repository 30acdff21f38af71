"""The stage of scenarios: a fresh office in memory, with calendars, cast and the version."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from engine.clock import SetClock
from engine.commands.change_calendar import NATIONAL, national_days, publish_year
from engine.commands.organise import add_authority, add_person, add_unit, give_post, relate
from engine.commands.publish_version import approve_version, draft_version
from engine.desk import REHEARSAL, Actor, Desk, Office, system_actor
from engine.desk.scheduled import begin_from_now
from engine.publishing.manifests import digest_of_manifest, manifest_of
from engine.publishing.scenarios.fittings import MemoryFiles, Proofs
from engine.store import migrations
from engine.store.database import open_database
from engine.store.outbox import OutboxJobs
from engine.store.tables import Platform, SanctionRow
from engine.store.versions import read_version
from engine.vault import Vault
from engine.workflow import VersionLibrary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import bpmn
    from engine.publishing.folders import Folder
    from engine.publishing.scenarios.cast import Cast, EarlierSanction
    from engine.publishing.scenarios.reading import Scenario
    from engine.store.database import Database

YEARS = (2025, 2026)
BUILT_AT = datetime(2000, 1, 3, 1, tzinfo=UTC)
APPROVER = "平台管理员"
EVER = date(2000, 1, 1)
NOBODYS_KEY = b"scenarios hold nothing secret..."


@dataclass(frozen=True, slots=True)
class Stage:
    """An office in memory on which one scenario is played.

    Attributes:
        people: Id by name.
    """

    office: Office
    clock: SetClock
    cast: Cast
    authority_id: str
    procedure: str
    people: Mapping[str, str]

    def actor(self, name: str, *, signed: bool = False) -> Actor:
        """Return the person of that name as an actor."""
        return Actor(self.people[name], self.authority_id, has_signed=signed)

    @property
    def platform(self) -> Actor:
        """Return the platform as an actor."""
        return system_actor(self.authority_id)

    @property
    def today(self) -> date:
        """Return the present civil day at the authority."""
        return self.clock.now().astimezone(self.cast.zone).date()

    def instant(self, civil: datetime) -> datetime:
        """Return the instant of a civil moment at the authority."""
        return civil.replace(tzinfo=self.cast.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class _Built:
    """A stage before anybody plays on it: the bytes of its database."""

    content: bytes
    authority_id: str
    people: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """A stage as it stood at a moment; see `Theatre.keep`.

    Attributes:
        stage: Whose.
        content: The bytes of its database.
        files: Its files by their digest.
        at: Where its clock stood.
    """

    stage: Stage
    content: bytes = field(repr=False)
    files: Mapping[str, bytes] = field(repr=False)
    at: datetime


class Theatre:
    """Gives a fresh stage to each scenario of one folder.

    What is the same for all of them is done once: tables, calendars, cast and version
    for each pair of cast and values; versions are compiled once.
    """

    def __init__(
        self,
        folder: Folder,
        *,
        fonts: Sequence[Path] = (),
        watch: Callable[[Sequence[bpmn.Trace]], None] | None = None,
    ) -> None:
        """Play the procedure in `folder`; `watch` sees the trace of every step."""
        self._folder = folder
        self._watch = watch
        self._versions = VersionLibrary(read_version)
        self._typesetter = Proofs(fonts)
        self._built: dict[str, _Built] = {}

    def stage(self, scenario: Scenario, on: Database | None = None) -> Stage:
        """Return a stage of its own for a scenario, at its beginning.

        Args:
            scenario: Whose.
            on: The database on which it is made, in the place of what stood there; one of its own
                if none is given.
        """
        cast = scenario.cast
        key = repr((cast, dict(scenario.parameters), dict(scenario.switches)))
        if key not in self._built:
            self._built[key] = self._build(cast, scenario.parameters, scenario.switches)
        built = self._built[key]
        database = on or open_database("sqlite://")
        _load(database, built.content)
        clock = SetClock(scenario.begins.replace(tzinfo=cast.zone))
        office = self._office(database, clock)
        stage = Stage(office, clock, cast, built.authority_id, self._folder.procedure, built.people)
        office.give(stage.platform, _remember, built.people, (*cast.earlier, *scenario.earlier))
        office.give(stage.platform, begin_from_now)
        return stage

    def keep(self, stage: Stage) -> Kept:
        """Return all that stands on a stage now, to go on from there more than once."""
        office = stage.office
        assert isinstance(office.files, MemoryFiles)  # noqa: S101 -- so `_office` has made it
        return Kept(stage, _dump(office.database), office.files.all(), stage.clock.now())

    def again(self, kept: Kept, on: Database) -> Stage:
        """Return a stage as it was kept, on a database in the place of what stood there."""
        _load(on, kept.content)
        clock = SetClock(kept.at)
        return replace(kept.stage, office=self._office(on, clock, kept.files), clock=clock)

    def _build(
        self, cast: Cast, parameters: Mapping[str, Any], switches: Mapping[str, bool]
    ) -> _Built:
        database = open_database("sqlite://")
        migrations.upgrade(database)
        office = self._office(database, SetClock(BUILT_AT))
        with database.begin() as session:
            session.add(Platform(kind=REHEARSAL, born_at=BUILT_AT))
        authority = office.give(
            system_actor(""),
            add_authority,
            "stage",
            name=cast.name,
            short_name=cast.short,
            zone=cast.zone.key,
        )
        platform = system_actor(authority.id)
        for year in YEARS:
            office.give(platform, publish_year, year, national_days(year), source=NATIONAL)
        people = office.give(platform, settle, cast)
        approver = office.give(platform, _add_approver)
        opened = {one.procedure: one for one in _all_opened(self._folder)}
        for folder in (self._folder, *opened.values()):
            own = folder is self._folder
            manifest = manifest_of(
                folder, parameters=parameters if own else {}, switches=switches if own else {}
            )
            digest = digest_of_manifest(manifest)
            version = office.give(
                platform,
                draft_version,
                folder.procedure,
                manifest=manifest,
                digest=digest,
                files={**folder.files, **folder.scenarios},
                report={"digest": digest, "passed": True},
            )
            actor = Actor(approver, authority.id)
            office.give(actor, approve_version, version.id, effective_on=EVER)
        built = _Built(_dump(database), authority.id, people)
        database.close()
        return built

    def _office(
        self, database: Database, clock: SetClock, files: Mapping[str, bytes] | None = None
    ) -> Office:
        office = Office(
            database=database,
            clock=clock,
            jobs=OutboxJobs(clock),
            files=MemoryFiles(files),
            vault=Vault({"k1": NOBODYS_KEY}, "k1"),
            versions=self._versions,
            typesetter=self._typesetter,
            kind=REHEARSAL,
        )
        office.watch = self._watch
        return office


def _all_opened(folder: Folder) -> Iterator[Folder]:
    """Yield the procedures whose cases a folder's cases open, and those that theirs open."""
    for one in folder.opens:
        yield one
        yield from _all_opened(one)


def settle(desk: Desk, cast: Cast) -> dict[str, str]:
    """Add the units, people, posts and relations of a cast; return people's ids by name."""
    units: dict[str, str] = {}
    waiting = dict(cast.units)
    while waiting:
        ready = [name for name, above in waiting.items() if not above or above in units]
        if not ready:
            raise ValueError(f"the units {', '.join(waiting)} lie above each other")
        for name in ready:
            above = waiting.pop(name)
            units[name] = add_unit(desk, name, parent_id=units.get(above)).id
    people: dict[str, str] = {}
    for one in cast.people:
        person = add_person(
            desk,
            one.name,
            title=one.title,
            unit_id=units.get(one.unit),
            level=one.level,
            status=one.status,
        )
        people[one.name] = person.id
        for post in one.posts:
            give_post(
                desk,
                person.id,
                post.role,
                valid_from=post.since,
                valid_to=post.until,
                unit_id=units.get(post.unit),
                title=post.title,
            )
    for relation in cast.relations:
        relate(
            desk,
            people[relation.person],
            people[relation.other],
            kind=relation.kind,
            note=relation.note,
        )
    return people


def _add_approver(desk: Desk) -> str:
    person = add_person(desk, APPROVER)
    give_post(desk, person.id, "platform_admin", valid_from=EVER)
    return person.id


def _remember(desk: Desk, people: Mapping[str, str], earlier: Iterable[EarlierSanction]) -> None:
    """Enter sanctions of before, of cases that are not the platform's."""
    for sanction in earlier:
        for measure in sanction.measures or ("talk_admonish",):
            desk.session.add(
                SanctionRow(
                    authority_id=desk.actor.authority_id,
                    person_id=people[sanction.person],
                    measure=measure,
                    decided_on=sanction.decided_on,
                    effective_on=sanction.decided_on,
                    state="ended",
                    ended_reason="expired",
                )
            )


_IDLE: list[Database] = []
"""Databases in memory that nobody uses; what SQLAlchemy has compiled for them stays."""


@contextmanager
def memory_database() -> Iterator[Database]:
    """Give a database in memory, for one user at a time; it is empty after that."""
    try:
        database = _IDLE.pop()
    except IndexError:
        database = open_database("sqlite://")
    try:
        yield database
    finally:
        database.close()
        _IDLE.append(database)


def _dump(database: Database) -> bytes:
    with database.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        return bytes(driver.serialize())


def _load(database: Database, content: bytes) -> None:
    with database.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.deserialize(content)
