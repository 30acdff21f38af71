"""What people look at: each view asks for the reader's rights before it shows anything."""

from __future__ import annotations

from engine.desk.views.case import CaseView, DeadlineView, case_view
from engine.desk.views.case_list import CaseLine, CasePage, case_list
from engine.desk.views.inbox import inbox, inbox_numbers
from engine.desk.views.own import OwnCase, own_case, own_cases
from engine.desk.views.task import TaskView, completed_answers, start_view, task_view
from engine.desk.views.timeline import ActLine, timeline

__all__ = [
    "ActLine",
    "CaseLine",
    "CasePage",
    "CaseView",
    "DeadlineView",
    "OwnCase",
    "TaskView",
    "case_list",
    "case_view",
    "completed_answers",
    "inbox",
    "inbox_numbers",
    "own_case",
    "own_cases",
    "start_view",
    "task_view",
    "timeline",
]
