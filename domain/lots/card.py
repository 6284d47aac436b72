"""One card of a delivered lot, from the match of the lists to the official's receipt.

    UNDECIDED ─decide─▶ MATCHED ─▶ PRESET ─▶ NOTICE_MADE ─▶ SEALED ─┐        (pick-up)
                           │         └─▶ DESTINATION_UPDATED ─▶ DISPATCH_READY ─┤ (mailed)
                           └▶ RETURNING ────────────────────────────────────────┤ (to the city)
                                                    HANDED_OVER ◀───────────────┘
                                                         └─acknowledge─▶ DONE

The two weeks end with the official's receipt, not when the resident collects the card.
Source: Ota specification §6(2)①–⑤.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.errors import CountDiffers, DecisionNotOpen, OnSlip, WrongStage
from domain.lots.custody import Holder, ItemKind, Movement, item_id
from domain.lots.matching import MatchResult
from domain.parties import Role, Standing


class Stage(StrEnum):
    """How far a card has come."""

    UNDECIDED = "undecided"
    MATCHED = "matched"
    PRESET = "preset"
    NOTICE_MADE = "notice_made"
    SEALED = "sealed"
    DESTINATION_UPDATED = "destination_updated"
    DISPATCH_READY = "dispatch_ready"
    RETURNING = "returning"
    HANDED_OVER = "handed_over"
    DONE = "done"
    DISCARDED = "discarded"


STAGE_TEXT: Mapping[Stage, str] = {
    Stage.UNDECIDED: "要判断",
    Stage.MATCHED: "照合済",
    Stage.PRESET: "前設定済",
    Stage.NOTICE_MADE: "作成済",
    Stage.SEALED: "封緘済",
    Stage.DESTINATION_UPDATED: "送付先更新済",
    Stage.DISPATCH_READY: "発送準備済",
    Stage.RETURNING: "市へ返却",
    Stage.HANDED_OVER: "受領待ち",
    Stage.DONE: "完了",
    Stage.DISCARDED: "取りやめ",
}


class Route(StrEnum):
    """Which way a card leaves the back office."""

    PICKUP_NOTICE = "pickup_notice"
    MAIL_TO_APPLICANT = "mail_to_applicant"
    RETURN_TO_CITY = "return_to_city"


ROUTE_TEXT: Mapping[Route, str] = {
    Route.PICKUP_NOTICE: "交付時来庁（交付通知書）",
    Route.MAIL_TO_APPLICANT: "申請時来庁（郵送）",
    Route.RETURN_TO_CITY: "市へ返却",
}

PATHS: Mapping[Route, tuple[Stage, ...]] = {
    Route.PICKUP_NOTICE: (
        Stage.MATCHED,
        Stage.PRESET,
        Stage.NOTICE_MADE,
        Stage.SEALED,
        Stage.HANDED_OVER,
        Stage.DONE,
    ),
    Route.MAIL_TO_APPLICANT: (
        Stage.MATCHED,
        Stage.PRESET,
        Stage.DESTINATION_UPDATED,
        Stage.DISPATCH_READY,
        Stage.HANDED_OVER,
        Stage.DONE,
    ),
    Route.RETURN_TO_CITY: (Stage.RETURNING, Stage.HANDED_OVER, Stage.DONE),
}


class Step(StrEnum):
    """What can be done with a card; the words are those of ``parties.Action``."""

    DECIDE_MISMATCH = "decide_mismatch"
    RECORD_PRE_ISSUE_SETUP = "record_pre_issue_setup"
    MAKE_NOTICE = "make_notice"
    SEAL = "seal"
    UPDATE_DESTINATION = "update_destination"
    PREPARE_DISPATCH = "prepare_dispatch"
    HAND_OVER = "hand_over"
    ACKNOWLEDGE_RECEIPT = "acknowledge_receipt"
    REFUSE_RECEIPT = "refuse_receipt"
    TAKE_BACK = "take_back"


_LEADS_TO: Mapping[Step, Stage] = {
    Step.RECORD_PRE_ISSUE_SETUP: Stage.PRESET,
    Step.MAKE_NOTICE: Stage.NOTICE_MADE,
    Step.SEAL: Stage.SEALED,
    Step.UPDATE_DESTINATION: Stage.DESTINATION_UPDATED,
    Step.PREPARE_DISPATCH: Stage.DISPATCH_READY,
    Step.HAND_OVER: Stage.HANDED_OVER,
    Step.ACKNOWLEDGE_RECEIPT: Stage.DONE,
}


class Decision(StrEnum):
    """How a named person settles a mismatch."""

    PROCEED = "proceed"
    RETURN_TO_CITY = "return_to_city"
    DISCARD = "discard"


DECISION_TEXT: Mapping[Decision, str] = {
    Decision.PROCEED: "本人のカードとして進める",
    Decision.RETURN_TO_CITY: "市へ返却する",
    Decision.DISCARD: "取りやめる",
}

_OPEN_DECISIONS: Mapping[MatchResult, frozenset[Decision]] = {
    # A match is undecided only while nobody knows which way the card is to leave.
    MatchResult.MATCH: frozenset({Decision.PROCEED, Decision.RETURN_TO_CITY}),
    MatchResult.NAME_VARIANT: frozenset({Decision.PROCEED, Decision.RETURN_TO_CITY}),
    MatchResult.ADDRESS_DIFFERS: frozenset({Decision.PROCEED, Decision.RETURN_TO_CITY}),
    MatchResult.BIRTH_DIFFERS: frozenset({Decision.PROCEED, Decision.RETURN_TO_CITY}),
    MatchResult.DUPLICATE_ROW: frozenset({Decision.PROCEED, Decision.RETURN_TO_CITY}),
    # The card is not there: it turned up after all, or there is nothing to go on with.
    MatchResult.CARD_MISSING: frozenset({Decision.PROCEED, Decision.DISCARD}),
    # Whether somebody who moved or died may get a card is the city's to say, never ours.
    MatchResult.MOVED_OUT: frozenset({Decision.RETURN_TO_CITY}),
    MatchResult.DECEASED: frozenset({Decision.RETURN_TO_CITY}),
    MatchResult.NOT_REGISTERED: frozenset({Decision.RETURN_TO_CITY}),
    MatchResult.CARD_UNEXPECTED: frozenset({Decision.RETURN_TO_CITY}),
}


def open_decisions(result: MatchResult) -> frozenset[Decision]:
    """Return the ways in which an undecided card may be settled."""
    return _OPEN_DECISIONS[result]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One value per moment: every step returns a new card."""

    case_id: str
    result: MatchResult
    listed_route: Route | None
    """The way that the issue list names; ``None`` if it could not be read."""

    route: Route | None
    """The way it goes; ``None`` until somebody has said so."""

    stages: tuple[Stage, ...] = ()
    """Where the card has been, oldest first; filled by ``begin``."""

    notices: int = 0
    """How many notices were made; more than one only after one was taken back."""

    card_at: Holder = Holder.PROVIDER
    slip_id: str | None = None
    """The hand-over slip it is on while its receipt is awaited."""

    slip_alone: bool = False
    """Whether it is the only thing on that slip."""

    @property
    def stage(self) -> Stage:
        """Where the card is now."""
        return self.stages[-1]

    @property
    def closed(self) -> bool:
        """Tell whether nothing is left to be done."""
        return self.stage in {Stage.DONE, Stage.DISCARDED}

    @property
    def standing(self) -> Standing:
        """Where the card stands between the parties."""
        if self.closed:
            return Standing.CLOSED
        handed_over = self.stage is Stage.HANDED_OVER
        return Standing.OFFERED if handed_over else Standing.WITH_PROVIDER

    @property
    def owner(self) -> Role | None:
        """The role that has to act next; ``None`` once the card is closed."""
        return {
            Standing.WITH_PROVIDER: Role.CLERK,
            Standing.OFFERED: Role.OFFICIAL,
        }.get(self.standing)

    def require(self, stage: Stage) -> None:
        """Refuse unless the card is at ``stage``.

        Raises:
            WrongStage: It is somewhere else.
        """
        if self.stage is not stage:
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")

    def steps(self) -> tuple[Step, ...]:
        """Return what can be done next, the ordinary step first."""
        match self.stage:
            case Stage.DONE | Stage.DISCARDED:
                return ()
            case Stage.UNDECIDED:
                return (Step.DECIDE_MISMATCH,)
            case Stage.HANDED_OVER:
                return (Step.ACKNOWLEDGE_RECEIPT, Step.REFUSE_RECEIPT, Step.TAKE_BACK)
        assert self.route is not None, "a decided card has a route"
        path = PATHS[self.route]
        ahead = path[path.index(self.stage) + 1]
        ordinary = next(step for step, stage in _LEADS_TO.items() if stage is ahead)
        return (ordinary, Step.TAKE_BACK) if len(self.stages) > 1 else (ordinary,)

    def require_step(self, step: Step) -> None:
        """Refuse a step that is not one of ``steps()``.

        Raises:
            WrongStage: The card is not there yet, or no longer.
        """
        if step not in self.steps():
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")

    def decide(self, decision: Decision, route: Route | None = None) -> "Card":
        """Settle a mismatch; the caller records by whom and why.

        Args:
            decision: What is to become of the card.
            route: Which way it goes, where the list does not say.

        Raises:
            WrongStage: There is nothing to decide.
            DecisionNotOpen: This mismatch cannot be settled in this way.
        """
        self.require(Stage.UNDECIDED)
        if decision not in open_decisions(self.result):
            raise DecisionNotOpen("市職員への引渡しなど、選べる判断から選んでください。")
        if decision is Decision.DISCARD:
            return self._at(Stage.DISCARDED)
        if decision is Decision.RETURN_TO_CITY:
            return replace(self, route=Route.RETURN_TO_CITY)._at(Stage.RETURNING)
        way = self.listed_route or route
        if way is None or way is Route.RETURN_TO_CITY:
            raise DecisionNotOpen("受取方法（交付時来庁・申請時来庁）も選んでください。")
        return replace(self, route=way, card_at=Holder.PROVIDER)._at(Stage.MATCHED)

    def hand_over(self, slip_id: str, *, alone: bool) -> "Card":
        """Give the card out of hand on a slip.

        Raises:
            WrongStage: The card is not ready to be handed over.
        """
        given = self.take(Step.HAND_OVER)
        return replace(given, slip_id=slip_id, slip_alone=alone)

    def require_slip(self, slip_id: str | None) -> None:
        """Refuse to settle one card of a slip that holds several.

        Args:
            slip_id: The slip that is being settled; ``None`` for this card by itself.

        Raises:
            OnSlip: The slip has to be settled as a whole.
        """
        if slip_id != self.slip_id and not (slip_id is None and self.slip_alone):
            raise OnSlip("引渡し票の画面で、まとめて受領または差し戻しをしてください。")

    def take(self, step: Step) -> "Card":
        """Return the card after an ordinary step, a refusal or a taking back.

        Raises:
            WrongStage: The card is not there yet, or no longer.
        """
        self.require_step(step)
        if step is Step.DECIDE_MISMATCH:
            raise ValueError("a decision needs to say what was decided")
        if step in {Step.TAKE_BACK, Step.REFUSE_RECEIPT}:
            return self._back()
        after = self._at(_LEADS_TO[step])
        if step is Step.MAKE_NOTICE:
            return replace(after, notices=self.notices + 1)
        if step is Step.HAND_OVER:
            return replace(after, card_at=Holder.HAND_OVER)
        if step is Step.ACKNOWLEDGE_RECEIPT:
            return replace(after, card_at=Holder.CITY)
        return after

    def _at(self, stage: Stage) -> "Card":
        return replace(self, stages=(*self.stages, stage))

    def _back(self) -> "Card":
        left = self.stage
        before = replace(self, stages=self.stages[:-1])
        if left is Stage.HANDED_OVER:
            return replace(before, card_at=Holder.PROVIDER, slip_id=None, slip_alone=False)
        if before.stage is Stage.UNDECIDED:
            # Taking back a decision: the route is open again, and a card that was missing
            # and then found is found no longer.
            missing = self.result is MatchResult.CARD_MISSING
            return replace(
                before,
                route=self.listed_route,
                card_at=Holder.OUTSIDE if missing else Holder.PROVIDER,
            )
        return before


