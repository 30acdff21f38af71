"""Decisions: DMN 1.1 to 1.5 files, read, checked, evaluated, analysed and shown."""

from bpmn.dmn.analysis import Analysis, Gap, Overlap, Undecided, analyse
from bpmn.dmn.consulting import Consulted, consulted
from bpmn.dmn.evaluation import MatchedRule, Outcome
from bpmn.dmn.mapping import ResultMapping, ResultMisfit, map_result
from bpmn.dmn.model import DecisionModel, UnknownDecision, read_decisions
from bpmn.dmn.nodes import Decision, DecisionId, DecisionService, HitPolicy, InputData, Table
from bpmn.dmn.refusals import DecisionRefused
from bpmn.dmn.views import ColumnView, RowView, TableView, table_view

__all__ = [
    "Analysis",
    "ColumnView",
    "Consulted",
    "Decision",
    "DecisionId",
    "DecisionModel",
    "DecisionRefused",
    "DecisionService",
    "Gap",
    "HitPolicy",
    "InputData",
    "MatchedRule",
    "Outcome",
    "Overlap",
    "ResultMapping",
    "ResultMisfit",
    "RowView",
    "Table",
    "TableView",
    "Undecided",
    "UnknownDecision",
    "analyse",
    "consulted",
    "map_result",
    "read_decisions",
    "table_view",
]
