"""To whom work may go besides those whose role it is: by default to nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from engine.model.identifiers import RoleKey

NONE: Mapping[RoleKey, frozenset[RoleKey]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class HandingRules:
    """What a procedure allows when work passes from hand to hand.

    Attributes:
        transfer: For a step's role the other roles whose holders may take it over,
            by transfer, delegation or as a deputy.
        signers: For a step's role the other roles whose holders may be asked to sign.

    Source: operations.md (转办, 委派, 代理, 加签); SUP-002; proposed.
    """

    transfer: Mapping[RoleKey, frozenset[RoleKey]] = field(default_factory=lambda: NONE)
    signers: Mapping[RoleKey, frozenset[RoleKey]] = field(default_factory=lambda: NONE)

    def may_take_over(
        self, roles: Iterable[str], held: Iterable[str], *, is_mandatory: bool
    ) -> bool:
        """Return whether who holds `held` may take over a step of one of `roles`.

        The step's own role is not looked at here. A mandatory step never goes to
        somebody outside its role.
        """
        return not is_mandatory and _allows(self.transfer, roles, held)

    def may_sign(self, roles: Iterable[str], held: Iterable[str]) -> bool:
        """Return whether who holds `held` may be asked to sign a step of one of `roles`."""
        return _allows(self.signers, roles, held)


def _allows(
    rule: Mapping[RoleKey, frozenset[RoleKey]], roles: Iterable[str], held: Iterable[str]
) -> bool:
    allowed = {one for role in roles for one in rule.get(RoleKey(role), frozenset())}
    return not allowed.isdisjoint(RoleKey(one) for one in held)


NO_HANDING = HandingRules()
"""Where a procedure says nothing: work stays within its role."""
