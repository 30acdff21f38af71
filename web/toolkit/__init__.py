"""What the macros of `web/templates/kit` take: views fill these, templates draw them.

Each class is one component. Texts in them are shown as they stand, so they are already in the
reader's language; days are values, and the macros word them (see `web.wording`).
No class asks what day it is: `today` is handed in wherever something depends on it.
"""

from web.toolkit.clocks import (
    MOST_CELLS,
    CellGap,
    CellState,
    ClockView,
    DayCell,
    Unit,
    day_strip,
)
from web.toolkit.marks import (
    FactView,
    Lamp,
    LampFilter,
    LampView,
    LinkView,
    MaskView,
    NoteView,
    PersonView,
    TagView,
    Tone,
)
from web.toolkit.record import (
    ActKind,
    ActView,
    DiagramView,
    DocumentView,
    LawView,
    StageState,
    StageView,
)
from web.toolkit.shell import (
    EmptyView,
    HeaderView,
    MenuItem,
    PagerView,
    ShellView,
)
from web.toolkit.work import (
    ActionBar,
    ActionView,
    CheckState,
    CheckView,
    FieldError,
    FormView,
    MeterView,
)

__all__ = [
    "MOST_CELLS",
    "ActKind",
    "ActView",
    "ActionBar",
    "ActionView",
    "CellGap",
    "CellState",
    "CheckState",
    "CheckView",
    "ClockView",
    "DayCell",
    "DiagramView",
    "DocumentView",
    "EmptyView",
    "FactView",
    "FieldError",
    "FormView",
    "HeaderView",
    "Lamp",
    "LampFilter",
    "LampView",
    "LawView",
    "LinkView",
    "MaskView",
    "MenuItem",
    "MeterView",
    "NoteView",
    "PagerView",
    "PersonView",
    "ShellView",
    "StageState",
    "StageView",
    "TagView",
    "Tone",
    "Unit",
    "day_strip",
]
