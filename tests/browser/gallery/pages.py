"""Which page is looked at as whom; a page that is missing here fails its test.

A path may name, in braces, what `tests.browser.gallery.places` has filled: a case, an item…
"""

from __future__ import annotations

from dataclasses import dataclass

SUBJECT = "subject"
"""Stands for the person with the longest name."""


@dataclass(frozen=True)
class Look:
    """One look at a page.

    Attributes:
        who: The person's name; empty for somebody who has not logged in.
        path: Its address, with names in braces.
        called: What its screenshot is called; its endpoint if empty.
    """

    who: str
    path: str
    called: str = ""

    @property
    def needs_much(self) -> bool:
        """Return whether the page is about something, which an empty office has not."""
        return "{" in self.path


PAGES: dict[str, tuple[Look, ...]] = {
    "entrance.log_in_page": (Look("", "/login"),),
    "inbox.listing": (
        Look("吕某", "/inbox"),
        Look("吕某", "/inbox?lamp=red", "inbox-red"),
        Look("郑某", "/inbox", "inbox-board"),
    ),
    "work.show": (
        Look("吕某", "/work/{verification}", "work-form"),
        Look("郑某", "/work/{meeting}", "work-meeting"),
    ),
    "moving.show": (Look("吕某", "/work/{verification}/move"),),
    "handing.show": (Look("吕某", "/work/{verification}/hands"),),
    "handing.deputies": (Look("吕某", "/deputies"),),
    "handing.codes": (Look("吕某", "/account/codes"),),
    "cases.listing": (Look("郑某", "/cases"), Look("苏某", "/cases", "cases-supervision")),
    "cases.show": (
        Look("郑某", "/cases/{served}"),
        Look("吕某", "/cases/{case}", "case-verifying"),
        Look("苏某", "/cases/{case}", "case-supervision"),
    ),
    "cases.timeline": (Look("郑某", "/cases/{served}/timeline"),),
    "cases.deadlines": (Look("郑某", "/cases/{served}/deadlines"),),
    "cases.documents": (Look("郑某", "/cases/{served}/documents"),),
    "cases.people": (Look("郑某", "/cases/{served}/people"),),
    "cases.companions": (Look("吕某", "/cases/{case}/companions"),),
    "cases.extension": (Look("周某", "/cases/{investigated}/extension?key=DL-CA-3"),),
    "cases.recusal": (Look("吕某", "/cases/{case}/recusal"),),
    "cases.withdrawal": (Look("冯某", "/cases/{case}/withdrawal"),),
    "boxes.done": (Look("吕某", "/done"),),
    "boxes.started": (Look("冯某", "/started"),),
    "boxes.drafts": (Look("吕某", "/drafts"),),
    "boxes.copies": (Look("吕某", "/copies"),),
    "boxes.watching": (Look("吕某", "/watched"),),
    "batches.listing": (Look("吕某", "/batches"),),
    "batches.show": (Look("吕某", "/batches/{batch}"),),
    "interference.listing": (Look("苏某", "/interference"),),
    "notices.listing": (Look("吕某", "/notices"), Look(SUBJECT, "/notices", "notices-subject")),
    "own.listing": (Look(SUBJECT, "/my"),),
    "own.matter": (
        Look(SUBJECT, "/my/{served}"),
        Look(SUBJECT, "/my/{investigated}", "matter-heard"),
    ),
    "own.write": (Look(SUBJECT, "/my/{served}/file/appeal"),),
    "registering.choose": (Look("冯某", "/register"),),
    "registering.form": (Look("冯某", "/register/corporate-accountability"),),
    "registering.done": (Look("冯某", "/register/done/{case}"),),
    "filing.write": (Look("冯某", "/cases/{served}/file/appeal"),),
    "standing.listing": (Look("苏某", "/standing/"),),
    "standing.consistency": (Look("苏某", "/standing/consistency"),),
    "standing.person": (Look("苏某", "/standing/people/{subject}"),),
    "public.listing": (Look("", "/public/"),),
    "administration.overview": (Look("方某", "/admin"),),
    "administration.late": (Look("方某", "/admin/late"),),
    "administration.year": (Look("方某", "/admin/calendar"),),
    "administration.clock": (Look("方某", "/admin/clock"),),
    "administration.people": (Look("方某", "/admin/people"),),
    "administration.person": (Look("方某", "/admin/people/{subject}"),),
    "administration.units": (Look("方某", "/admin/units"),),
    "administration.unit": (Look("方某", "/admin/units/{unit}"),),
    "administration.procedures": (Look("方某", "/admin/procedures"),),
    "administration.version": (Look("方某", "/admin/procedures/{version}"),),
    "administration.tables": (Look("方某", "/admin/decisions"),),
    "administration.records": (Look("方某", "/admin/records"),),
    "administration.deputies": (Look("方某", "/admin/deputies"),),
    "administration.departures": (Look("方某", "/admin/departures"),),
    "administration.departure": (Look("方某", "/admin/departures/{departure}"),),
    "administration.deviations": (Look("苏某", "/admin/deviations"),),
    "administration.retirement": (Look("方某", "/admin/retirement"),),
    "administration.statistics": (Look("苏某", "/admin/statistics"),),
    "administration.below": (Look("上督", "/admin/below"),),
    "administration.below_case": (
        Look("上督", "/admin/below/{case}"),
        Look("上督", "/admin/below/{served}", "below-reason"),
    ),
    "administration.above": (Look("方某", "/admin/above"),),
    "cases.above": (Look("吕某", "/cases/{case}/above"),),
    "administration.seal": (Look("方某", "/admin/seal"),),
    "administration.guide": (Look("方某", "/admin/procedures/corporate-accountability/guide"),),
    "administration.migration": (Look("方某", "/admin/migration"),),
    "administration.moves": (Look("方某", "/admin/moves"),),
    "administration.operations": (Look("方某", "/admin/operations"),),
    "administration.notices": (Look("方某", "/admin/notices"),),
    "administration.settings": (Look("方某", "/admin/settings"),),
    "administration.setting": (Look("方某", "/admin/settings/platform/reminder.hours"),),
    "administration.procedure_settings": (
        Look("方某", "/admin/settings/procedures/corporate-accountability"),
    ),
    "administration.procedure_value": (
        Look(
            "方某", "/admin/settings/procedures/corporate-accountability/switch/reform.pre_notice"
        ),
    ),
    "administration.setting_changes": (Look("方某", "/admin/settings/changes"),),
    "administration.notice_template": (Look("方某", "/admin/notices/assigned"),),
    "cases.correct": (Look("郑某", "/documents/{decision}/correct"),),
    "cases.merger": (Look("冯某", "/cases/{fresh}/merger"),),
    "administration.roster": (Look("方某", "/admin/people/import"),),
    "administration.records_search": (Look("方某", "/admin/records/search"),),
    "designer.gallery": (Look("丁某", "/designer"),),
    "designer.draft": (Look("丁某", "/designer/{draft}"),),
    "designer.changes": (Look("丁某", "/designer/{draft}/changes"),),
    "designer.history": (Look("丁某", "/designer/{draft}/history/procedure.yaml"),),
    "designer.rules": (Look("丁某", "/designer/{draft}/rules"),),
    "designer.rehearsal": (Look("丁某", "/designer/{draft}/rehearsal"),),
    "designer.scenarios": (Look("丁某", "/designer/{draft}/scenarios"),),
    "exports.case_file": (Look("郑某", "/cases/{served}/export"),),
    "exports.listing": (Look("郑某", "/exports"),),
    "exports.show": (Look("郑某", "/exports/{export}"),),
    "ledger.listing": (Look("郑某", "/ledger"),),
    "notices.settings": (Look("吕某", "/notices/settings"),),
    "received.listing": (Look("冯某", "/reports"),),
    "received.show": (Look("冯某", "/reports/{report}"),),
    "reports.write": (Look("", "/report"),),
    "reports.query": (Look("", "/report/query"),),
    "search.listing": (
        Look("吕某", "/search"),
        Look("吕某", "/search?q=停产", "search-停产"),
        Look("吕某", "/search?q=查无此事", "search-nothing"),
    ),
    "tokens.listing": (Look("吕某", "/account/tokens"),),
    "tokens.trying": (Look("吕某", "/account/api"),),
}

