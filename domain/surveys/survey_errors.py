"""Refusals of questionnaires. What a refusal is stands in ``domain.errors``."""

from domain.errors import DomainError


class NoSurveyHere(DomainError):
    """The contract asks nobody anything."""

    title = "アンケートを行わない契約です"


class SurveyRefused(DomainError):
    """What was sent is no answer to the questions in force."""

    title = "回答を受け付けられません"


class NotADayOfSurvey(DomainError):
    """The place has no such day, or it has not come."""

    title = "この日のアンケートは受け付けていません"


class SurveyLinkUnknown(DomainError):
    """The link of a tablet is none of ours, or of another day."""

    title = "このリンクは使えません"
