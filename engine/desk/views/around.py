"""What stands around every page of somebody's: the posts held, how much waits, what is unread."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.standing import principals_on
from engine.desk.views.inbox import barred_cases
from engine.store.prepared import Prepared
from engine.store.queries.waiting import waiting_for
from engine.store.tables import AuthorityRow, Notice, PersonRow
from engine.store.waiting import asked

_FRAME = Prepared(
    sa.select(
        PersonRow.title,
        sa.select(AuthorityRow.name)
        .where(AuthorityRow.id == sa.bindparam("authority"))
        .scalar_subquery(),
        sa.select(sa.func.count())
        .select_from(Notice)
        .where(Notice.person_id == sa.bindparam("person"), Notice.read_at.is_(None))
        .scalar_subquery(),
    ).where(PersonRow.id == sa.bindparam("person"))
)


@dataclass(frozen=True, slots=True)
class Around:
    """Who is here, for the frame of a page.

    Attributes:
        authority: The name of the authority.
        post: The title of the post held longest, or the person's own; empty for who holds none.
        has_post: Whether any post is held today; who holds none is a subject, a
            reporter or only an administrator.
        waiting: Work items that wait for the person and the person's groups.
        unread: Notices not read yet.
        roles: Of the posts held today.
    """

    authority: str
    post: str
    has_post: bool
    waiting: int
    unread: int
    roles: frozenset[str]


def around(desk: Desk) -> Around:
    """Return what stands around the actor's pages."""
    principals, posts = principals_on(desk.session, desk.actor.person_id, desk.today())
    held = [post for post in posts if post.authority_id == desk.actor.authority_id]
    known = {"person": desk.actor.person_id, "authority": desk.actor.authority_id}
    ((title, authority, unread),) = asked(
        desk.session, _FRAME, known, PersonRow, AuthorityRow, Notice
    )
    first = min(held, key=lambda post: (post.valid_from, post.id), default=None)
    return Around(
        authority=authority or "",
        post=first.title or title if first is not None else "",
        has_post=bool(held),
        waiting=waiting_for(desk.session, principals, barred_cases=barred_cases(desk)),
        unread=unread,
        roles=frozenset(post.role for post in held),
    )
