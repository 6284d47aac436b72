"""Papers about cards that go to the city together: counted by kind, and acknowledged.

A bundle goes with a lot. What is counted are sheets, never what stands on them: papers
on which people write PINs are handed over unread and are not scanned.
Source: Ota specification §6(2)③.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.errors import CountDiffers, FieldMissing, WrongStage
from domain.lots.custody import Holder, ItemKind, Movement, item_id


class PaperKind(StrEnum):
    """What kinds of papers are counted apart."""

    APPLICATION = "application"
    REPLY = "reply"
    PROXY = "proxy"
    ISSUE_LIST = "issue_list"
    CERTIFICATE_FORM = "certificate_form"
    LOSS_OR_RETURN = "loss_or_return"
    OTHER = "other"


PAPER_TEXT: Mapping[PaperKind, str] = {
    PaperKind.APPLICATION: "個人番号カード交付申請書",
    PaperKind.REPLY: "回答書（照会書）",
    PaperKind.PROXY: "委任状",
    PaperKind.ISSUE_LIST: "カード交付一覧表",
    PaperKind.CERTIFICATE_FORM: "電子証明書 発行・更新申請書",
    PaperKind.LOSS_OR_RETURN: "紛失届・返納届",
    PaperKind.OTHER: "その他の書類",
}


class Stage(StrEnum):
    """Where a bundle is."""

    HANDED_OVER = "handed_over"
    RECEIVED = "received"
    TAKEN_BACK = "taken_back"


STAGE_TEXT: Mapping[Stage, str] = {
    Stage.HANDED_OVER: "受領待ち",
    Stage.RECEIVED: "受領済",
    Stage.TAKEN_BACK: "取戻し",
}

_HOLDERS: Mapping[Stage, Holder] = {
    Stage.HANDED_OVER: Holder.HAND_OVER,
    Stage.RECEIVED: Holder.CITY,
    Stage.TAKEN_BACK: Holder.PROVIDER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """How many papers of one kind."""

    kind: PaperKind
    count: int

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError("a kind that is not there is not listed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """One value per moment."""

    number: int
    """Counts the bundles of a lot; people say it when they ask for one."""

    papers: tuple[Papers, ...]
    stage: Stage = Stage.HANDED_OVER

    def __post_init__(self) -> None:
        if len({each.kind for each in self.papers}) != len(self.papers):
            raise ValueError("a kind is listed once")

    @property
    def total(self) -> int:
        """All papers of the bundle, as its slip says."""
        return sum(each.count for each in self.papers)

    @property
    def waiting(self) -> bool:
        """Tell whether an official has yet to acknowledge it."""
        return self.stage is Stage.HANDED_OVER

    def acknowledge(self, counted: object) -> "Bundle":
        """Let an official have received it.

        Raises:
            WrongStage: It was received or taken back already.
            CountDiffers: The official counted another number of papers.
        """
        self._require_waiting()
        if counted != self.total:
            raise CountDiffers(f"引渡し票では{self.total}枚です。数え直してください。")
        return replace(self, stage=Stage.RECEIVED)

    def take_back(self) -> "Bundle":
        """Take it back before it is received, such as to count it anew.

        Raises:
            WrongStage: It was received or taken back already.
        """
        self._require_waiting()
        return replace(self, stage=Stage.TAKEN_BACK)

    def _require_waiting(self) -> None:
        if not self.waiting:
            raise WrongStage(f"この書類は「{STAGE_TEXT[self.stage]}」です。")


def counted(counts: Mapping[str, object]) -> tuple[Papers, ...]:
    """Return the papers that were counted, from a form with a field for each kind.

    Raises:
        FieldMissing: Nothing was counted.
    """
    papers = tuple(
        Papers(kind=kind, count=count)
        for kind in PaperKind
        if isinstance(count := counts.get(kind), int) and count > 0
    )
    if not papers:
        raise FieldMissing("引き渡す書類の数を、一つ以上入力してください。")
    return papers


def movement(case_id: str, before: Bundle | None, after: Bundle) -> Movement:
    """Return where a bundle goes when ``before`` becomes ``after``."""
    return Movement(
        item_id=item_id(case_id, ItemKind.DOCUMENTS, after.number),
        kind=ItemKind.DOCUMENTS,
        source=Holder.OUTSIDE if before is None else _HOLDERS[before.stage],
        target=_HOLDERS[after.stage],
    )
