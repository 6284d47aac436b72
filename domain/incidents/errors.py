"""Refusals of incidents. What a refusal is stands in ``domain.errors``."""

from domain.errors import DomainError


class CityNotTold(DomainError):
    """The city has not heard of it, and has to before it is over."""

    title = "市へ報告していないため、終えられません"


class HandOverMissing(DomainError):
    """What it is about is the city's to deal with, and nothing was handed over."""

    title = "市へ引き継いでいないため、終えられません"


class WrittenReportMissing(DomainError):
    """The contract wants a serious matter in writing, with what prevents the next one."""

    title = "書面の報告と再発防止策がないため、終えられません"


class OutOfService(DomainError):
    """Nothing is in service where somebody was to be received."""

    title = "いま使えるブースがありません"
