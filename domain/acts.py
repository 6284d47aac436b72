"""Everything that people do, in the words of the HTTP interface, and what only a city may.

Belongs here: the words, and the acts that nobody can entrust. Does not belong here: which role
may do what (``domain.parties``, through which everybody else knows these words).
"""

from collections.abc import Set
from enum import StrEnum


class Action(StrEnum):
    """Everything a person can be allowed to do; the values are words of the HTTP interface."""

    SEE_CASE = "see_case"
    SEE_PERSON = "see_person"
    SEE_CALENDAR = "see_calendar"
    SEE_ACCESS_LOG = "see_access_log"
    READ_AUDIT = "read_audit"
    REPLAY = "replay"
    UPLOAD_LOT = "upload_lot"
    SETTLE_DISCREPANCY = "settle_discrepancy"
    DECIDE_MISMATCH = "decide_mismatch"
    RECORD_PRE_ISSUE_SETUP = "record_pre_issue_setup"
    MAKE_NOTICE = "make_notice"
    SEAL = "seal"
    UPDATE_DESTINATION = "update_destination"
    PREPARE_DISPATCH = "prepare_dispatch"
    HAND_OVER = "hand_over"
    TAKE_BACK = "take_back"
    ACKNOWLEDGE_RECEIPT = "acknowledge_receipt"
    REFUSE_RECEIPT = "refuse_receipt"
    REGISTER_RETURNED_MAIL = "register_returned_mail"
    RECORD_CONTACT_ATTEMPT = "record_contact_attempt"
    RESEND = "resend"
    KEEP_ITEM = "keep_item"
    HAND_ITEM_TO_OFFICIAL = "hand_item_to_official"
    OFFER_HANDOFF = "offer_handoff"
    ACCEPT_HANDOFF = "accept_handoff"
    RETURN_HANDOFF = "return_handoff"
    COMPLETE_HANDOFF = "complete_handoff"
    WITHDRAW_HANDOFF = "withdraw_handoff"
    ESCALATE = "escalate"
    TAKE_ON = "take_on"
    SETTLE = "settle"
    GIVE_BACK = "give_back"
    PASS_ON = "pass_on"  # noqa: S105  # a step, not a password
    TRANSFER_CALL = "transfer_call"
    REPORT_FEE_DUE = "report_fee_due"
    RECORD_PAYMENT = "record_payment"
    OPEN_REGISTER = "open_register"
    CLOSE_REGISTER = "close_register"
    SUBMIT_DOCUMENTS = "submit_documents"
    COUNT_DOCUMENTS = "count_documents"
    APPROVE_DOCUMENTS = "approve_documents"
    SEND_BACK_DOCUMENTS = "send_back_documents"
    RESUBMIT_DOCUMENTS = "resubmit_documents"
    SEND_LETTER = "send_letter"
    RECORD_REPLY = "record_reply"
    BRING_CARDS = "bring_cards"
    RECEIVE_CARDS = "receive_cards"
    RETURN_CARDS = "return_cards"
    ACCOUNT_CARDS = "account_cards"
    SAVE_VERSION = "save_version"
    SUBMIT_VERSION = "submit_version"
    APPROVE_VERSION = "approve_version"
    RETURN_VERSION = "return_version"
    RECORD_EVIDENCE = "record_evidence"
    AGREE_DAY = "agree_day"
    END_OBLIGATION = "end_obligation"
    VOID_RECORD = "void_record"
    RECEIVE_VISITOR = "receive_visitor"
    SEE_QUEUE = "see_queue"
    ISSUE_TICKET = "issue_ticket"
    CALL_NEXT = "call_next"
    RECALL_TICKET = "recall_ticket"
    SERVE_TICKET = "serve_ticket"
    END_TICKET = "end_ticket"
    MOVE_TICKET = "move_ticket"
    PREFER_TICKET = "prefer_ticket"
    CLOSE_LINE = "close_line"
    CLOSE_VISIT = "close_visit"
    TAKE_CHARGE = "take_charge"
    WRAP_UP_VISIT = "wrap_up_visit"
    ADD_PROCEDURE = "add_procedure"
    TAKE_IN_DOCUMENTS = "take_in_documents"
    CONFIRM_IDENTITY = "confirm_identity"
    RECORD_PIN_SET = "record_pin_set"
    CARRY_OUT = "carry_out"
    PRINT_ON_CARD = "print_on_card"
    RECORD_RECEIPT = "record_receipt"
    PASS_CHECK = "pass_check"  # noqa: S105  # a step, not a password
    FAIL_CHECK = "fail_check"
    DECIDE_PARTY = "decide_party"
    CHANGE_RECEIVER = "change_receiver"
    END_PROCEDURE = "end_procedure"
    ADD_APPLICATION = "add_application"
    RECORD_CONSENT = "record_consent"
    READ_FORM_ID = "read_form_id"
    ENTER_SURVEY = "enter_survey"
    ACCEPT_PHOTO = "accept_photo"
    OVERRIDE_PHOTO = "override_photo"
    PRINT_PHOTO = "print_photo"
    PASTE_PHOTO = "paste_photo"
    RECORD_SUBMISSION = "record_submission"
    RECEIVE_FORM = "receive_form"
    HAND_TO_RESIDENT = "hand_to_resident"
    REPORT_DEFECT = "report_defect"
    RECORD_CARD_ARRIVAL = "record_card_arrival"
    WITHDRAW_APPLICATION = "withdraw_application"
    TAKE_OVER_APPLICATION = "take_over_application"
    CHECK_IN = "check_in"
    CHECK_PHOTO = "check_photo"
    FOLLOW_GUIDE = "follow_guide"
    REGISTER_DOCUMENTS = "register_documents"
    ACKNOWLEDGE_DOCUMENTS = "acknowledge_documents"
    SUSPEND_DEADLINE = "suspend_deadline"
    RESUME_DEADLINE = "resume_deadline"
    EXTEND_DEADLINE = "extend_deadline"
    REPORT_INCIDENT = "report_incident"
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
    SEE_KNOWLEDGE = "see_knowledge"
    WRITE_ARTICLE = "write_article"
    RECORD_MEETING = "record_meeting"
    WITHDRAW_INCIDENT = "withdraw_incident"
    ADD_CLOSURE = "add_closure"
    ADD_SITE = "add_site"
    PROPOSE_PLACE = "propose_place"
    APPROVE_PLACE = "approve_place"
    REGISTER_NETWORK = "register_network"
    KEEP_CORE_IDS = "keep_core_ids"
    LIST_FOR_DISPOSAL = "list_for_disposal"
    APPROVE_DISPOSAL = "approve_disposal"
    HOLD_CASE = "hold_case"
    ACTIVATE_CONTRACT = "activate_contract"
    MAKE_RESERVATION = "make_reservation"
    CHANGE_RESERVATION = "change_reservation"
    CANCEL_RESERVATION = "cancel_reservation"
    RECORD_GUIDANCE = "record_guidance"
    RECORD_EXTERNAL_ENTRY = "record_external_entry"
    REQUEST_ENTRY = "request_entry"
    WITHDRAW_ENTRY = "withdraw_entry"
    CHECK_ENTRY = "check_entry"
    SEND_BACK_ENTRY = "send_back_entry"
    RECORD_INQUIRY = "record_inquiry"
    CLOSE_INQUIRY = "close_inquiry"
    LINK_RETAKE = "link_retake"
    RECORD_RESUBMISSION = "record_resubmission"
    RECORD_GIVING_UP = "record_giving_up"
    SEE_INQUIRIES = "see_inquiries"
    RECORD_ARRIVAL = "record_arrival"
    SWITCH_CATALOGUE = "switch_catalogue"
    RECORD_NO_SHOW = "record_no_show"
    SEE_RESERVATIONS = "see_reservations"
    PLAN_VENUE_DAY = "plan_venue_day"
    NAME_VENUE = "name_venue"
    PROPOSE_VENUE = "propose_venue"
    AGREE_VENUE = "agree_venue"
    PREPARE_VENUE = "prepare_venue"
    OPEN_VENUE = "open_venue"
    CLOSE_VENUE = "close_venue"
    WITHDRAW_VENUE = "withdraw_venue"
    ARRANGE_DAY = "arrange_day"
    START_DAY = "start_day"
    END_DAY = "end_day"
    WRITE_GUIDANCE = "write_guidance"
    SEND_LIST = "send_list"
    MAKE_LIST_FILE = "make_list_file"
    RECORD_LIST_DELIVERY = "record_list_delivery"
    SET_LIST_RECIPIENT = "set_list_recipient"
    WRITE_ROSTER = "write_roster"


