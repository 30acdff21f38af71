"""Camunda 7's interface under ``/engine-rest``, as far as its Modeler and workers use it."""

from web.camunda import (
    around,
    definitions,
    deployments,
    external,
    history,
    instances,
    jobs,
    messages,
    tasks,
)
from web.camunda.area import pages
from web.camunda.around import beside

__all__ = [
    "around",
    "beside",
    "definitions",
    "deployments",
    "external",
    "history",
    "instances",
    "jobs",
    "messages",
    "pages",
    "tasks",
]
