"""The course of a place where a venue is opened, from its candidacy until it is over."""

from datetime import date

from temporalio import workflow

from domain.booking.venue_case import Agreement, Step, Venue
from domain.booking.venue_opening import DayThere, KitItem, Mode
from domain.case import CaseKind, require_reason
from domain.errors import ActionUnknown, DomainError
from workflows.clock import begin
from workflows.course import CaseCourse
from workflows.keeping import reader, update_key
from workflows.messages import Act, CaseView
from workflows.venue_messages import OpenVenue


@workflow.defn(name="Venue", failure_exception_types=[DomainError])
class VenueWorkflow(CaseCourse[Venue]):
    """Wait for the next step of whoever has to take it."""

    KIND = CaseKind.VENUE
    VALUE = reader(Venue)

    @workflow.init
    def __init__(self, start: OpenVenue) -> None:
        super().__init__(start.case, start.venue, begin(start.deadline, workflow.now()))

    @workflow.run
    async def run(self, start: OpenVenue) -> CaseView:
        """Run until the venue was closed or withdrawn."""
        await self.follow()
        return self.view()

    def require_step(self, act: Act) -> None:
        """Refuse a step that the venue cannot take now."""
        if act.action not in set(Step):
            raise ActionUnknown("開設場所の案件にはない操作です。")
        self._after(act)
        if act.action == Step.WITHDRAW_VENUE:
            require_reason(act.reason)

    async def take_step(self, act: Act) -> CaseView:
        """Record how far the venue has come; agreeing also adds the place."""
        after = self._after(act)
        event = self.event_of(act, stage=str(after.stage), **act.fields)
        await self.record(event, after, key=update_key())
        return self.view()

    def _after(self, act: Act) -> Venue:
        if act.action in {Step.ARRANGE_DAY, Step.START_DAY, Step.END_DAY}:
            return self._after_day(act)
        if act.action != Step.AGREE_VENUE:
            return self.value.advance(Step(act.action))
        agreement = Agreement(
            from_day=date.fromisoformat(str(act.fields["from_day"])),
            to_day=date.fromisoformat(str(act.fields["to_day"])),
            reference=str(act.fields["agreement"]),
        )
        return self.value.agree(agreement)

    def _after_day(self, act: Act) -> Venue:
        given, now = act.fields, workflow.now()
        day = date.fromisoformat(str(given["day"]))
        if act.action == Step.START_DAY:
            counted = {item: int(given.get(f"kit_{item}") or 0) for item in KitItem}
            return self.value.start(day, counted, now)
        if act.action == Step.END_DAY:
            return self.value.end(day, int(given["leaflets"] or 0), now)
        planned = DayThere(
            day=day,
            officials=tuple(str(given.get("officials") or "").split()),
            staff=tuple(str(given.get("staff") or "").split()),
            mode=Mode(str(given["mode"])),
            equipment=str(given.get("equipment") or ""),
        )
        return self.value.arrange(planned)
