"""The topics that the engine carries out itself; others wait for an outside worker."""

from __future__ import annotations

from engine.desk.topics.notify import notify
from engine.desk.topics.topic import Topic

TOPICS: dict[str, Topic] = {
    "wenze.notify": notify,
}
"""By the value of `camunda:topic`."""

__all__ = ["TOPICS", "Topic"]