NO_PAGES = {
    "static": "files",
    "entrance.home": "leads on to the inbox or to one's own matters",
    "entrance.choose_language": "leads back",
    "watching.health": "for machines",
    "watching.readiness": "for machines",
    "watching.metrics": "for machines",
    "administration.diagram": "XML for the viewer",
    "administration.schema": "JSON Schema",
    "administration.heads_export": "a file",
    "administration.seal_image": "a picture",
    "cases.attachment": "a file",
    "cases.document": "a file",
    "cases.diagram": "XML for the viewer",
    "own.document": "a file",
    "administration.drawn": "XML for the viewer",
    "designer.checking": "a part of the draft's page",
    "designer.document_preview": "a file",
    "designer.download": "a file",
    "designer.export": "a file",
    "designer.picture": "a picture",
    "designer.rehearsal_pages": "the office's own pages, in the rehearsal of a draft",
    "designer.source": "a file for the editors",
    "designer.templates": "JSON for the modeller",
    "entrance.came_back": "leads on",
    "entrance.log_in_elsewhere_page": "leads to the identity provider",
    "exports.download": "a file",
    "notices.bell": "a part of every page",
    "received.file": "a file",
}
FOR_MACHINES = ("api.", "camunda.", "camunda_links.")
"""Interfaces of programs; they have no pages."""

ELSEWHERE = {
    "cases.wake": "needs an archived case: tests/engine/commands; its refusals in tests/web/moving",
    "cases.dunning": "needs a procedure that duns: tests/engine/commands/test_send_dunning.py",
    "cases.correction": "tests/web/cases",
    "designer.edit": "tests/browser/test_designer.py",
    "designer.tables": "tests/browser/test_designer.py",
    "designer.compare": "needs two versions: tests/web/designer",
    "designer.document": "tests/web/designer",
    "public.show": "needs a procedure that publishes: tests/browser",
}
