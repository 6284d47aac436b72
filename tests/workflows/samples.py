"""One message of every type with every field filled, as today's code writes it."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pydantic_core import to_jsonable_python

from domain.applications.application import Application, KeptPhoto
from domain.applications.application_parts import Settlement
from domain.applications.defect_kinds import DefectKind
from domain.booking.reservation import Reservation
from domain.booking.reservation_parts import Entry, Freed, Guided, Means, Stage
from domain.calls.external_entry import Stage as EntryStage
from domain.calls.inquiry import Stage as InquiryStage
from domain.case import CaseKind
from domain.defects.defect_parts import Stage as DefectStage
from domain.lots.bundle import Bundle, PaperKind, Papers
from domain.lots.card import Route, Step
from domain.lots.custody import Holder, ItemKind, Movement, SlipChange
from domain.parties import Party, Role
from domain.photos.photo_rules import Exemption
from domain.photos.photo_words import Problem, Verdict
from domain.procedures.procedure import Decided, Done, Procedure
from domain.procedures.procedure_parts import StepKind
from tests.applications.at_hand import an_application, walked
from tests.builders import (
    CLERK,
    a_card,
    a_case,
    a_deadline,
    a_handoff,
    a_lot,
    a_place,
    a_reservation,
    a_visit,
    an_event,
    at,
    returned_mail,
    some_terms,
    today,
)
from tests.calls.at_hand import an_entry, an_inquiry
from tests.citywork.at_hand import opened as a_city_record
from tests.defects.at_hand import a_defect, a_retake, tried
from tests.defects.at_hand import found as found_retake
from tests.incidents_at_hand import a_whole_opening
from tests.obligations_at_hand import open_promise
from tests.procedures_at_hand import a_procedure
from tests.venue_at_hand import an_agreed_venue
from tests.workflows import samples_of_lists
from workflows import application_messages as applications
from workflows import call_messages as calls
from workflows import defect_messages as defects
from workflows import messages as m
from workflows import photo_messages as photos
from workflows import procedure_messages as procedures
from workflows import venue_messages as venues
from workflows.clock import begin
from workflows.keeping import change_of


def written() -> dict[str, str]:
    """Return every message as text, by the name of its type."""
    found = [
        *_openings(),
        *_acts(),
        *_recordings(),
        *_papers(),
        *_messages(),
        *samples_of_lists.lists(),
    ]
    found += [*_photos(), *_procedures(), *_calls(), *_applications(), *_defects()]
    found += [open_promise(), a_city_record()]
    return {
        type(each).__name__: json.dumps(
            to_jsonable_python(each), indent=1, ensure_ascii=False, sort_keys=True
        )
        + "\n"
        for each in found
    }


def _openings() -> list[Any]:
    due = a_deadline().suspend(at(today(), "12:00"), reason="被災", by="manager-1")
    lot = replace(a_lot(), settled=frozenset({"card-1"}), bundles=(_bundle(),))
    child = a_case("handoff-1", parent_id="visit-1")
    return [
        m.OpenCard(case=a_case("card-1", parent_id="lot-1"), card=a_card(), deadline=due),
        m.OpenLot(
            case=a_case("lot-1"),
            lot=lot,
            deadline=due,
            open_handoffs=("handoff-1",),
            rung_until=at(today(), "08:30"),
            waiting=(_batch(),),
            last_seq=7,
            stuck="deadline_breached",
            escalated_to=Role.OFFICIAL,
            answered={"key-1": _view()},
        ),
        m.OpenReturnedMail(case=a_case("mail-1"), mail=returned_mail(), deadline=due),
        m.OpenHandoff(
            case=child, handoff=a_handoff(), parent_kind=CaseKind.VISIT, deadline=due
        ),
        m.OpenVisit(case=a_case("visit-1"), visit=a_visit(), deadline=due),
        m.OpenReservation(
            case=a_case("reservation-1"),
            reservation=_reservation(),
            deadline=due,
            clock=replace(
                begin(due, at(today(), "08:30")),
                stuck="deadline_breached",
                escalated_to=Role.OFFICIAL,
            ),
            last_seq=7,
            answered={"key-1": _view()},
        ),
    ]


def _acts() -> list[Any]:
    return [
        m.Act(
            action="hand_over",
            by=CLERK,
            reason="理由",
            fields={"slip_id": "slip-1", "count": 1, "confirmed": True, "note": None},
            deadline=a_deadline(),
            procedure=_procedure(),
            defect=a_defect(),
            application=_application(),
        ),
        _view(),
        _batch(),
        m.AdvanceCards(lot=a_case("lot-1"), batch=_batch(), documents={"card-1": "d-1"}),
        m.Advanced(done=1, refused={"card-2": "WrongStage"}),
        m.HandoffEnded(handoff_id="h-1", outcome="done", to_city_at=at(today(), "09:00")),
        m.CardSettled(card_id="card-1"),
        m.WantedCards(
            lot=a_case("lot-1"),
            step=Step.SEAL,
            slip_id="slip-1",
            route=Route.PICKUP_NOTICE,
            card_ids=("card-1",),
        ),
        m.FoundCards(card_ids=("card-1",), slip_quantity=1),
    ]


def _recordings() -> list[Any]:
    child = a_case("handoff-1", parent_id="card-1")
    change = replace(
        change_of(a_card(), a_deadline(), frozenset({"handoff-1"})),
        stuck="deadline_breached",
        escalated_to=Role.OFFICIAL,
    )
    opens = m.OpenedCase(
        case=child,
        kind=CaseKind.HANDOFF,
        change=change,
        event=an_event("offer_handoff", reason="理由", detail={"section": "citizens"}),
        start=m.OpenHandoff(case=child, handoff=a_handoff(), parent_kind=CaseKind.CARD),
    )
    moved = Movement(
        item_id="card-1/card/1",
        kind=ItemKind.CARD,
        source=Holder.PROVIDER,
        target=Holder.HAND_OVER,
    )
    slip = SlipChange(slip_id="slip-1", lot_id="lot-1", quantity=1, settled="void")
    recording = m.Recording(
        case=a_case("card-1"),
        key="act/key-1",
        event=an_event(),
        change=change,
        movements=(moved,),
        slip=slip,
        opens=opens,
        after=3,
    )
    recorded = m.Recorded(
        last_seq=4,
        ahead=True,
        unknown={"act/key-1": "seal"},
        state=change.state,
        deadline=a_deadline(),
    )
    known = m.Known(case=a_case("card-1"), last_seq=3)
    return [opens, recording, recorded, known]


def _papers() -> list[Any]:
    lot, made_at = a_case("lot-1"), at(today(), "10:00")
    cards = ("card-1",)
    return [
        m.MakeNotices(
            case=lot,
            card_ids=cards,
            ordinals={"card-1": 2},
            made_at=made_at,
            batch_id="batch-1",
            part=2,
        ),
        m.MadeNotices(documents={"card-1": "d-1"}, refused={"card-2": "MissingGlyph"}),
        m.BindNotices(lot=lot, batch_id="batch-1", parts=2, card_ids=cards, made_at=made_at),
        m.PrintSlip(lot=lot, slip_id="slip-1", card_ids=cards, made_at=made_at),
        m.PrintPapers(lot=lot, document_id="d-2", bundle=_bundle(), made_at=made_at),
    ]


def _messages() -> list[Any]:
    case = a_case("reservation-1")
    key, message_id = "booking_changed/2", "<4f1d@city.example>"
    facts: m.Facts = {"line": "申請受付", "party": 2, "offers": ("a", "b"), "generation": None}
    return [
        m.SendMessage(
            case=case,
            key=key,
            kind="booking_changed",
            means="mail",
            at=at(today(), "10:00"),
            facts=facts,
        ),
        m.SentMessage(
            key=key,
            message_id=message_id,
            tries=2,
            sent_at=at(today(), "10:01"),
            guidance_version="3",
        ),
        m.GiveUpMessage(case=case, key=key),
        m.GivenUpMessage(key=key, sent=True, tries=3),
    ]


def _reservation() -> Reservation:
    moment = at(today(), "10:00")
    freed = Freed(place=a_place(site="booth"), places=2, returns_at=moment)
    return replace(
        a_reservation(stage=Stage.TO_ENTER, entry=Entry.CHANGE, sms=True),
        terms=some_terms(late_after=timedelta(minutes=15)),
        placed_at=moment,
        was_at=moment,
        generation=2,
        promised=True,
        guided=Guided(version="3", means=Means.SPOKEN, at=moment),
        freed=(freed,),
        told=("booking_confirmed/1",),
        must_phone=True,
        attempts=1,
        reference="A-1",
        cause="storm",
        late=True,
    )


def _photos() -> list[Any]:
    case = a_case("application-1")
    return [
        photos.CheckPhoto(
            case=case, document_id="application-1-photo-1", exemption=Exemption.POSTURE
        ),
        photos.PrintPhoto(case=case, document_id="p", sheet_id="s", made_at=at(today(), "09")),
        photos.CheckedPhoto(
            verdict=Verdict.LOOK_HERE,
            problems=(Problem.TILTED, Problem.DARK),
            excused=(Problem.TILTED,),
        ),
    ]


def _procedures() -> list[Any]:
    case = a_case("procedure-1", parent_id="visit-1")
    return [
        procedures.OpenProcedure(case=case, procedure=_procedure(), deadline=a_deadline()),
        procedures.ProcedureEnded(case_id="procedure-1", outcome="done"),
    ]


def _calls() -> list[Any]:
    due = a_deadline()
    entry = replace(an_entry(), stage=EntryStage.ENTERED, reference="D-1")
    asked = replace(an_inquiry(), stage=InquiryStage.REFERRED, destination="citizens")
    return [
        calls.OpenExternalEntry(case=a_case("entry-1"), entry=entry, deadline=due),
        a_whole_opening(),
        calls.OpenInquiry(case=a_case("inquiry-1"), inquiry=asked, deadline=due),
        venues.OpenVenue(case=a_case("venue-1"), venue=an_agreed_venue(), deadline=due),
    ]


def _defects() -> list[Any]:
    case, moment = a_case("defect-1"), at(today(), "12:00")
    value = replace(
        a_defect(stage=DefectStage.RETAKE_BOOKED),
        last_attempt=tried("reached"),
        next_try=moment,
        waits_until=moment,
        retake=a_retake(),
        receipt="A-1",
    )
    plan = defects.PlanTry(
        case=case,
        stage=DefectStage.CONTACTING,
        tries=1,
        now=moment,
        on=today(),
        at=moment.time(),
        visit_ends_at=moment,
    )
    return [
        defects.OpenDefect(case=case, defect=value, deadline=a_deadline()),
        plan,
        defects.PlannedTry(next_try=moment, waits_until=moment, deadline=a_deadline()),
        defects.LookAtRetake(case=case, reservation="OTA-R26-000001-8"),
        found_retake(),
    ]


def _applications() -> list[Any]:
    case = a_case("application-1", parent_id="visit-1")
    return [
        applications.OpenApplication(
            case=case, application=_application(), deadline=a_deadline()
        ),
        applications.DefectSettled(
            case_id="defect-1", settlement=Settlement.RESUBMITTED, receipt="R-2"
        ),
    ]


def _application() -> Application:
    sent = walked(an_application(except_roles=(Role.SUPPORT_STAFF,), keeps_form_id=True))
    photo = KeptPhoto(document="photo-1", at=at(today(), "10:00"))
    return replace(
        sent.report_defect(DefectKind.PHOTO_SIZE, "defect-1"), photo=photo, ended=None
    )


def _procedure() -> Procedure:
    return a_procedure(
        "printed_items_change",
        done=(Done(kind=StepKind.DOCUMENTS, by="operator-1", party=Party.PROVIDER),),
        decided=(Decided(what=StepKind.SERVE, party=Party.CITY),),
        sent_back=1,
    )


def _bundle() -> Bundle:
    return Bundle(number=1, papers=(Papers(kind=PaperKind.APPLICATION, count=2),))


def _batch() -> m.Batch:
    return m.Batch(
        batch_id="batch-1",
        step=Step.REFUSE_RECEIPT,
        by=CLERK,
        card_ids=("card-1", "card-2"),
        reason="理由",
        fields={"slip_id": "slip-1"},
    )


def _view() -> m.CaseView:
    return m.CaseView(
        case_id="card-1",
        stage="sealed",
        closed=False,
        due_at=at(today(), "23:59:59"),
        opened="handoff-1",
        accepted=3,
    )
