"""Operations of supervision and of administrators."""

from __future__ import annotations

from functools import partial

from engine.commands.accounts import lock_account, set_rights, unlock_account
from engine.commands.change_calendar import change_day, moves_by, publish_year
from engine.commands.deliver_notices import send_again
from engine.commands.depart import begin_departure, stop_departure
from engine.commands.import_roster import import_roster, roster_changes
from engine.commands.interference import acknowledge_interference, record_interference
from engine.commands.migrate_case import decide_migration, migration_trial, propose_migration
from engine.commands.move_person import move_person
from engine.commands.notice_templates import change_notice_template, reset_notice_template
from engine.commands.organise import (
    add_person,
    add_unit,
    describe_person,
    end_post,
    give_post,
    relate,
)
from engine.commands.oversee import confirm_overreach, lift_stop, settle_deviation
from engine.commands.repair import retry_due, retry_incident, retry_job
from engine.commands.retire import (
    decide_retirement,
    propose_retirement,
    retirable,
    retirements,
)
from engine.commands.set_seal import remove_seal
from engine.commands.units import close_unit, describe_unit, reopen_unit
from engine.desk.views.accompanying import interferences
from engine.desk.views.deviations import deviations
from engine.desk.views.handing import departures
from engine.desk.views.notifying import sending, templates
from engine.desk.views.operating import health, load_of, migrations_proposed, running_versions
from engine.desk.views.oversight import troubles
from engine.desk.views.records import (
    record_of_case,
    record_of_day,
    search_record,
    verify_records,
)
from engine.desk.views.register import people
from engine.desk.views.year import year_view
from engine.model.notifying import Event
from engine.model.scopes import Scope
from web.api.operations import Operation
from web.api.reading.office import all_units, late, log_ins, one_person
from web.api.reading.running import (
    check_records,
    national_year,
    notice_words,
    open_log_in,
    put_seal,
    read_clock,
    record_heads,
    running_diagram,
    seal_picture,
    set_clock,
    whole_departure,
)

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
    _set("/records/verification", check_records, tag="records", by_office=True),
    _see("/records/heads", record_heads, tag="records"),
)

PEOPLE = (
    _see("/people", people, tag="people"),
    _see("/people/{person_id}", one_person, tag="people"),
    _see("/units", all_units, tag="people"),
    _see("/accounts", log_ins, tag="people"),
    _set("/people", add_person, tag="people"),
    _set("/people/{person_id}/description", describe_person, tag="people"),
    _set("/people/{person_id}/unit", move_person, tag="people"),
    _set("/people/{person_id}/posts", give_post, tag="people"),
    _set("/people/{person_id}/relations", relate, tag="people"),
    _set("/people/{person_id}/accounts", open_log_in, tag="people"),
    Operation("POST", "/roster/changes", roster_changes, Scope.ADMIN, "people", changes=False),
    _set("/roster", import_roster, tag="people"),
    _set("/posts/{post_id}/end", end_post, tag="people"),
    _set("/units", add_unit, tag="people"),
    _set("/units/{unit_id}", describe_unit, tag="people"),
    _set("/units/{unit_id}/close", close_unit, tag="people"),
    _set("/units/{unit_id}/reopen", reopen_unit, tag="people"),
    _set("/accounts/{name}/rights", set_rights, tag="people"),
    _set("/accounts/{name}/lock", lock_account, tag="people"),
    _set("/accounts/{name}/unlock", unlock_account, tag="people"),
)

CALENDAR = (
    _see("/calendar/{year}", year_view, tag="calendar"),
    _see("/calendar/{year}/national", national_year, tag="calendar"),
    Operation("POST", "/calendar/{year}/moves", moves_by, Scope.ADMIN, "calendar", changes=False),
    _set("/calendar/{year}", publish_year, tag="calendar"),
    _set("/calendar/days", change_day, tag="calendar"),
)

RUNNING = (
    _see("/troubles", troubles, tag="operations"),
    _set("/incidents/{incident_id}/retry", retry_incident, tag="operations"),
    _set("/dues/{due_id}/retry", retry_due, tag="operations"),
    _set("/jobs/{job_id}/retry", retry_job, tag="operations"),
    _set("/cases/{case_id}/migration", propose_migration, tag="operations"),
    _set("/cases/{case_id}/migration/decide", decide_migration, tag="operations"),
    _see("/migrations", migrations_proposed, tag="operations"),
    Operation(
        "POST",
        "/versions/{from_version_id}/migration-trial",
        migration_trial,
        Scope.ADMIN,
        "operations",
        changes=False,
    ),
    _see("/running", running_versions, tag="operations"),
    _see("/running/{version_id}", load_of, tag="operations"),
    _see("/running/{version_id}/diagrams/{process}", running_diagram, tag="operations", file=True),
    _see("/health", health, tag="operations"),
    _see("/clock", read_clock, tag="operations"),
    _set("/clock", set_clock, tag="operations", by_office=True),
    _see("/retirements", retirements, tag="retirement"),
    _see("/retirements/due", retirable, tag="retirement"),
    _set("/retirements", propose_retirement, tag="retirement"),
    _set("/retirements/{retirement_id}/decide", decide_retirement, tag="retirement"),
    _see("/seal", seal_picture, tag="operations", file=True),
    _set("/seal", put_seal, tag="operations"),
    _set("/seal/removal", remove_seal, tag="operations"),
)

EVENTS = {"event": tuple(one.value for one in Event)}

NOTICES = (
    _see("/notice-templates", templates, tag="notice templates"),
    _see("/notice-templates/{event}", notice_words, tag="notice templates", choices=EVENTS),
    Operation(
        "PUT",
        "/notice-templates/{event}",
        change_notice_template,
        Scope.ADMIN,
        "notice templates",
        changes=True,
        choices=EVENTS,
    ),
    _set(
        "/notice-templates/{event}/reset",
        reset_notice_template,
        tag="notice templates",
        choices=EVENTS,
    ),
    _see("/sending", sending, tag="notice templates"),
    _set("/sending/{job_id}/again", send_again, tag="notice templates"),
)

HANDING = (
    _see("/departures", departures, tag="departures"),
    _set("/departures", begin_departure, tag="departures"),
    _see("/departures/{departure_id}", whole_departure, tag="departures"),
    _set("/departures/{departure_id}/stop", stop_departure, tag="departures"),
)

OPERATIONS = (*SUPERVISION, *PEOPLE, *CALENDAR, *RUNNING, *NOTICES, *HANDING)