NON_DELEGABLE: Set[Action] = frozenset(
    {
        Action.ACKNOWLEDGE_RECEIPT,
        Action.REFUSE_RECEIPT,
        Action.ACCEPT_HANDOFF,
        Action.RETURN_HANDOFF,
        Action.COMPLETE_HANDOFF,
        Action.ACKNOWLEDGE_DOCUMENTS,
        Action.PASS_CHECK,
        Action.FAIL_CHECK,
        Action.APPROVE_PLACE,
        Action.APPROVE_DISPOSAL,
        Action.RECORD_PAYMENT,
        Action.OPEN_REGISTER,
        Action.CLOSE_REGISTER,
        Action.COUNT_DOCUMENTS,
        Action.APPROVE_DOCUMENTS,
        Action.SEND_BACK_DOCUMENTS,
        Action.SEND_LETTER,
        Action.RECORD_REPLY,
        Action.BRING_CARDS,
        Action.ACCOUNT_CARDS,
        Action.APPROVE_VERSION,
        Action.RETURN_VERSION,
        Action.VOID_RECORD,
        Action.TAKE_OVER_APPLICATION,
        Action.AGREE_VENUE,
        Action.ANSWER_QUESTION,
    }
)
"""Acts of the city itself: no entry of the table can give them to a provider's role.

Which acts may be entrusted follows the notice 総行マ第20号; receiving what is handed over
and taking on what needs an official are the other side of the entrusted work.
Source: Ota specification §6 preamble and §6(1)③④, (2)③④; Yokosuka §7 シ;
Chiba specification 第1-7(1).
"""
