"""Reading decision files: DMN 1.1 to 1.5, structurally checked."""

from bpmn.dmn.reading.files import read_files

__all__ = ["read_files"]
