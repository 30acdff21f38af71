"""The topics that the engine carries out itself; others wait for an outside worker."""

from __future__ import annotations

from engine.desk.linking import AWAIT
from engine.desk.topics.children import await_children, open_children
from engine.desk.topics.copying import copy
from engine.desk.topics.effects import read_effects
from engine.desk.topics.notify import notify
from engine.desk.topics.sanctions import (
    count_earlier_sanctions,
    lift_sanctions,
    record_sanctions,
    supersede_decision,
)
from engine.desk.topics.topic import Topic

TOPICS: dict[str, Topic] = {
    AWAIT: await_children,
    "wenze.copy": copy,
    "wenze.count-earlier-sanctions": count_earlier_sanctions,
    "wenze.lift-sanctions": lift_sanctions,
    "wenze.notify": notify,
    "wenze.open-case": open_children,
    "wenze.read-effects": read_effects,
    "wenze.record-sanctions": record_sanctions,
    "wenze.supersede-decision": supersede_decision,
}
"""By the value of `camunda:topic`."""

__all__ = ["TOPICS", "Topic"]
