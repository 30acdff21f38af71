"""Regular expressions of XPath 3.1, matched with a bound on every step.

Python's `re` differs in syntax and can run for ever; this one counts.
"""

from bpmn.feel.regex.matching import Match, Pattern, compile_pattern
from bpmn.feel.regex.replacing import parse_replacement
from bpmn.feel.regex.syntax import PatternError

__all__ = ["Match", "Pattern", "PatternError", "compile_pattern", "parse_replacement"]
