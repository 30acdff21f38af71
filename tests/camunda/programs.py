"""A program that asks the interface, and the diagrams that it deploys."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="defs" '
    'targetNamespace="http://bpmn.io/schema/bpmn" exporter="Camunda Modeler" '
    'exporterVersion="5.30.0" modeler:executionPlatform="Camunda Platform" '
    'modeler:executionPlatformVersion="7.21.0">\n'
)


def service(name: str = "Process_Sync", *, topic: str = "sync", more: str = "") -> bytes:
    """Return a diagram with one external task and a boundary error, as the Modeler writes it."""
    return (
        HEAD
        + f"""  <bpmn:error id="Error_1" name="refused" errorCode="REFUSED" />
  <bpmn:process id="{name}" name="同步登记" isExecutable="true" camunda:historyTimeToLive="180">
    <bpmn:startEvent id="StartEvent_1"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="StartEvent_1" targetRef="Activity_Sync" />
    <bpmn:serviceTask id="Activity_Sync" name="同步" camunda:type="external" \
camunda:topic="{topic}" camunda:taskPriority="7">
      <bpmn:extensionElements>
        <camunda:properties><camunda:property name="target" value="register" /></camunda:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>
    </bpmn:serviceTask>
    <bpmn:boundaryEvent id="Event_Refused" attachedToRef="Activity_Sync">
      <bpmn:outgoing>f3</bpmn:outgoing>
      <bpmn:errorEventDefinition id="eed" errorRef="Error_1" />
    </bpmn:boundaryEvent>
    <bpmn:sequenceFlow id="f2" sourceRef="Activity_Sync" targetRef="Activity_Check" />
    <bpmn:serviceTask id="Activity_Check" name="核对" camunda:type="external" camunda:topic="check">
      <bpmn:incoming>f2</bpmn:incoming><bpmn:outgoing>f4</bpmn:outgoing>
    </bpmn:serviceTask>
    <bpmn:sequenceFlow id="f3" sourceRef="Event_Refused" targetRef="End_Refused" />
    <bpmn:sequenceFlow id="f4" sourceRef="Activity_Check" targetRef="End_Done" />
    <bpmn:endEvent id="End_Done"><bpmn:incoming>f4</bpmn:incoming></bpmn:endEvent>
    <bpmn:endEvent id="End_Refused"><bpmn:incoming>f3</bpmn:incoming></bpmn:endEvent>
{more}  </bpmn:process>
</bpmn:definitions>
"""
    ).encode()


def waiting(name: str = "Process_Wait") -> bytes:
    """Return a diagram that waits for a message, then for a person."""
    return (
        HEAD
        + f"""  <bpmn:message id="Message_1" name="receipt" />
  <bpmn:process id="{name}" name="等待回执" isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="wait" />
    <bpmn:intermediateCatchEvent id="wait" name="回执">
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>
      <bpmn:messageEventDefinition id="med" messageRef="Message_1" />
    </bpmn:intermediateCatchEvent>
    <bpmn:sequenceFlow id="f2" sourceRef="wait" targetRef="look" />
    <bpmn:userTask id="look" name="查看回执" camunda:candidateGroups="verifier">
      <bpmn:incoming>f2</bpmn:incoming><bpmn:outgoing>f3</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="f3" sourceRef="look" targetRef="end" />
    <bpmn:endEvent id="end"><bpmn:incoming>f3</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
</bpmn:definitions>
"""
    ).encode()


@dataclass
class Program:
    """A program with a token."""

    client: FlaskClient
    token: str
    language: str = "en"
    sent: list[str] = field(default_factory=list)

    def ask(self, method: str, path: str, **more: Any) -> TestResponse:
        """Send a request as this program."""
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Accept": "application/json",
            "Accept-Language": self.language,
            **more.pop("headers", {}),
        }
        self.sent.append(f"{method} {path}")
        return self.client.open(f"/engine-rest{path}", method=method, headers=headers, **more)

    def get(self, path: str, **query: Any) -> Any:
        """Return what a query gives; it must succeed."""
        found = self.ask("GET", path, query_string=query)
        assert found.status_code == 200, found.text
        return found.json

    def post(self, path: str, body: Any = None, status: int = 204) -> Any:
        """Return the answer to a request; `status` is what is expected."""
        found = self.ask("POST", path, json=body)
        assert found.status_code == status, found.text
        return found.json if found.data else None

    def deploy(
        self, content: bytes, name: str = "sync.bpmn", *, title: str = "sync", status: int = 200
    ) -> Any:
        """Deploy one diagram as the Modeler does."""
        found = self.ask(
            "POST",
            "/deployment/create",
            data={
                "deployment-name": title,
                "deployment-source": "Camunda Modeler",
                "enable-duplicate-filtering": "true",
                name: (io.BytesIO(content), name, "text/xml"),
            },
            content_type="multipart/form-data",
        )
        assert found.status_code == status, found.text
        return found.json

    def start(self, content: bytes | None = None, **variables: Any) -> str:
        """Deploy a diagram and begin an instance; return its id."""
        made = self.deploy(content or service())
        [definition] = made["deployedProcessDefinitions"]
        values = {name: {"value": value} for name, value in variables.items()}
        began = self.post(f"/process-definition/{definition}/start", {"variables": values}, 200)
        found: str = began["id"]
        return found

    def fetch(self, topic: str = "sync", worker: str = "w1", **more: Any) -> list[dict[str, Any]]:
        """Fetch tasks of one topic."""
        wish = {"topicName": topic, "lockDuration": 60_000, **more}
        body = {"workerId": worker, "maxTasks": 10, "topics": [wish]}
        found: list[dict[str, Any]] = self.post("/external-task/fetchAndLock", body, 200)
        return found
