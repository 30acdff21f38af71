"""The area's routes hang on this blueprint; its tabs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for

from engine.desk import REHEARSAL
from engine.desk.views.around import around
from engine.desk.views.supervised import is_watched, watches
from web.navigation import DESIGNER, SUPERVISION
from web.texts import gettext as _
from web.toolkit import LinkView
from web.visiting import ask, office, visitor

pages = Blueprint("administration", __name__, url_prefix="/admin")


def tabs(current: str) -> tuple[LinkView, ...]:
    """Return the area's tabs that the visitor may open; the clock only in a rehearsal."""
    is_admin = visitor().actor.is_admin
    roles = ask(around).roles
    oversees, designs = SUPERVISION in roles, DESIGNER in roles
    tabs_of = {
        "overview": (_("概况"), is_admin),
        "operations": (_("运行"), is_admin),
        "migration": (_("迁移"), is_admin),
        "moves": (_("跳转"), is_admin),
        "late": (_("督办"), is_admin or oversees),
        "statistics": (_("统计"), is_admin or oversees),
        "deviations": (_("偏差清单"), oversees),
        "below": (_("督办视图"), oversees and ask(watches)),
        "above": (_("上级督办"), (is_admin or oversees) and ask(is_watched)),
        "year": (_("日历"), is_admin),
        "people": (_("人员"), is_admin),
        "deputies": (_("代理"), is_admin),
        "departures": (_("离职转办"), is_admin),
        "seal": (_("印章"), is_admin),
        "notices": (_("消息"), is_admin),
        "settings": (_("设置"), is_admin),
        "retirement": (_("期满移出"), is_admin),
        "procedures": (_("流程"), is_admin or designs),
        "tables": (_("决策试算"), is_admin or designs),
        "records": (_("记录"), is_admin or oversees),
        "clock": (_("演练日期"), is_admin and office().kind == REHEARSAL),
    }
    every = [(name, label) for name, (label, is_open) in tabs_of.items() if is_open]
    return tuple(
        LinkView(label, url_for(f"administration.{name}"), current=name == current)
        for name, label in every
    )


def page(template: str, tab: str, **parts: Any) -> str:
    """Return a page of the area under its tabs."""
    return render_template(f"administration/{template}.html", tabs=tabs(tab), **parts)
