"""The bpmn package."""
