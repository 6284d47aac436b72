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


class MissingGlyph(DomainError):
    """A text holds characters that no installed font can draw; the message has their codes."""

    title = "印字できない文字があります"


class SecretOnPaper(DomainError):
    """A text for paper shows a 12-digit number or gives a PIN a place to be written."""

    title = "紙に載せられない番号が含まれています"


class TooLongForForm(DomainError):
    """A text does not fit its place on the form, even in the smallest size allowed."""

    title = "様式に収まりません"


def refusals() -> dict[str, type[DomainError]]:
    """Return every refusal by its wire name, in a stable order."""
    found: dict[str, type[DomainError]] = {}
    waiting = list(DomainError.__subclasses__())
    while waiting:
        refusal = waiting.pop()
        found[refusal.__name__] = refusal
        waiting.extend(refusal.__subclasses__())
    return dict(sorted(found.items()))
