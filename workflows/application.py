"""The course of an application: a few minutes at the window, then weeks or months."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from temporalio import workflow

from domain.applications.application import Application, KeptPhoto, gone_photos
from domain.applications.application_parts import KIND_OF, WITH_REASON, Settlement, Step
from domain.applications.defect_kinds import DefectKind
from domain.case import CLOCK, CaseEvent, CaseKind, require_reason
from domain.errors import ActionUnknown, DomainError
from domain.parties import Action
from domain.photos.photo_rules import delete_by
from workflows import options
from workflows.application_messages import DefectSettled, OpenApplication
from workflows.clock import begin
from workflows.course import CaseCourse
from workflows.defect_messages import OpenDefect
from workflows.keeping import change_of, reader, update_key
from workflows.messages import Act, CaseView, OpenedCase
from workflows.photo_messages import PrintPhoto
from workflows.ports import PhotoPort
from workflows.procedure_messages import ProcedureEnded


@workflow.defn(name="Application", failure_exception_types=[DomainError])
class ApplicationWorkflow(CaseCourse[Application]):
    """Let each step be taken, tell the visit when the window is done, and wait for the card.

    Signal beside those of every course: ``defect_settled``, asynchronous because it waits
    for its turn and for hand-offs of a case that it ends. A photo is deleted when its day
    ends, whatever else happens.
    """

    KIND = CaseKind.APPLICATION
    VALUE = reader(Application)

    @workflow.init
    def __init__(self, start: OpenApplication) -> None:
        super().__init__(start.case, start.application, begin(start.deadline, workflow.now()))

    @workflow.run
    async def run(self, start: OpenApplication) -> CaseView:
        """Run until the card is there, or it is given up or the city's."""
        photos = asyncio.create_task(self._delete_photos_in_time())
        await self.follow(lambda: self.value.left_window)
        supported = ProcedureEnded(case_id=self.case.case_id, outcome=str(self.value.stage))
        await self.tell(CaseKind.VISIT, self.case.parent_id, "procedure_ended", supported)
        await self.follow()
        await photos
        return self.view()

    @workflow.signal
    async def defect_settled(self, settled: DefectSettled) -> None:
        """Hear how the follow-up of a defect ended."""

        async def once() -> bool:
            """Return whether nothing is left to be done about it."""
            after = self.value.settle(settled.case_id, settled.settlement, settled.receipt)
            if after == self.value:
                return True
            if after.closed and self.open_handoffs:
                return False
            event = CaseEvent(
                action="defect_settled",
                at=workflow.now(),
                actor=CLOCK,
                detail={
                    "case": settled.case_id,
                    "settlement": str(settled.settlement),
                    "stage": str(after.stage),
                },
            )
            await self.record(event, after, key=f"defect/{settled.case_id}")
            return True

        ends = settled.settlement is not Settlement.RESUBMITTED
        while True:
            # What is with an official comes back first, as before every other end.
            await workflow.wait_condition(lambda: not (ends and self.open_handoffs))
            async with self.turn:
                if await self.caught_up(once):
                    return

    def require_step(self, act: Act) -> None:
        """Refuse a step that the application cannot take now."""
        if act.action not in set(Step):
            raise ActionUnknown("申請の案件にはない操作です。")
        self._after(act)
        if act.action in WITH_REASON or act.fields.get("overruled") is True:
            require_reason(act.reason)

    async def take_step(self, act: Act) -> CaseView:
        """Take the step; a photo that it makes needless is gone with its event."""
        if act.action == Step.REPORT_DEFECT:
            return await self._report_defect(act)
        after = self._after(act)
        if act.action == Step.PRINT_PHOTO:
            await self._print(after)
        event = self.event_of(act, **act.fields, stage=str(after.stage))
        kind = KIND_OF.get(Action(act.action))
        if kind is not None:
            event.detail["done_by"] = str(after.party)
        await self.record(event, after, key=update_key(), erases=gone_photos(self.value, after))
        return self.view()

    async def _print(self, after: Application) -> None:
        """Have the sheet made before the record says that there is one."""
        assert after.photo is not None, "what is printed is kept until it is pasted"
        await workflow.execute_activity_method(
            PhotoPort.print_photo,
            PrintPhoto(
                case=self.case,
                document_id=after.photo.document,
                sheet_id=after.photo.sheet,
                made_at=workflow.now(),
            ),
            **options.make(f"sheet {after.photo.sheet}"),
        )

    async def _report_defect(self, act: Act) -> CaseView:
        kind = DefectKind(str(act.fields["defect"]))
        if act.defect is None:
            # Nobody of this contract follows up: it is the city's, or given up.
            after = self.value.report_defect(kind)
            event = self.event_of(act, **act.fields, stage=str(after.stage))
            await self.record(event, after, key=update_key())
            return self.view()
        case_id = workflow.uuid7().hex
        after = self.value.report_defect(kind, follow_up=case_id)
        defect = replace(act.defect, case_id=case_id)
        child = replace(self.case, case_id=case_id, parent_id=self.case.case_id)
        told = self.event_of(act, **act.fields, stage=str(defect.stage))
        opened = OpenedCase(
            case=child,
            kind=CaseKind.DEFECT,
            change=change_of(defect, act.deadline),
            event=replace(told, action="defect_reported"),
            start=OpenDefect(case=child, defect=defect, deadline=act.deadline),
        )
        event = self.event_of(act, **act.fields, stage=str(after.stage), case=case_id)
        await self.record(event, after, key=update_key(), opens=opened)
        return replace(self.view(), opened=case_id)

    def opened_cases(self) -> frozenset[str]:
        """Return hand-offs, and the follow-up that is waited for."""
        follow_up = {self.value.follow_up} if self.value.follow_up else set()
        return super().opened_cases() | follow_up

    def _after(self, act: Act) -> Application:
        return self.value.take(Step(act.action), act.by, act.fields, workflow.now())

    async def _delete_photos_in_time(self) -> None:
        """Delete each photo when its day ends, until none can come any more."""
        while True:
            await workflow.wait_condition(
                lambda: self.value.photo is not None or self.value.left_window
            )
            photo = self.value.photo
            if photo is None:
                return
            if not await self._gone_in_time(photo):
                async with self.turn:
                    await self.caught_up(self._delete_photo)

    async def _gone_in_time(self, photo: KeptPhoto) -> bool:
        patience = delete_by(photo.at, None) - workflow.now()
        try:
            await workflow.wait_condition(
                lambda: self.value.photo != photo,
                timeout=max(patience, timedelta()),
                timeout_summary="the day of the photo ends",
            )
        except TimeoutError:
            return False
        return True

    async def _delete_photo(self) -> None:
        photo, now = self.value.photo, workflow.now()
        if photo is None or delete_by(photo.at, None) > now:
            return
        after = self.value.without_photo()
        event = CaseEvent(
            action="photo_deleted",
            at=now,
            actor=CLOCK,
            detail={"document": photo.document, "stage": str(after.stage)},
        )
        await self.record(event, after, key=f"photo/{photo.document}", erases=(photo.document,))
