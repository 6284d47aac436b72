"""Refusals of procedures at a window. What a refusal is stands in ``domain.errors``."""

from domain.errors import DomainError


class ProcedureNotHere(DomainError):
    """The contract plans no steps for this, or not for whoever came."""

    title = "この窓口では行わない手続です"


class ProceduresOpen(DomainError):
    """The visit has a procedure that is neither done nor given up."""

    title = "終わっていない手続があるため、閉じられません"


class NotOffered(DomainError):
    """It was agreed with the city that this is not done, or not any more; says since when."""

    title = "いまは扱っていません"


class ConsentMissing(DomainError):
    """The applicant has not agreed to what the contract asks, in the version of today."""

    title = "同意が確認されていません"


class ConsentByProxy(DomainError):
    """Somebody else answers for the applicant."""

    title = "同意は申請者本人に確認します"


class PartyUndecided(DomainError):
    """The contract leaves the step to either party, and nobody has said which does it."""

    title = "委託先と市のどちらが行うかが決まっていません"


class CheckedBySelf(DomainError):
    """Who did a part of a procedure cannot be the one who checks it."""

    title = "手続を行った本人は照合できません"


class CheckedByOther(DomainError):
    """Another official has checked it already."""

    title = "すでに別の職員が照合しています"


class DocumentsNotEnough(DomainError):
    """What was shown does not suffice; the message says what is needed."""

    title = "持参書類が足りません"
