"""Playing files headless: an in-memory case that does its own work, post and waiting."""

from bpmn.playing.outcome import Happened, Outcome, Played
from bpmn.playing.player import Answer, play
from bpmn.playing.stubbing import Supplied, stub

__all__ = ["Answer", "Happened", "Outcome", "Played", "Supplied", "play", "stub"]
