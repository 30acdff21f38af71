"""Operations on cases: opened, read, filed in, accompanied, moved."""

from __future__ import annotations

from functools import partial

from engine.commands.add_attachment import add_attachment
from engine.commands.comment_case import comment_case
from engine.commands.copies import read_copy, send_copies
from engine.commands.correct_document import (
    draft_correction,
    drop_correction,
    issue_correction,
    prepare_correction,
    serve_correction,
)
from engine.commands.exports import (
    OF_A_CASE,
    open_export,
    order_case_file,
    order_ledger,
    stop_export,
)
from engine.commands.extend_deadline import decide_extension, request_extension
from engine.commands.look import open_attachment, open_document, reveal
from engine.commands.merge_clues import merge_clue
from engine.commands.own_notes import follow_up, tag_case, watch_case
from engine.commands.receipt_escalation import receipt_escalation
from engine.commands.recuse import decide_recusal, declare_interest, request_recusal
from engine.commands.register_clue import register_clue
from engine.commands.submit_filing import submit_filing
from engine.commands.suspend_case import decide_suspension, request_suspension, resume_case
from engine.commands.wake_case import wake_case
from engine.commands.withdraw_case import decide_withdrawal, propose_withdrawal
from engine.desk.views import case_list
from engine.desk.views.accompanying import companions
from engine.desk.views.corrections import correction_view
from engine.desk.views.exports import own_export
from engine.desk.views.ledger import SORTS as LEDGER_SORTS
from engine.desk.views.ledger import STATES, ledger_procedures
from engine.desk.views.linked import escalations, linked
from engine.desk.views.merging import likely_duplicates, mergers
from engine.desk.views.requests import extension_requests, masked, services
from engine.desk.views.search import search
from engine.desk.views.traces import TRACES
from engine.model.cases import CaseStatus
from engine.model.scopes import Scope
from engine.store.searching import KINDS
from web.api.operations import Operation
from web.api.reading.case_besides import case_diagram, case_readers
from web.api.reading.cases import case_acts, one_case, start_form, startable
from web.api.reading.filings import filing_form, wake_form
from web.api.reading.ledger import ledger_page
from web.api.reading.oneself import exports
from web.api.reading.own import own_all, own_one

_get = partial(Operation, "GET", scope=Scope.READ, changes=False)
_post = partial(Operation, "POST", scope=Scope.WORK, changes=True)
_load = partial(
    Operation, "GET", scope=Scope.READ, tag="documents", changes=True, keeps=False, file=True
)
_put = partial(Operation, "PUT", scope=Scope.WORK, changes=True)
_show = partial(Operation, "GET", scope=Scope.READ, changes=False, file=True)
_office = partial(Operation, "POST", scope=Scope.WORK, changes=True, by_office=True)

LEDGER = {
    "sort": LEDGER_SORTS,
    "state": tuple(STATES),
    "trace": ("", *TRACES),
    "status": ("", *(one.value for one in CaseStatus)),
}

READING = (
    _get("/cases", case_list, tag="cases"),
    _get("/cases/{case_id}", one_case, tag="cases"),
    _get("/cases/{case_id}/timeline", case_acts, tag="cases"),
    _get("/cases/{case_id}/extensions", extension_requests, tag="cases"),
    _get("/cases/{case_id}/services", services, tag="cases"),
    _get("/cases/{case_id}/masked", masked, tag="cases"),
    _get("/cases/{case_id}/companions", companions, tag="companions"),
    _get("/cases/{case_id}/readers", case_readers, tag="companions"),
    _get("/cases/{case_id}/links", linked, tag="cases"),
    _get("/cases/{case_id}/escalations", escalations, tag="deadlines"),
    _get("/cases/{case_id}/duplicates", likely_duplicates, tag="cases"),
    _get("/cases/{case_id}/mergers", mergers, tag="cases"),
    _get("/cases/{case_id}/filings/{key}", filing_form, tag="filings"),
    _get("/cases/{case_id}/wake", wake_form, tag="cases"),
    _show("/cases/{case_id}/diagrams/{process}", case_diagram, tag="cases"),
    _get("/corrections/{document_id}", correction_view, tag="documents"),
    _get("/ledger", ledger_page, tag="ledger", choices=LEDGER),
    _get("/ledger/procedures", ledger_procedures, tag="ledger"),
    _get("/exports", exports, tag="exports"),
    _get("/exports/{export_id}", own_export, tag="exports"),
    _get("/search", search, tag="search", choices={"kind": ("", *KINDS)}),
    _get("/own", own_all, tag="own"),
    _get("/own/{case_id}", own_one, tag="own"),
    _get("/registrable", startable, tag="cases"),
    _get("/registrable/{procedure}", start_form, tag="cases"),
)

