"""What programs that speak Camunda's interface leave: locks on external tasks, deployments."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Id, Key, Line, Prose, Record, new_id


class ExternalTask(Record):
    """What a worker is to do: one row beside each work item of kind ``external``.

    A lock is a lease of a machine and no act in a case: it is not put on the record.

    Attributes:
        worker: Who fetched it last; empty for nobody.
        locked_until: Until when nobody else may have it; also set by a failure that is to be
            tried again later.
        retries: How often it may still be tried; None before anything failed.
    """

    __tablename__ = "external_task"
    __table_args__ = (Index("ix_external_task_topic", "authority_id", "topic", "is_over"),)

    work_item_id: Mapped[Id] = mapped_column(ForeignKey("work_item.id"), primary_key=True)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    topic: Mapped[Key]
    priority: Mapped[int] = mapped_column(default=0)
    worker: Mapped[Line] = mapped_column(default="")
    locked_until: Mapped[datetime | None] = mapped_column(default=None)
    retries: Mapped[int | None] = mapped_column(default=None)
    error_message: Mapped[Prose] = mapped_column(default="")
    error_details: Mapped[Prose] = mapped_column(default="")
    incident_id: Mapped[Id | None] = mapped_column(default=None)
    is_over: Mapped[bool] = mapped_column(default=False)


class CamundaDeployment(Record):
    """Files that a modeller on somebody's desktop sent at once.

    Attributes:
        digest: SHA-256 over names and bytes; the same files again are the same deployment.
        resources: The SHA-256 of each file by its name; the bytes are in `procedure_file`.
    """

    __tablename__ = "camunda_deployment"
    __table_args__ = (Index("ix_camunda_deployment", "authority_id", "name", "deployed_at"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id] = mapped_column(ForeignKey("authority.id"))
    name: Mapped[Line]
    source: Mapped[Line] = mapped_column(default="")
    digest: Mapped[Key]
    resources: Mapped[dict[str, object]]
    deployed_by: Mapped[Id]
    deployed_at: Mapped[datetime]


class CamundaDefinition(Record):
    """A process of a deployment: the version for rehearsal that was made of it.

    Attributes:
        key: The id of the process as it was drawn; the procedure's is made of it.
        version_id: State ``trial``, numbered from 0 downwards, so that it takes no number
            from versions that are published.
        draft_id: The draft that holds the same files, for a second person's approval.
    """

    __tablename__ = "camunda_definition"
    __table_args__ = (Index("ix_camunda_definition", "authority_id", "key"),)

    version_id: Mapped[Id] = mapped_column(ForeignKey("procedure_version.id"), primary_key=True)
    authority_id: Mapped[Id] = mapped_column(ForeignKey("authority.id"))
    deployment_id: Mapped[Id] = mapped_column(ForeignKey("camunda_deployment.id"))
    draft_id: Mapped[Id | None] = mapped_column(default=None)
    key: Mapped[Key]
    name: Mapped[Line] = mapped_column(default="")
    resource: Mapped[Line] = mapped_column(default="")
