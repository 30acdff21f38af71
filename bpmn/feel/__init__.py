"""FEEL, the expression language of DMN 1.5 (chapter 10), whole.

Expressions compile once to closures and run within bounds; they reach nothing but their scope
and what the `Environment` hands in.
"""

from bpmn.feel.environment import PLAIN, Environment, host_function
from bpmn.feel.errors import FeelError, LimitExceeded, Semantic, Warned
from bpmn.feel.expression import Expression, UnaryTests, compile_expression, compile_unary_tests
from bpmn.feel.functions.index import NAMES as BUILT_IN_NAMES
from bpmn.feel.limits import Limits
from bpmn.feel.printing import print_expression
from bpmn.feel.translate import is_camunda, translate_camunda
from bpmn.feel.values.callables import Function
from bpmn.feel.values.comparing import equal, same, satisfies
from bpmn.feel.values.conversion import normalise, to_python
from bpmn.feel.values.dates import Date
from bpmn.feel.values.durations import DaysTime, YearsMonths
from bpmn.feel.values.kinds import Value, type_of
from bpmn.feel.values.ranges import Form, Range
from bpmn.feel.values.texts import literal, to_text
from bpmn.feel.values.times import DateTime, Time

__all__ = [
    "BUILT_IN_NAMES",
    "PLAIN",
    "Date",
    "DateTime",
    "DaysTime",
    "Environment",
    "Expression",
    "FeelError",
    "Form",
    "Function",
    "LimitExceeded",
    "Limits",
    "Range",
    "Semantic",
    "Time",
    "UnaryTests",
    "Value",
    "Warned",
    "YearsMonths",
    "compile_expression",
    "compile_unary_tests",
    "equal",
    "host_function",
    "is_camunda",
    "literal",
    "normalise",
    "print_expression",
    "same",
    "satisfies",
    "to_python",
    "to_text",
    "translate_camunda",
    "type_of",
]
