"""Operations on one's own work: inbox, boxes, steps, bodies that decide, hand-overs."""

from __future__ import annotations

from functools import partial

from engine.commands.assign_work import assign_work, assignable_to
from engine.commands.batches import KINDS as BATCHES
from engine.commands.batches import start_batch, stop_batch
from engine.commands.change_signers import add_signer, remove_signer
from engine.commands.claim_work import claim_work
from engine.commands.countersign import ask_signature, drop_signature, give_signature
from engine.commands.decide import decide, give_opinion, note_absence, put_motion
from engine.commands.hand_over import (
    delegate_work,
    recall_delegated,
    return_delegated,
    transfer_work,
)
from engine.commands.hold_meeting import call_meeting, close_ballot, record_dissent, sign_minutes
from engine.commands.jump_work import jump_targets, jump_work
from engine.commands.look_at_work import look_at_work
from engine.commands.oversee import report_overreach
from engine.commands.prepare_papers import prepare_papers
from engine.commands.read_notices import read_notices
from engine.commands.release_work import release_work
from engine.commands.remind_work import remind_work
from engine.commands.return_work import return_places, return_work
from engine.commands.save_draft import save_draft
from engine.commands.saved_filters import PARTS_OF, drop_filter, save_filter
from engine.commands.send_dunning import prepare_dunning, send_dunning
from engine.commands.submit_work import submit_work
from engine.commands.substitute import end_substitution, set_substitution
from engine.commands.take_back_work import take_back_work
from engine.desk.signing import AFTER, BEFORE, BESIDE
from engine.desk.views.accompanying import batch_view, batches, follow_ups, saved_filters
from engine.desk.views.boxes import (
    BY_DAY,
    BY_NUMBER,
    SORTS,
    box_counts,
    copied_cases,
    done_work,
    own_drafts,
    started_cases,
    watched_cases,
)
from engine.desk.views.handing import deputised_work, procedures_in_use, substitutions
from engine.desk.views.inbox import inbox_numbers
from engine.desk.views.notices import notices
from engine.desk.views.register import roles_known
from engine.model.collective import Vote
from engine.model.scopes import Scope
from engine.store.queries.inbox import SORTS as INBOX_SORTS
from web.api.operations import Operation
from web.api.reading.oneself import colleague_names
from web.api.reading.work import answers, inbox_lines, me, task
from web.api.reading.work_besides import dunning_form, hands, sitting

VOTES = {"vote": tuple(one.value for one in Vote)}
LISTS = {"sort": SORTS}

_get = partial(Operation, "GET", scope=Scope.READ, changes=False)
_post = partial(Operation, "POST", scope=Scope.WORK, changes=True)
_put = partial(Operation, "PUT", scope=Scope.WORK, changes=True)
_office = partial(Operation, "POST", scope=Scope.WORK, changes=True, by_office=True)

INBOX = (
    _get("/me", me, tag="inbox"),
    _get("/inbox", inbox_lines, tag="inbox", choices={"sort": INBOX_SORTS}),
    _get("/inbox/counts", inbox_numbers, tag="inbox"),
    _get("/boxes/counts", box_counts, tag="boxes"),
    _get("/boxes/done", done_work, tag="boxes", choices=LISTS),
    _get("/boxes/started", started_cases, tag="boxes", choices=LISTS),
    _get("/boxes/copied", copied_cases, tag="boxes", choices=LISTS),
    _get("/boxes/drafts", own_drafts, tag="boxes", choices=LISTS),
    _get("/boxes/watched", watched_cases, tag="boxes", choices={"sort": (BY_DAY, BY_NUMBER)}),
    _get("/follow-ups", follow_ups, tag="boxes"),
    _get("/filters", saved_filters, tag="inbox", choices={"of": tuple(PARTS_OF)}),
    _post("/filters", save_filter, tag="inbox", choices={"of": tuple(PARTS_OF)}),
    _post("/filters/{filter_id}/drop", drop_filter, tag="inbox"),
    _get("/notices", notices, tag="notices"),
    _post("/notices/read", read_notices, tag="notices"),
    _get("/batches", batches, tag="batches"),
    _get("/batches/{batch_id}", batch_view, tag="batches"),
    _post("/batches", start_batch, tag="batches", choices={"kind": tuple(BATCHES)}),
    _post("/batches/{batch_id}/stop", stop_batch, tag="batches"),
)

