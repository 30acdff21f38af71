"""From what was read to what runs: expressions become closures, once."""

from bpmn.dmn.compiling.compiler import Compiler
from bpmn.dmn.compiling.tables import CompiledTable

__all__ = ["CompiledTable", "Compiler"]