ACTING = (
    Operation("POST", "/cases", register_clue, Scope.START, "cases", changes=True),
    _post("/cases/{case_id}/filings/{key}", submit_filing, tag="filings"),
    _post("/cases/{case_id}/attachments", add_attachment, tag="documents"),
    _load("/attachments/{attachment_id}", open_attachment),
    _load("/documents/{document_id}", open_document, choices={"kind": ("pdf", "docx")}),
    _post("/cases/{case_id}/reveal", reveal, tag="documents", keeps=False),
    _post("/cases/{case_id}/copies", send_copies, tag="companions"),
    _post("/copies/{copy_id}/read", read_copy, tag="companions"),
    _post("/cases/{case_id}/comments", comment_case, tag="companions"),
    _put("/cases/{case_id}/watch", watch_case, tag="companions"),
    _put("/cases/{case_id}/tags", tag_case, tag="companions"),
    _put("/cases/{case_id}/follow-up", follow_up, tag="companions"),
    _post("/cases/{case_id}/merger", merge_clue, tag="cases"),
    _post("/documents/{document_id}/corrections", draft_correction, tag="documents"),
    _office("/corrections/{document_id}/prepare", prepare_correction, tag="documents"),
    _post("/corrections/{document_id}/issue", issue_correction, tag="documents", signs=True),
    _post("/corrections/{document_id}/serve", serve_correction, tag="documents"),
    _post("/corrections/{document_id}/drop", drop_correction, tag="documents"),
    _post(
        "/cases/{case_id}/exports",
        order_case_file,
        tag="exports",
        choices={"kind": OF_A_CASE},
    ),
    _post("/ledger/exports", order_ledger, tag="exports"),
    _post("/exports/{export_id}/stop", stop_export, tag="exports"),
    Operation(
        "GET",
        "/exports/{export_id}/file",
        open_export,
        Scope.READ,
        "exports",
        changes=True,
        keeps=False,
        file=True,
    ),
    _post("/cases/{case_id}/extensions", request_extension, tag="deadlines"),
    _post("/extensions/{request_id}/decide", decide_extension, tag="deadlines"),
    _post("/escalations/{escalation_id}/receipt", receipt_escalation, tag="deadlines"),
    _post("/cases/{case_id}/interest", declare_interest, tag="recusals"),
    _post("/cases/{case_id}/recusals", request_recusal, tag="recusals"),
    _post("/recusals/{recusal_id}/decide", decide_recusal, tag="recusals"),
    _post("/cases/{case_id}/suspension", request_suspension, tag="cases"),
    _post("/suspensions/{suspension_id}/decide", decide_suspension, tag="cases"),
    _post("/cases/{case_id}/resume", resume_case, tag="cases"),
    _post("/cases/{case_id}/withdrawal", propose_withdrawal, tag="cases"),
    _post("/cases/{case_id}/withdrawal/decide", decide_withdrawal, tag="cases"),
    Operation("POST", "/cases/{case_id}/wake", wake_case, Scope.START, "cases", changes=True),
)

OPERATIONS = (*READING, *ACTING)
