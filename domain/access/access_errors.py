"""Refusals of whoever may not be in, and of what may not be disposed of."""

from domain.errors import DomainError


class NetworkNotRegistered(DomainError):
    """Somebody whose work is bound to a place asks from a network that is not of it."""

    title = "登録されていない回線からは使えません"


class TermOver(DomainError):
    """The contract's term is over, and with it what the provider's people could see."""

    title = "契約期間が終わったため使えません"


class InUseElsewhere(DomainError):
    """The account is in use on another device: one person is at one place."""

    title = "この利用者は、ほかの端末でログイン中です"


class NetworkTaken(DomainError):
    """The network is registered for this place already."""

    title = "この回線は登録済みです"


class CoreIdTaken(DomainError):
    """Somebody holds this ID of a system and has not given it back."""

    title = "このIDは、いま別の人が使っています"


class RetentionUnset(DomainError):
    """The contract does not say how long anything is kept: nothing is disposed of."""

    title = "保存期間が定まっていないため廃棄できません"


class NothingDue(DomainError):
    """There is nothing whose retention is over."""

    title = "保存期間が過ぎた案件はありません"


class UnderLegalHold(DomainError):
    """The case has to be kept, whatever its retention says."""

    title = "保全中の案件のため廃棄できません"


class AlreadyHeld(DomainError):
    """The case is kept already."""

    title = "この案件は保全中です"
