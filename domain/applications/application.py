"""An application for a card, from the window through the long wait to the card.

    (form id) ─▶ (photo) ─▶ submit / take the form / hand it over ─▶ waiting ─▶ card arrived
                   ▲  the photo's day ended                          │   ▲
                   └──────────────────────────────                   ▼   │ settled
                                                                  defective

The contract plans the steps (``application_lines``). The person applies at the national site,
which has no interface for programs: what is recorded is the receipt it showed. Nothing but a
word from outside ends the wait; a defect is known weeks or months later. Sources: Ageo
§5(1)③(ア), §5(2)②(イ); Urasoe §8(2)イ; Ota §6(1)②; Chiba 第2-1(2)イ.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.applications.application_errors import (
    FollowUpOpen,
    FormIdRefused,
    NotOverruled,
    PhotoLikelyRefused,
)
from domain.applications.application_lines import ApplicationLine
from domain.applications.application_parts import (
    KIND_OF,
    LAST_STEPS,
    ON_PAPER,
    STAGE_TEXT,
    STEP_OF,
    AppliedFor,
    Settlement,
    Stage,
    Step,
    StepKind,
    Variant,
)
from domain.applications.defect_kinds import DefectKind
from domain.applications.form_id import LENGTH as FORM_ID_LENGTH
from domain.case import Actor
from domain.errors import FieldMissing, NotYourDuty, WrongStage
from domain.parties import Action, Party, Role, Standing, require
from domain.photos.photo_rules import may_overrule
from domain.photos.photo_words import Problem, Verdict

Fields = Mapping[str, object]

LONGEST_RECEIPT = 40
"""Characters of a receipt; what the national site shows is far shorter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A step that was done, and by whom."""

    kind: StepKind
    by: str
    party: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPhoto:
    """A photo that lies sealed with the case, until it is submitted or its day ends."""

    document: str
    at: datetime
    sheet: str = ""
    """The document from which it is printed, once it is."""

    def printed(self) -> "KeptPhoto":
        """Return it with the name of the sheet that it is printed from."""
        return replace(self, sheet=f"{self.document}-sheet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One value per moment: every step returns a new application."""

    case_id: str
    variant: Variant
    applied_for: AppliedFor
    procedure: str
    """Code of the contract's catalogue."""

    party: Party
    planned: tuple[StepKind, ...]
    opened_by: Role
    except_roles: tuple[Role, ...] = ()
    keeps_form_id: bool = False
    clause: str = ""
    label: str = ""
    """What the contract calls this way to apply."""

    venue: str = ""
    """The case of the venue or of the visit outside at which it was begun."""

    done: tuple[Done, ...] = ()
    photo: KeptPhoto | None = None
    overruled: int = 0
    """How many photos of it somebody called good that a machine took for bad."""

    receipt: str = ""
    """What the national site showed when it was submitted."""

    supported_at: datetime | None = None
    """When the part at the window was over; it counts in that month, once."""

    defective: bool = False
    defects: tuple[DefectKind, ...] = ()
    """All that came back so far; the last one is the present one."""

    follow_up: str = ""
    """The case that settles the present defect."""

    ended: Stage | None = None

    @property
    def next(self) -> StepKind | None:
        """The planned step that is due; ``None`` once the part at the window is over."""
        behind = {each.kind for each in self.done}
        return next((kind for kind in self.planned if kind not in behind), None)

    @property
    def stage(self) -> Stage:
        """What it waits for."""
        if self.ended is not None:
            return self.ended
        if self.defective:
            return Stage.DEFECTIVE
        if self.next is not None:
            return Stage(self.next)
        posted = self.planned[-1] is StepKind.HAND_TO_RESIDENT and not self.receipt
        return Stage.HANDED_TO_RESIDENT if posted else Stage.WAITING

    @property
    def closed(self) -> bool:
        """Tell whether nothing is left to be done."""
        return self.ended is not None

    @property
    def left_window(self) -> bool:
        """Tell whether the visitor may go, as far as this application is concerned."""
        return self.closed or self.supported_at is not None

    @property
    def standing(self) -> Standing:
        """Where it stands between the parties: with the one the contract gives it to."""
        if self.closed:
            return Standing.CLOSED
        citys = self.party is Party.CITY
        return Standing.WITH_CITY if citys else Standing.WITH_PROVIDER

    @property
    def owner(self) -> Role | None:
        """The role that has to act next; ``None`` once it has ended."""
        if self.closed:
            return None
        return Role.OFFICIAL if self.party is Party.CITY else self.opened_by

    def open_to(self, role: Role) -> bool:
        """Say whether a role has anything to do with it beyond reading."""
        return role not in self.except_roles

    def steps(self) -> tuple[Step, ...]:
        """Return what can be done next by itself; a photo is accepted with its file."""
        if self.closed or (self.defective and self.follow_up):
            return ()
        possible: list[Step] = []
        if self.next is None and not self.defective:
            possible += [Step.RECORD_CARD_ARRIVAL, Step.REPORT_DEFECT]
        elif self.next not in {None, StepKind.PHOTO}:
            assert self.next is not None
            possible.append(STEP_OF[self.next])
        return (*possible, Step.WITHDRAW_APPLICATION, Step.TAKE_OVER_APPLICATION)

    @property
    def takes_photo(self) -> bool:
        """Tell whether a photo can be accepted now: when it is due, or to replace one."""
        return not self.left_window and (
            self.next is StepKind.PHOTO
            or (self.photo is not None and self.next in LAST_STEPS.union(ON_PAPER))
        )

    def take(self, step: Step, by: Actor, fields: Fields, at: datetime) -> "Application":
        """Return the application after a step.

        Args:
            step: Which; that of a defect is ``report_defect``, since it opens a case.
            by: Who takes it.
            fields: What was told.
            at: Now.

        Raises:
            NotYourDuty: The contract leaves this role out.
            WrongStage: It is not the time for it.
            FollowUpOpen: A defect has to be settled first.
            PhotoLikelyRefused, NotOverruled: The photo would come back.
        """
        self.require_role(by)
        if self.closed:
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")
        match step:
            case Step.WITHDRAW_APPLICATION:
                return self._end(Stage.WITHDRAWN)
            case Step.TAKE_OVER_APPLICATION:
                return self._end(Stage.TAKEN_OVER)
            case Step.RECORD_CARD_ARRIVAL:
                self._require_waiting()
                return self._end(Stage.CARD_ARRIVED)
            case Step.REPORT_DEFECT:
                return self.report_defect(DefectKind(str(fields["defect"])))
            case Step.ACCEPT_PHOTO:
                return self._accept(by, fields, at)
        return self._do(KIND_OF[Action(step)], by, fields, at)

    def require_role(self, by: Actor) -> None:
        """Refuse who may only tell people about applications.

        Raises:
            NotYourDuty: The contract leaves the role out.
        """
        if by.role is not None and not self.open_to(by.role):
            raise NotYourDuty("この契約では、この役割は案内だけを行います。")

    def report_defect(self, kind: DefectKind, follow_up: str = "") -> "Application":
        """Note that it came back, whatever for; ``follow_up`` is the case that settles it.

        Raises:
            WrongStage: Nothing was submitted yet, or a defect is known already.
        """
        self._require_waiting()
        return replace(self, defective=True, defects=(*self.defects, kind), follow_up=follow_up)

    def settle(
        self, follow_up: str, settlement: Settlement, receipt: str = ""
    ) -> "Application":
        """Return it once a follow-up has ended; one that is not waited for changes nothing."""
        if not self.defective or self.closed or follow_up != self.follow_up:
            return self
        settled = replace(self, defective=False, follow_up="")
        match settlement:
            case Settlement.WITHDRAWN:
                return replace(settled, ended=Stage.WITHDRAWN)
            case Settlement.TAKEN_OVER:
                return replace(settled, ended=Stage.TAKEN_OVER)
            case Settlement.RESUBMITTED:
                return replace(settled, receipt=receipt or self.receipt)

    def without_photo(self) -> "Application":
        """Return it once the day of its photo has ended: another has to be taken.

        One that is on the form already is no more kept here, and this changes nothing.
        """
        if self.photo is None:
            return self
        done = tuple(each for each in self.done if each.kind not in ON_PAPER)
        return replace(self, photo=None, done=done)

    def _accept(self, by: Actor, fields: Fields, at: datetime) -> "Application":
        if not self.takes_photo:
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")
        refused = Verdict(str(fields["verdict"])) is Verdict.LIKELY_REFUSED
        if refused:
            self._require_overruled(by, fields)
        photo = KeptPhoto(document=str(fields["document"]), at=at)
        after = self.without_photo()._did(StepKind.PHOTO, by)
        return replace(after, photo=photo, overruled=self.overruled + refused)

    def _require_overruled(self, by: Actor, fields: Fields) -> None:
        """Refuse what would come back, unless who may has called it good."""
        if fields.get("overruled") is not True:
            raise PhotoLikelyRefused("このままでは不備になる見込みです。撮り直してください。")
        assert by.role is not None, "only people take steps"
        require(by.role, Action.OVERRIDE_PHOTO, self.standing)
        if not may_overrule(Problem(each) for each in str(fields["against"]).split()):
            raise NotOverruled("大きさ・画素・形式を直して、もう一度送ってください。")

    def _do(self, kind: StepKind, by: Actor, fields: Fields, at: datetime) -> "Application":
        if self.defective or self.next is not kind:
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")
        if kind is StepKind.FORM_ID and fields.get("form_id_read") is not True:
            raise FormIdRefused("交付申請書の二次元コードを読み取ってください。")
        after = self._did(kind, by)
        if kind is StepKind.PRINT_PHOTO:
            assert self.photo is not None, "what is printed is kept until it is pasted"
            return replace(after, photo=self.photo.printed())
        if kind is StepKind.PASTE_PHOTO:
            # On the form it has served its purpose here.
            return replace(after, photo=None)
        if kind not in LAST_STEPS:
            return after
        # With the submission the photo has served its purpose.
        receipt = str(fields.get("receipt") or "")
        if kind is StepKind.SUBMIT:
            require_receipt(receipt)
        return replace(after, photo=None, receipt=receipt, supported_at=at)

    def _did(self, kind: StepKind, by: Actor) -> "Application":
        assert by.party is not None, "only people take steps"
        done = Done(kind=kind, by=by.account_id, party=by.party)
        return replace(self, done=(*self.done, done))

    def _end(self, stage: Stage) -> "Application":
        if self.defective and self.follow_up:
            raise FollowUpOpen("不備の対応の案件を終えると、この申請も先へ進みます。")
        return replace(self, photo=None, defective=False, ended=stage)

    def _require_waiting(self) -> None:
        if self.closed or self.defective or self.next is not None:
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")


