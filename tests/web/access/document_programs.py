"""`docs/access-matrix-programs.md`: `python -m tests.web.access.document_programs`."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from tests.web.access.people import RELATIONS, ROLES
from tests.web.access.programs import WORKER, Called, called

PATH = Path(__file__).parents[3] / "docs" / "access-matrix-programs.md"
HEAD = """# Access matrix of the interfaces for programs
Who is let in where by `/api/v1` and `/engine-rest`, with a token that has every scope. An operation
of `/api/v1` lets in whom the pages that do the same let in ([access matrix](access-matrix.md);
`tests/api/everything.toml` names them); where it does not, it stands in the second table with the
reason (`tests/web/access/programs.toml`). Every cell is asked for by a call with that token
(`tests/web/access/test_programs.py`). Written by `python -m tests.web.access.document_programs`.

An operation that names nothing of a case is asked about by the relation to its authority alone
(*none*, *other*, *superior*). *external_worker* serves cases in which a step waits for a program.

## As on the pages
{same}

## With cells of their own
| operations | {relations} |
|---|{rules}
"""
OFFICERS = frozenset(ROLES) - {
    "employee",
    "personnel_officer",
    "process_designer",
    "platform_admin",
}


def document() -> str:
    """Return the documentation's text."""
    every = called()
    same = "\n".join(f"* `{one.name}`" for one in every if not one.is_own)
    head = HEAD.format(same=same, relations=" | ".join(RELATIONS), rules="---|" * len(RELATIONS))
    rows = []
    own = sorted((one for one in every if one.is_own), key=_group)
    for _key, group in groupby(own, key=_group):
        of_it = list(group)
        names = "<br>".join(f"`{one.name}`" for one in of_it)
        cells = " | ".join(_cell(of_it[0], relation) for relation in RELATIONS)
        rows.append(f"| {names}<br>{of_it[0].why} | {cells} |")
    return head + "\n".join(rows) + "\n"


def _group(one: Called) -> tuple[str, str]:
    return one.why, repr([sorted(one.roles[each]) for each in RELATIONS])


def _cell(one: Called, relation: str) -> str:
    if relation not in one.relations:
        return ""
    roles = one.roles[relation]
    if roles >= frozenset(ROLES):
        return "everybody"
    named = [role for role in (*ROLES, WORKER) if role in roles]
    if roles >= OFFICERS:
        named = ["**officers**", *(role for role in named if role not in OFFICERS)]
    return ", ".join(named) or "–"


if __name__ == "__main__":
    PATH.write_text(document(), "utf-8")
