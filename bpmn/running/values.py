"""The variables of one scope, each decoded when it is first read."""

from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

from bpmn.running.encoding import TAG, decode, encode


class Values(MutableMapping[str, object]):
    """Variables by name.

    A value that nobody reads in a step is never taken apart, so that a step's cost does not
    grow with the size of variables that it has nothing to do with. Values are not changed in
    place: who wants another value writes it.
    """

    __slots__ = ("_encoded", "_known")

    def __init__(self, encoded: Mapping[str, Any] | None = None) -> None:
        given = encoded or {}
        # A variable called `$` makes the whole a list of pairs; see `bpmn.running.encoding`.
        self._encoded: dict[str, Any] = dict(given["v"] if TAG in given else given)
        self._known: dict[str, object] = dict.fromkeys(self._encoded, self)

    def __getitem__(self, name: str) -> object:
        value = self._known[name]
        if value is self:
            value = self._known[name] = decode(self._encoded[name])
        return value

    def __setitem__(self, name: str, value: object) -> None:
        self._known[name] = value
        self._encoded.pop(name, None)

    def __delitem__(self, name: str) -> None:
        del self._known[name]
        self._encoded.pop(name, None)

    def __contains__(self, name: object) -> bool:
        return name in self._known

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def __repr__(self) -> str:
        return repr(dict(self))

    def frozen(self) -> Mapping[str, object]:
        """Return the variables as they are now."""
        copy = Values()
        copy._encoded = dict(self._encoded)
        copy._known = {name: copy if v is self else v for name, v in self._known.items()}
        return copy

    def encoded(self) -> dict[str, Any]:
        """Return every value as the state keeps it.

        Raises:
            ValueError: One cannot be kept.
        """
        for name, value in self._known.items():
            if name not in self._encoded:
                self._encoded[encode(name)] = encode(value, 1)
        found = {name: self._encoded[name] for name in self._known}
        return {TAG: "map", "v": [list(pair) for pair in found.items()]} if TAG in found else found
