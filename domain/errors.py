"""Refusals: the ways a rule can say no.

The class name is the wire name: Temporal carries it as the failure ``type``, HTTP as the
problem ``code``. Renaming a class is a protocol change. A lost database or a bug is not a
refusal and has no place here.
"""

from typing import ClassVar


class DomainError(Exception):
    """A rule was applied correctly and refused the request.

    The message is a short Japanese sentence that names the thing, never the person, and
    never repeats the input.
    """

    title: ClassVar[str] = "受け付けられません"
    """What a person reads first; each refusal has its own."""


def refusals() -> dict[str, type[DomainError]]:
    """Return every refusal by its wire name, in a stable order."""
    found: dict[str, type[DomainError]] = {}
    waiting = list(DomainError.__subclasses__())
    while waiting:
        refusal = waiting.pop()
        found[refusal.__name__] = refusal
        waiting.extend(refusal.__subclasses__())
    return dict(sorted(found.items()))
