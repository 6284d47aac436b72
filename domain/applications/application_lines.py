"""The ways to apply that a contract offers, and whose each of them is.

Belongs here: one row of a contract's ``[[applications]]`` and the choice among them. Does not
belong here: reading the file (``contracts``), the case (``application``).

Sources: Ageo §5(1)③(ア), §5(2)②(イ); Urasoe §8(2)イウ; Ota §6(1)②; Chiba 第2-1(2)イ;
Yokosuka §7 セ.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.applications.application_errors import ApplicationNotHere
from domain.applications.application_parts import (
    LAST_STEPS,
    ON_PAPER,
    VARIANT_TEXT,
    AppliedFor,
    StepKind,
    Variant,
)
from domain.parties import Party, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationLine:
    """One way to apply."""

    variant: Variant
    party: Party
    procedure: str
    """Code of the contract's catalogue under which its visitors are received."""

    label: str = ""
    """What the specification calls it; empty: what everybody does."""

    applied_for: tuple[AppliedFor, ...] = tuple(AppliedFor)
    steps: tuple[StepKind, ...]
    keeps_form_id: bool = False
    """Whether the number of the form may be kept; it is checked in any case."""

    except_roles: tuple[Role, ...] = ()
    """Who may only tell people about it, though they work at the window."""

    clause: str = ""

    def __post_init__(self) -> None:
        if not self.steps or self.steps[-1] not in LAST_STEPS:
            raise ValueError(f"{self.variant}: the last step ends the part at the window")
        if set(self.steps[:-1]) & LAST_STEPS or len(set(self.steps)) < len(self.steps):
            raise ValueError(f"{self.variant}: each step once, and one end")
        way = tuple(step for step in self.steps if step in ON_PAPER)
        if way != ON_PAPER[: len(way)]:
            raise ValueError(f"{self.variant}: a photo is taken, printed and then pasted")

    @property
    def words(self) -> str:
        """What it is called."""
        return self.label or VARIANT_TEXT[self.variant]

    def open_to(self, role: Role) -> bool:
        """Say whether a role may open one: of the right party, and not left out."""
        return role.party is self.party and role not in self.except_roles


def line_for(
    lines: Iterable[ApplicationLine], variant: Variant, applied_for: AppliedFor
) -> ApplicationLine:
    """Return the row for a way to apply.

    Raises:
        ApplicationNotHere: The contract has none, or not for this.
    """
    for line in lines:
        if line.variant is variant and applied_for in line.applied_for:
            return line
    raise ApplicationNotHere(f"この契約では、{VARIANT_TEXT[variant]}を受け付けていません。")
