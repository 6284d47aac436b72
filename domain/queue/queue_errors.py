"""Refusals at the waiting line. What a refusal is stands in ``domain.errors``."""

from domain.errors import DomainError


class NoLineHere(DomainError):
    """The contract has no line of this name, or none at this place today."""

    title = "この場所に、この名前の列はありません"


class DeskUnknown(DomainError):
    """The contract has no such desk."""

    title = "この名前の窓口はありません"


class DeskBusy(DomainError):
    """The desk has somebody called or served."""

    title = "この窓口は、まだ対応中です"


class NobodyWaits(DomainError):
    """No number waits in the lines of the desk."""

    title = "呼び出す番号がありません"


class NumberTaken(DomainError):
    """The number of the machine was entered before today."""

    title = "この番号は、今日すでに受け付けています"


class NumberNeeded(DomainError):
    """The line's numbers come from a machine, or must not."""

    title = "番号の指定が、この列の決まりと合いません"


class CalledTooFew(DomainError):
    """Nobody is absent before they were called as often as the contract has it."""

    title = "不在とするには、呼出しの回数が足りません"


class ResidentsFirst(DomainError):
    """Whoever lives elsewhere does not pass residents who wait."""

    title = "市に住民登録のある方より先にすることはできません"
