"""A question that somebody asked, and what became of it.

    OPEN ─▶ ANSWERED | REFERRED | TRANSFERRED
      └───▶ CALL_BACK ─▶ ANSWERED | REFERRED | TRANSFERRED

Guidance and short answers at a desk are the same case, dealt with at the moment it begins.

Belongs here: categories, ways of ending. Does not belong here: what was asked and answered;
both are sealed with the lines of the record. Sources: Chiba specification 第2-1(1)ウ,
第2-1(2)イ; Ageo §5(2), §5(3)③; Urasoe §8(2)ウ; Ota §6(1)①, §6(3)③.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.errors import FieldMissing, WrongStage
from domain.parties import Role, Standing
from domain.procedures.procedure_parts import Group


class Category(StrEnum):
    """What it is about; one table for all contracts."""

    WORK = "work"
    VENUE = "venue"
    CARD_SIMPLE = "card_simple"
    SYSTEM = "system"
    NOTIFICATION_CARD = "notification_card"
    CERTIFICATE_AND_PIN = "certificate_and_pin"
    DOCUMENTS = "documents"
    PORTAL = "portal"
    CARD_USE = "card_use"
    APPLICATION = "application"
    SMARTPHONE = "smartphone"
    ONLINE_WINDOW = "online_window"
    CITY_WINDOW = "city_window"
    """What is done at the city's own window: whoever asks is sent there."""
    OTHER = "other"


CATEGORY_TEXT: Mapping[Category, str] = {
    Category.WORK: "この業務のこと",
    Category.VENUE: "会場のこと",
    Category.CARD_SIMPLE: "カードの簡単な質問",
    Category.SYSTEM: "制度・カード全般",
    Category.NOTIFICATION_CARD: "通知カード・個人番号通知書",
    Category.CERTIFICATE_AND_PIN: "電子証明書・暗証番号",
    Category.DOCUMENTS: "必要な書類",
    Category.PORTAL: "マイナポータル",
    Category.CARD_USE: "カードの利用",
    Category.APPLICATION: "カードの申請",
    Category.SMARTPHONE: "スマホ電子証明書",
    Category.ONLINE_WINDOW: "オンライン窓口",
    Category.CITY_WINDOW: "市の窓口での手続",
    Category.OTHER: "その他",
}


class Nature(StrEnum):
    """What was wanted."""

    GUIDANCE = "guidance"
    QUESTION = "question"
    CONSULTATION = "consultation"


NATURE_TEXT: Mapping[Nature, str] = {
    Nature.GUIDANCE: "案内",
    Nature.QUESTION: "質問",
    Nature.CONSULTATION: "相談",
}


class Channel(StrEnum):
    """How it came."""

    PHONE = "phone"
    COUNTER = "counter"
    BOOTH = "booth"
    MAIL = "mail"


CHANNEL_TEXT: Mapping[Channel, str] = {
    Channel.PHONE: "電話",
    Channel.COUNTER: "窓口",
    Channel.BOOTH: "オンライン窓口",
    Channel.MAIL: "メール",
}


class Stage(StrEnum):
    """How far an inquiry has come."""

    OPEN = "open"
    CALL_BACK = "call_back"
    ANSWERED = "answered"
    REFERRED = "referred"
    TRANSFERRED = "transferred"


STAGE_TEXT: Mapping[Stage, str] = {
    Stage.OPEN: "受付",
    Stage.CALL_BACK: "折り返し待ち",
    Stage.ANSWERED: "回答済み",
    Stage.REFERRED: "市へ案内",
    Stage.TRANSFERRED: "市職員が対応",
}


class Outcome(StrEnum):
    """What was done about it."""

    ANSWERED = "answered"
    REFERRED = "referred"
    CALL_BACK = "call_back"


OUTCOME_TEXT: Mapping[Outcome, str] = {
    Outcome.ANSWERED: "回答した",
    Outcome.REFERRED: "市へ案内した",
    Outcome.CALL_BACK: "折り返す",
}


class Transfer(StrEnum):
    """What became of a call that was to be transferred; each is counted by itself."""

    TAKEN = "taken"
    CALLBACK = "callback"
    """Nobody took it: somebody of the city calls back, and until then it is not done."""


TRANSFER_TEXT: Mapping[Transfer, str] = {
    Transfer.TAKEN: "市職員が出た",
    Transfer.CALLBACK: "出なかった（市から折り返す）",
}


class Step(StrEnum):
    """What can be done; the words are those of ``parties.Action``."""

    CLOSE_INQUIRY = "close_inquiry"
    TRANSFER_CALL = "transfer_call"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """One value per moment."""

    case_id: str
    category: Category
    channel: Channel
    received_by: Role
    nature: Nature = Nature.QUESTION
    place: str = ""
    """Code of the contract's window, desk or telephone."""

    group: Group | None = None
    stage: Stage = Stage.OPEN
    destination: str = ""
    """The city's section that who asked was sent or put through to."""

    to_call_back: bool = False
    """Whether the city has to call back, since nobody took the call."""

    @property
    def closed(self) -> bool:
        """Tell whether nothing is left to be done."""
        return self.stage in {Stage.ANSWERED, Stage.REFERRED, Stage.TRANSFERRED}

    @property
    def standing(self) -> Standing:
        """Where the inquiry stands between the parties."""
        return Standing.CLOSED if self.closed else Standing.WITH_PROVIDER

    @property
    def owner(self) -> Role | None:
        """The role that has to act next; ``None`` once the question is dealt with."""
        return None if self.closed else self.received_by

    def steps(self) -> tuple[Step, ...]:
        """Return what can be done next."""
        return () if self.closed else tuple(Step)

    def close(self, outcome: Outcome, destination: str = "") -> "Inquiry":
        """Return the inquiry after what was done about it; a call back leaves it open.

        Raises:
            WrongStage: It was dealt with before.
            FieldMissing: Who was referred has to be told where to; what is the city's is
                not answered here.
        """
        if self.closed:
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")
        if self.category is Category.CITY_WINDOW and outcome is Outcome.ANSWERED:
            raise FieldMissing("市の窓口での手続は、「市へ案内した」で記録してください。")
        if outcome is Outcome.REFERRED and not destination.strip():
            raise FieldMissing("「案内先」を入力してください。")
        there = destination.strip() if outcome is Outcome.REFERRED else ""
        return replace(self, stage=Stage(outcome.value), destination=there)

    def transfer(self, target: str, result: Transfer) -> "Inquiry":
        """Return the inquiry after an attempt to put the caller through to the city.

        Raises:
            WrongStage: It was dealt with before.
        """
        if self.closed:
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")
        waits = result is Transfer.CALLBACK
        return replace(
            self,
            stage=Stage.CALL_BACK if waits else Stage.TRANSFERRED,
            destination=target,
            to_call_back=waits,
        )

    def called_back(self) -> "Inquiry":
        """Return the inquiry once the city has called back, if that was waited for."""
        if self.closed or not self.to_call_back:
            return self
        return replace(self, stage=Stage.TRANSFERRED, to_call_back=False)
