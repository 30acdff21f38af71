"""Operations of supervision and of administrators."""

from __future__ import annotations

from functools import partial

from engine.commands.accounts import lock_account, unlock_account
from engine.commands.change_calendar import change_day, moves_by, publish_year
from engine.commands.interference import acknowledge_interference, record_interference
from engine.commands.migrate_case import decide_migration, propose_migration
from engine.commands.organise import (
    add_person,
    add_unit,
    describe_person,
    end_post,
    give_post,
    relate,
)
from engine.commands.oversee import confirm_overreach, lift_stop, settle_deviation
from engine.commands.publish_version import approve_version, retire_version, roll_back_version
from engine.commands.repair import retry_due, retry_incident, retry_job
from engine.desk.views.accompanying import interferences
from engine.desk.views.deviations import deviations
from engine.desk.views.oversight import troubles
from engine.desk.views.published import procedures
from engine.desk.views.records import (
    record_of_case,
    record_of_day,
    search_record,
    verify_records,
)
from engine.desk.views.register import people, units
from engine.desk.views.year import year_view
from engine.model.scopes import Scope
from web.api.operations import Operation
from web.api.reading.office import late, log_ins, one_person

_get = partial(Operation, "GET", scope=Scope.READ, changes=False)
_post = partial(Operation, "POST", scope=Scope.WORK, changes=True)
_see = partial(Operation, "GET", scope=Scope.ADMIN, changes=False)
_set = partial(Operation, "POST", scope=Scope.ADMIN, changes=True)

SUPERVISION = (
    _get("/findings", deviations, tag="findings"),
    _post("/findings/{deviation_id}/settle", settle_deviation, tag="findings"),
    _post("/findings/{deviation_id}/confirm", confirm_overreach, tag="findings"),
    _post("/findings/{deviation_id}/lift", lift_stop, tag="findings"),
    _get("/interferences", interferences, tag="findings"),
    _post("/interferences", record_interference, tag="findings"),
    _post("/interferences/{interference_id}/acknowledge", acknowledge_interference, tag="findings"),
    _get("/late", late, tag="findings"),
    _get("/records/days/{day}", record_of_day, tag="records"),
    _get("/records/cases/{number}", record_of_case, tag="records"),
    _get("/records", search_record, tag="records"),
    _see("/records/verification", verify_records, tag="records"),
)

PEOPLE = (
    _see("/people", people, tag="people"),
    _see("/people/{person_id}", one_person, tag="people"),
    _see("/units", units, tag="people"),
    _see("/accounts", log_ins, tag="people"),
    _set("/people", add_person, tag="people"),
    _set("/people/{person_id}/description", describe_person, tag="people"),
    _set("/people/{person_id}/posts", give_post, tag="people"),
    _set("/people/{person_id}/relations", relate, tag="people"),
    _set("/posts/{post_id}/end", end_post, tag="people"),
    _set("/units", add_unit, tag="people"),
    _set("/accounts/{name}/lock", lock_account, tag="people"),
    _set("/accounts/{name}/unlock", unlock_account, tag="people"),
)

CALENDAR = (
    _see("/calendar/{year}", year_view, tag="calendar"),
    Operation("POST", "/calendar/{year}/moves", moves_by, Scope.ADMIN, "calendar", changes=False),
    _set("/calendar/{year}", publish_year, tag="calendar"),
    _set("/calendar/days", change_day, tag="calendar"),
)

PROCEDURES = (
    _get("/procedures", procedures, tag="procedures"),
    Operation(
        "POST",
        "/versions/{version_id}/approve",
        approve_version,
        Scope.DEPLOY,
        "procedures",
        changes=True,
    ),
    Operation(
        "POST",
        "/versions/{version_id}/retire",
        retire_version,
        Scope.DEPLOY,
        "procedures",
        changes=True,
    ),
    Operation(
        "POST",
        "/versions/{version_id}/roll-back",
        roll_back_version,
        Scope.DEPLOY,
        "procedures",
        changes=True,
    ),
)

RUNNING = (
    _see("/troubles", troubles, tag="operations"),
    _set("/incidents/{incident_id}/retry", retry_incident, tag="operations"),
    _set("/dues/{due_id}/retry", retry_due, tag="operations"),
    _set("/jobs/{job_id}/retry", retry_job, tag="operations"),
    _set("/cases/{case_id}/migration", propose_migration, tag="operations"),
    _set("/cases/{case_id}/migration/decide", decide_migration, tag="operations"),
)

OPERATIONS = (*SUPERVISION, *PEOPLE, *CALENDAR, *PROCEDURES, *RUNNING)
