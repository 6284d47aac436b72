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


class CalendarNotKnown(DomainError):
    """A day was asked for which the calendar has no data."""

    title = "この日の開庁日は分かりません"


class UnknownCalendar(DomainError):
    """The contract names no such calendar."""

    title = "この名前の暦はありません"


class UnknownDueRule(DomainError):
    """The contract names no such due rule."""

    title = "この名前の期限はありません"


class UnknownContract(DomainError):
    """No contract file carries this name."""

    title = "この契約はありません"


class OutsideTerm(DomainError):
    """New work was asked for on a day outside the contract's term."""

    title = "契約期間の外です"


class ContractDateMissing(DomainError):
    """The term begins on the contract date, and nobody has entered it."""

    title = "契約日が入力されていません"


class ContractFileRefused(DomainError):
    """A contract file is wrong; the message names each line, field and remedy."""

    title = "契約ファイルに誤りがあります"


class ReasonMissing(DomainError):
    """An act that is kept with its reason came without one."""

    title = "理由が必要です"


class DeadlineSuspended(DomainError):
    """The clock stands still already."""

    title = "期限はすでに中断しています"


class DeadlineNotSuspended(DomainError):
    """There is nothing to resume."""

    title = "期限は中断していません"


class DeadlinePassed(DomainError):
    """The due moment is over; stopping the clock now would hide the breach."""

    title = "期限をすでに過ぎています"


class ExtensionNotLater(DomainError):
    """An extension that is no later than what is due now."""

    title = "延長後の期限が今の期限より後ではありません"


def refusals() -> dict[str, type[DomainError]]:
    """Return every refusal by its wire name, in a stable order."""
    found: dict[str, type[DomainError]] = {}
    waiting = list(DomainError.__subclasses__())
    while waiting:
        refusal = waiting.pop()
        found[refusal.__name__] = refusal
        waiting.extend(refusal.__subclasses__())
    return dict(sorted(found.items()))
