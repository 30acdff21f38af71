"""Operations on one's own matters and wishes, and what everybody may read."""

from __future__ import annotations

from functools import partial

from engine.commands.ask_recusal import ask_recusal
from engine.commands.filing_drafts import discard_filing_draft, save_filing_draft
from engine.commands.notice_preferences import (
    drop_notice_address,
    prove_notice_address,
    save_notice_preference,
    set_notice_address,
    try_notice_address,
)
from engine.desk.views.publications import public_list, public_text
from engine.model.notifying import Channel
from engine.model.scopes import Scope
from web.api.operations import Operation
from web.api.reading.oneself import notice_wishes

_get = partial(Operation, "GET", scope=Scope.READ, changes=False)
_post = partial(Operation, "POST", scope=Scope.WORK, changes=True)
_put = partial(Operation, "PUT", scope=Scope.WORK, changes=True)

CHANNELS = {"channel": tuple(one.value for one in Channel)}

FILINGS = (
    _put("/own/{case_id}/filings/{key}/draft", save_filing_draft, tag="own"),
    _post("/own/{case_id}/filings/{key}/discard", discard_filing_draft, tag="own"),
    _post("/own/{case_id}/recusals", ask_recusal, tag="own"),
)

WISHES = (
    _get("/notices/wishes", notice_wishes, tag="notices"),
    _put("/notices/wishes", save_notice_preference, tag="notices"),
    _put("/notices/addresses/{channel}", set_notice_address, tag="notices", choices=CHANNELS),
    _post(
        "/notices/addresses/{channel}/drop", drop_notice_address, tag="notices", choices=CHANNELS
    ),
    _post(
        "/notices/addresses/{channel}/proof",
        prove_notice_address,
        tag="notices",
        choices=CHANNELS,
        keeps=False,
    ),
    _post("/notices/addresses/{channel}/try", try_notice_address, tag="notices", choices=CHANNELS),
)

PUBLIC = (
    _get("/publications", public_list, tag="publications"),
    _get("/publications/{publication_id}", public_text, tag="publications"),
)

OPERATIONS = (*FILINGS, *WISHES, *PUBLIC)
