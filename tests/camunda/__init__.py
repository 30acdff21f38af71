"""Camunda 7's interface: its Modeler and its workers, as they are published."""
