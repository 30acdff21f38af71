"""The acts: what the property `act` of an element may say, and what then happens."""

from __future__ import annotations

from engine.commands.acts.act import Act
from engine.commands.acts.approve import Approve
from engine.commands.acts.archive import Archive
from engine.commands.acts.collective import Collective
from engine.commands.acts.countersign import Countersign
from engine.commands.acts.designate_organ import DesignateOrgan
from engine.commands.acts.hearing import CallHearing, Hearing
from engine.commands.acts.name_team import NameTeam
from engine.commands.acts.papers import (
    DRAFTS,
    ISSUES,
    SERVES,
    DraftDocument,
    IssueDocument,
    ServeDocument,
)
from engine.commands.acts.propose import Propose
from engine.commands.acts.publication import ApprovePublication, Publish
from engine.commands.acts.record_defence import RecordDefence
from engine.commands.acts.transfer import TRANSFERS, Dun, RecordReceipt, TransferMatter

ACTS: dict[str, Act] = {
    "approve": Approve(),
    "approve_publication": ApprovePublication(),
    "archive": Archive(),
    "call_hearing": CallHearing(),
    "collective": Collective(),
    "countersign": Countersign(),
    "designate_organ": DesignateOrgan(),
    DRAFTS: DraftDocument(),
    ISSUES: IssueDocument(),
    SERVES: ServeDocument(),
    "hearing": Hearing(),
    "name_team": NameTeam(),
    "propose": Propose(),
    "publish": Publish(),
    "record_defence": RecordDefence(),
    "record_receipt": RecordReceipt(),
    "dun": Dun(),
    TRANSFERS: TransferMatter(),
}
"""By the value of the property `act`; an element without one only stores its answers."""

__all__ = ["ACTS", "Act"]