def begin(case_id: str, result: MatchResult, route: Route | None) -> Card:
    """Return a card as the match of the lists leaves it."""
    decided = result is MatchResult.MATCH and route is not None
    missing = result is MatchResult.CARD_MISSING
    return Card(
        case_id=case_id,
        result=result,
        listed_route=route,
        route=route,
        stages=(Stage.MATCHED if decided else Stage.UNDECIDED,),
        card_at=Holder.OUTSIDE if missing else Holder.PROVIDER,
    )


def movements(before: Card, after: Card) -> tuple[Movement, ...]:
    """Return what moves in the real world when ``before`` becomes ``after``.

    The card and the notice that is valid travel together; a notice that was taken back
    is void and leaves the record.
    """
    found: list[Movement] = []
    if before.card_at is not after.card_at:
        found.append(_moved(before, ItemKind.CARD, 1, before.card_at, after.card_at))
    if after.notices > before.notices:
        found.append(
            _moved(after, ItemKind.NOTICE, after.notices, Holder.OUTSIDE, Holder.PROVIDER)
        )
    elif _valid_notice(before) and not _valid_notice(after):
        found.append(
            _moved(before, ItemKind.NOTICE, before.notices, Holder.PROVIDER, Holder.OUTSIDE)
        )
    elif _valid_notice(before) and before.card_at is not after.card_at:
        found.append(
            _moved(before, ItemKind.NOTICE, before.notices, before.card_at, after.card_at)
        )
    return tuple(found)


def _valid_notice(card: Card) -> bool:
    return Stage.NOTICE_MADE in card.stages


def _moved(
    card: Card, kind: ItemKind, ordinal: int, source: Holder, target: Holder
) -> Movement:
    return Movement(
        item_id=item_id(card.case_id, kind, ordinal), kind=kind, source=source, target=target
    )


def require_count(handed_over: int, counted: int) -> None:
    """Refuse a receipt whose count is not the count handed over.

    Raises:
        CountDiffers: The official counted another number.
    """
    if handed_over != counted:
        raise CountDiffers(f"引渡しは{handed_over}件です。数え直すか、差し戻してください。")
