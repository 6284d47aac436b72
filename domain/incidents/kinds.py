"""The words of incidents: what kinds there are, how far each comes, what can be done.

Belongs here: words, and which stages a kind goes through. Does not belong here: what a step
does (``domain.incidents.incident``), what its doer is asked (``domain.incidents.forms``),
until when it is due (the contract).
"""

from collections.abc import Mapping
from enum import StrEnum


class IncidentKind(StrEnum):
    """What has happened, or has to be done because something happened."""

    FAULT = "fault"
    COMPLAINT = "complaint"
    TROUBLE = "trouble"
    ERROR = "error"
    """Work was done wrongly (過誤事象)."""

    VACANCY = "vacancy"
    CONSULTATION = "consultation"
    CHANGE_NOTICE = "change_notice"
    QUESTION = "question"
    """Something only the city can answer, and that everybody is to know from then on."""


KIND_TEXT: Mapping[IncidentKind, str] = {
    IncidentKind.FAULT: "機器・ブースの故障",
    IncidentKind.COMPLAINT: "苦情",
    IncidentKind.TROUBLE: "トラブル",
    IncidentKind.ERROR: "過誤",
    IncidentKind.VACANCY: "欠員",
    IncidentKind.CONSULTATION: "市との協議",
    IncidentKind.CHANGE_NOTICE: "制度・取扱いの変更",
    IncidentKind.QUESTION: "市への質問",
}

FOR_THE_CITY = frozenset({IncidentKind.COMPLAINT, IncidentKind.TROUBLE, IncidentKind.ERROR})
"""What the city has to hear of before it is over."""

MAY_BE_SERIOUS = FOR_THE_CITY | {IncidentKind.FAULT}


class Stage(StrEnum):
    """How far an incident has come."""

    FAULTY = "faulty"
    OUT_OF_SERVICE = "out_of_service"
    SUBSTITUTED = "substituted"
    BACK_IN_SERVICE = "back_in_service"
    NOT_REPORTED = "not_reported"
    REPORTED = "reported"
    SETTLED = "settled"
    VACANT = "vacant"
    FILLED = "filled"
    TO_CONSULT = "to_consult"
    CONSULTED = "consulted"
    TO_REVISE = "to_revise"
    REVISED = "revised"
    ASKED = "asked"
    CITY_ANSWERED = "city_answered"
    IN_FAQ = "in_faq"
    WITHDRAWN = "withdrawn"


STAGE_TEXT: Mapping[Stage, str] = {
    Stage.FAULTY: "故障の報告",
    Stage.OUT_OF_SERVICE: "使用中止",
    Stage.SUBSTITUTED: "代わりの機器で運用",
    Stage.BACK_IN_SERVICE: "復旧",
    Stage.NOT_REPORTED: "市へ未報告",
    Stage.REPORTED: "市へ報告済み",
    Stage.SETTLED: "対応済み",
    Stage.VACANT: "欠員",
    Stage.FILLED: "補充済み",
    Stage.TO_CONSULT: "協議待ち",
    Stage.CONSULTED: "協議済み",
    Stage.TO_REVISE: "改訂待ち",
    Stage.REVISED: "改訂済み",
    Stage.ASKED: "市の回答待ち",
    Stage.CITY_ANSWERED: "FAQへの反映待ち",
    Stage.IN_FAQ: "FAQに反映済み",
    Stage.WITHDRAWN: "取りやめ",
}

_REPORTED_WAY = (Stage.NOT_REPORTED, Stage.REPORTED, Stage.SETTLED)

WAYS: Mapping[IncidentKind, tuple[Stage, ...]] = {
    IncidentKind.FAULT: (
        Stage.FAULTY,
        Stage.OUT_OF_SERVICE,
        Stage.SUBSTITUTED,
        Stage.BACK_IN_SERVICE,
    ),
    IncidentKind.COMPLAINT: _REPORTED_WAY,
    IncidentKind.TROUBLE: _REPORTED_WAY,
    IncidentKind.ERROR: _REPORTED_WAY,
    IncidentKind.VACANCY: (Stage.VACANT, Stage.FILLED),
    IncidentKind.CONSULTATION: (Stage.TO_CONSULT, Stage.CONSULTED),
    IncidentKind.CHANGE_NOTICE: (Stage.TO_REVISE, Stage.REVISED),
    IncidentKind.QUESTION: (Stage.ASKED, Stage.CITY_ANSWERED, Stage.IN_FAQ),
}
"""The stages of each kind in their order; the first is where it begins."""

ENDED = frozenset({way[-1] for way in WAYS.values()} | {Stage.WITHDRAWN})
"""Where nothing is left to be done."""


class Step(StrEnum):
    """What can be done; the words are those of ``parties.Action``."""

    TAKE_OUT_OF_SERVICE = "take_out_of_service"
    ASSIGN_SUBSTITUTE = "assign_substitute"
    RETURN_TO_SERVICE = "return_to_service"
    REPORT_TO_CITY = "report_to_city"
    SUBMIT_WRITTEN_REPORT = "submit_written_report"
    SETTLE_INCIDENT = "settle_incident"
    MARK_SERIOUS = "mark_serious"
    FILL_VACANCY = "fill_vacancy"
    RECORD_CONSULTATION = "record_consultation"
    LINK_REVISION = "link_revision"
    ANSWER_QUESTION = "answer_question"
    ADOPT_ANSWER = "adopt_answer"
    KEEP_ANSWER = "keep_answer"
    WITHDRAW_INCIDENT = "withdraw_incident"


class Means(StrEnum):
    """How the city was told."""

    PHONE = "phone"
    MAIL = "mail"
    MEETING = "meeting"
    PAPER = "paper"


MEANS_TEXT: Mapping[Means, str] = {
    Means.PHONE: "電話",
    Means.MAIL: "メール",
    Means.MEETING: "対面",
    Means.PAPER: "書面",
}


class Outcome(StrEnum):
    """How a complaint or a trouble ended."""

    SOLVED = "solved"
    EXPLAINED = "explained"
    LEFT_TO_CITY = "left_to_city"
    UNFOUNDED = "unfounded"
    DUPLICATE = "duplicate"


OUTCOME_TEXT: Mapping[Outcome, str] = {
    Outcome.SOLVED: "解決した",
    Outcome.EXPLAINED: "説明して了承を得た",
    Outcome.LEFT_TO_CITY: "市が対応する",
    Outcome.UNFOUNDED: "事実が確認できなかった",
    Outcome.DUPLICATE: "別の事案と重複していた",
}