def begin(line: ApplicationLine, applied_for: AppliedFor, opened_by: Role) -> Application:
    """Return an application as it begins; its id is given to it in the course."""
    return Application(
        case_id="",
        variant=line.variant,
        applied_for=applied_for,
        procedure=line.procedure,
        party=line.party,
        planned=line.steps,
        opened_by=opened_by,
        except_roles=line.except_roles,
        keeps_form_id=line.keeps_form_id,
        clause=line.clause,
        label=line.words,
    )


def require_opener(by: Actor, application: Application) -> None:
    """Refuse whoever may not open this application.

    Raises:
        NotYourDuty: It is the other party's, or the contract leaves the role out.
    """
    if by.party is not application.party:
        whose = "市の職員" if application.party is Party.CITY else "委託先"
        raise NotYourDuty(f"この申請を受け付けるのは{whose}です。")
    application.require_role(by)


def require_receipt(receipt: str) -> None:
    """Refuse what cannot be the receipt that the national site showed.

    Raises:
        FieldMissing: There is none, it is too long, or it is the number of the form, which
            must not be kept by accident.
    """
    if not receipt or len(receipt) > LONGEST_RECEIPT:
        raise FieldMissing("申請サイトに表示された受付番号を入力してください。")
    if sum(each.isdigit() for each in receipt) >= FORM_ID_LENGTH:
        raise FieldMissing("申請書IDではなく、受付番号を入力してください。")


def gone_photos(before: Application, after: Application) -> tuple[str, ...]:
    """Return the photos that must not be there any more once ``after`` is recorded."""
    if before.photo is None:
        return ()
    left = after.photo
    if left is not None and left.document == before.photo.document:
        return ()
    return (before.photo.document, *((before.photo.sheet,) if before.photo.sheet else ()))