STEPS = (
    _get("/work/{work_item_id}", task, tag="work"),
    _get("/work/{work_item_id}/answers", answers, tag="work"),
    _get("/work/{work_item_id}/assignable", assignable_to, tag="work"),
    _get("/work/{work_item_id}/places", return_places, tag="work"),
    _get("/work/{work_item_id}/jump-targets", jump_targets, tag="work"),
    _get("/work/{work_item_id}/hands", hands, tag="work"),
    _get("/work/{work_item_id}/dunning", dunning_form, tag="work"),
    _post("/work/{work_item_id}/look", look_at_work, tag="work"),
    _office("/work/{work_item_id}/papers", prepare_papers, tag="work"),
    _office("/work/{work_item_id}/dunning-paper", prepare_dunning, tag="work"),
    _post("/work/{work_item_id}/claim", claim_work, tag="work"),
    _post("/work/{work_item_id}/release", release_work, tag="work"),
    _put("/work/{work_item_id}/draft", save_draft, tag="work"),
    _post("/work/{work_item_id}/complete", submit_work, tag="work", signs=True),
    _post("/work/{work_item_id}/assign", assign_work, tag="work"),
    _post("/work/{work_item_id}/transfer", transfer_work, tag="work"),
    _post("/work/{work_item_id}/delegate", delegate_work, tag="work"),
    _post("/work/{work_item_id}/hand-back", return_delegated, tag="work"),
    _post("/work/{work_item_id}/recall", recall_delegated, tag="work"),
    _post("/work/{work_item_id}/send-back", return_work, tag="work"),
    _post("/work/{work_item_id}/take-back", take_back_work, tag="work"),
    _post("/work/{work_item_id}/jump", jump_work, tag="work"),
    _post("/work/{work_item_id}/remind", remind_work, tag="work"),
    _post("/work/{work_item_id}/dun", send_dunning, tag="work", signs=True),
    _post(
        "/work/{work_item_id}/signatures",
        ask_signature,
        tag="signatures",
        choices={"place": (BEFORE, BESIDE, AFTER)},
    ),
    _post("/signatures/{request_id}/give", give_signature, tag="signatures", signs=True),
    _post("/signatures/{request_id}/drop", drop_signature, tag="signatures"),
    _post("/work/{work_item_id}/signers", add_signer, tag="signatures"),
    _post("/work/{work_item_id}/signers/remove", remove_signer, tag="signatures"),
    _post("/work/{work_item_id}/overreach", report_overreach, tag="findings"),
)

BODIES = (
    _get("/work/{work_item_id}/meeting", sitting, tag="meetings"),
    _post("/work/{work_item_id}/meeting", call_meeting, tag="meetings"),
    _post("/work/{work_item_id}/motion", put_motion, tag="meetings"),
    _post("/motions/{motion_id}/opinion", give_opinion, tag="meetings", choices=VOTES),
    _post("/motions/{motion_id}/absence", note_absence, tag="meetings"),
    _post("/motions/{motion_id}/close", close_ballot, tag="meetings"),
    _post("/motions/{motion_id}/decide", decide, tag="meetings"),
    _post("/motions/{motion_id}/dissent", record_dissent, tag="meetings"),
    _post("/motions/{motion_id}/sign", sign_minutes, tag="meetings", signs=True),
)

DEPUTIES = (
    _get("/substitutions", substitutions, tag="substitutions"),
    _get("/substitutions/work", deputised_work, tag="substitutions"),
    _get("/substitutions/people", colleague_names, tag="substitutions"),
    _get("/substitutions/procedures", procedures_in_use, tag="substitutions"),
    _get("/substitutions/roles", roles_known, tag="substitutions"),
    _post("/substitutions", set_substitution, tag="substitutions"),
    _post("/substitutions/{substitution_id}/end", end_substitution, tag="substitutions"),
)

OPERATIONS = (*INBOX, *STEPS, *BODIES, *DEPUTIES)
