"""Playing files headless: an in-memory case that does its own work, post and waiting."""

from bpmn.playing.player import Answer, Happened, Outcome, Played, play
from bpmn.playing.stubbing import Supplied, stub

__all__ = ["Answer", "Happened", "Outcome", "Played", "Supplied", "play", "stub"]
