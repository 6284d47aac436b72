"""Who may do what: parties, roles, and the one table of duties.

``allowed`` is asked by the API before it acts and by the workflow again, since the screen
is not the only way in. Whether a case is at the right point for a step is not decided
here (``domain.lots.card`` and its neighbours), nor which contract gives which procedure to
whom: that is data of the contract.
"""

from collections.abc import Mapping

from domain.acts import NON_DELEGABLE, Action
from domain.duty import ANYWHERE as _ANYWHERE
from domain.duty import AUDITOR as _AUDITOR
from domain.duty import BACK_OFFICE as _BACK_OFFICE
from domain.duty import BOOKERS as _BOOKERS
from domain.duty import CITYS as _CITYS
from domain.duty import DESK as _DESK
from domain.duty import EVERYBODY as _EVERYBODY
from domain.duty import FLOOR as _FLOOR
from domain.duty import MANAGERS as _MANAGERS
from domain.duty import OFFICIAL as _OFFICIAL
from domain.duty import OPEN as _OPEN
from domain.duty import OURS as _OURS
from domain.duty import PHONE as _PHONE
from domain.duty import UNDER_WAY as _UNDER_WAY
from domain.duty import WORKERS as _WORKERS
from domain.duty import Duty
from domain.duty import when as _when
from domain.errors import NotYourDuty
from domain.roles import PARTY_TEXT, ROLE_TEXT, Party, Role, Standing

__all__ = [
    "DUTIES",
    "NON_DELEGABLE",
    "PARTY_TEXT",
    "ROLE_TEXT",
    "Action",
    "Duty",
    "Party",
    "Role",
    "Standing",
    "allowed",
    "require",
    "who_may",
    "whose_duty",
]


_AT_WINDOW = (_when(_OURS, _DESK), _when(_CITYS, _OFFICIAL))
_BY_MANAGERS = (_when(_OURS, _MANAGERS),)
_AT_HAND = (_when(_OURS, _WORKERS | _MANAGERS),)
_MANAGER_OR_CITY = (_when(_OURS, frozenset({Role.SITE_MANAGER})), _when(_OPEN, _OFFICIAL))
_WHOEVER_HEARS = (_when(_OURS, _WORKERS | _OFFICIAL), _when(_CITYS, _OFFICIAL))

DUTIES: Mapping[Action, tuple[Duty, ...]] = {
    Action.SEE_CASE: (_when(_ANYWHERE, _EVERYBODY),),
    # Once a case is closed, those who worked on it have no more reason to see the person.
    Action.SEE_PERSON: (
        _when(_OPEN, _WORKERS | _OFFICIAL | _AUDITOR),
        _when(_ANYWHERE, frozenset({Role.SITE_MANAGER}) | _OFFICIAL | _AUDITOR),
    ),
    Action.SEE_CALENDAR: (_when(_ANYWHERE, _EVERYBODY),),
    Action.SEE_ACCESS_LOG: (_when(_ANYWHERE, _OFFICIAL | _AUDITOR),),
    Action.READ_AUDIT: (_when(_ANYWHERE, _MANAGERS | _OFFICIAL | _AUDITOR),),
    Action.REPLAY: (_when(_ANYWHERE, _OFFICIAL | _AUDITOR),),
    Action.UPLOAD_LOT: (_when(_OURS, _BACK_OFFICE),),
    Action.SETTLE_DISCREPANCY: _MANAGER_OR_CITY,
    Action.DECIDE_MISMATCH: (_when(_OURS, _BACK_OFFICE),),
    Action.RECORD_PRE_ISSUE_SETUP: (_when(_OURS, _BACK_OFFICE),),
    Action.MAKE_NOTICE: (_when(_OURS, _BACK_OFFICE),),
    Action.SEAL: (_when(_OURS, _BACK_OFFICE),),
    Action.UPDATE_DESTINATION: (_when(_OURS, _BACK_OFFICE),),
    Action.PREPARE_DISPATCH: (_when(_OURS, _BACK_OFFICE),),
    Action.HAND_OVER: (_when(_OURS, _BACK_OFFICE),),
    Action.TAKE_BACK: (_when(_OURS | {Standing.OFFERED}, _BACK_OFFICE),),
    Action.ACKNOWLEDGE_RECEIPT: (_when(_UNDER_WAY, _OFFICIAL),),
    Action.REFUSE_RECEIPT: (_when(_UNDER_WAY, _OFFICIAL),),
    Action.REGISTER_RETURNED_MAIL: (_when(_OURS, _BACK_OFFICE),),
    Action.RECORD_CONTACT_ATTEMPT: (_when(_OURS, _PHONE), _when(_CITYS, _OFFICIAL)),
    Action.RESEND: (_when(_OURS, _BACK_OFFICE),),
    Action.KEEP_ITEM: (_when(_OURS, _BACK_OFFICE),),
    Action.HAND_ITEM_TO_OFFICIAL: (_when(_OURS, _BACK_OFFICE),),
    Action.OFFER_HANDOFF: (_when(_OURS, _WORKERS),),
    Action.ACCEPT_HANDOFF: (_when(_UNDER_WAY, _OFFICIAL),),
    Action.RETURN_HANDOFF: (_when(_UNDER_WAY, _OFFICIAL),),
    Action.COMPLETE_HANDOFF: (_when(_UNDER_WAY, _OFFICIAL),),
    Action.WITHDRAW_HANDOFF: (_when(_OURS | {Standing.OFFERED}, _WORKERS),),
    # What the workers cannot handle goes to the provider's responsible person first.
    Action.ESCALATE: (_when(_OURS, _WORKERS),),
    Action.TAKE_ON: (_when(_OURS, _MANAGERS),),
    Action.SETTLE: (_when(_OURS, _MANAGERS),),
    Action.GIVE_BACK: (_when(_OURS, _MANAGERS),),
    Action.PASS_ON: (_when(_OURS, _MANAGERS),),
    Action.TRANSFER_CALL: (_when(_OURS, _BOOKERS),),
    # What the city does itself; the provider tells of fees, hands papers in, carries cards.
    Action.REPORT_FEE_DUE: (_when(_OURS, _DESK | _OFFICIAL),),
    Action.RECORD_PAYMENT: (_when(_CITYS, _OFFICIAL),),
    Action.OPEN_REGISTER: (_when(_CITYS, _OFFICIAL),),
    Action.CLOSE_REGISTER: (_when(_CITYS, _OFFICIAL),),
    Action.SUBMIT_DOCUMENTS: (_when(_OURS, _DESK),),
    Action.COUNT_DOCUMENTS: (_when(_CITYS, _OFFICIAL),),
    Action.APPROVE_DOCUMENTS: (_when(_CITYS, _OFFICIAL),),
    Action.SEND_BACK_DOCUMENTS: (_when(_CITYS, _OFFICIAL),),
    Action.RESUBMIT_DOCUMENTS: (_when(_OURS, _DESK),),
    Action.SEND_LETTER: (_when(_OPEN, _OFFICIAL),),
    Action.RECORD_REPLY: (_when(_CITYS, _OFFICIAL),),
    Action.BRING_CARDS: (_when(_CITYS, _OFFICIAL),),
    Action.RECEIVE_CARDS: (_when(_OURS, _DESK),),
    Action.RETURN_CARDS: (_when(_OURS, _DESK),),
    Action.ACCOUNT_CARDS: (_when(_CITYS, _OFFICIAL),),
    Action.VOID_RECORD: (_when(_OPEN, _OFFICIAL),),
    Action.RECEIVE_VISITOR: (_when(_OURS, _DESK),),
    # Reception and guidance of visitors, the floor manager's work, is the provider's.
    Action.SEE_QUEUE: (_when(_ANYWHERE, _FLOOR | _MANAGERS),),
    Action.ISSUE_TICKET: (_when(_OURS, _FLOOR),),
    Action.CALL_NEXT: (_when(_OURS, _DESK),),
    Action.RECALL_TICKET: (_when(_OURS, _DESK),),
    Action.SERVE_TICKET: (_when(_OURS, _DESK),),
    Action.END_TICKET: (_when(_OURS, _DESK),),
    Action.MOVE_TICKET: (_when(_OURS, _FLOOR),),
    Action.PREFER_TICKET: (_when(_OURS, _FLOOR),),
    Action.CLOSE_LINE: (_when(_OURS, _FLOOR),),
    Action.CLOSE_VISIT: (_when(_OURS, _DESK),),
    Action.WRAP_UP_VISIT: (_when(_OURS, _DESK),),
    Action.TAKE_CHARGE: (_when(_OURS, _DESK | _OFFICIAL),),
    Action.ADD_PROCEDURE: (_when(_OURS, _DESK),),
    # A step of a procedure stands with the party that the contract gives it to.
    Action.TAKE_IN_DOCUMENTS: _AT_WINDOW,
    Action.CONFIRM_IDENTITY: _AT_WINDOW,
    Action.RECORD_PIN_SET: _AT_WINDOW,
    Action.CARRY_OUT: _AT_WINDOW,
    Action.PRINT_ON_CARD: _AT_WINDOW,
    Action.RECORD_RECEIPT: _AT_WINDOW,
    Action.PASS_CHECK: (_when(_CITYS, _OFFICIAL),),
    Action.FAIL_CHECK: (_when(_CITYS, _OFFICIAL),),
    # What either may do is settled by whoever is at the window; once given to the city,
    # only the city gives it back.
    Action.DECIDE_PARTY: (_when(_OURS, _DESK | _OFFICIAL), _when(_CITYS, _OFFICIAL)),
    Action.CHANGE_RECEIVER: _AT_WINDOW,
    Action.END_PROCEDURE: _AT_WINDOW,
    Action.RECORD_CONSENT: (_when(_OURS, _DESK),),
    # Whose a way to apply is, the contract says: the course asks that of its row besides.
    Action.ADD_APPLICATION: (_when(_OURS, _DESK | _OFFICIAL),),
    Action.READ_FORM_ID: _AT_WINDOW,
    Action.ACCEPT_PHOTO: _AT_WINDOW,
    Action.ENTER_SURVEY: (_when(_OURS, _DESK),),
    # What a machine takes for bad is for one named person to call good.
    Action.OVERRIDE_PHOTO: (_when(_OURS, frozenset({Role.SITE_MANAGER})),),
    Action.PRINT_PHOTO: _AT_WINDOW,
    Action.PASTE_PHOTO: _AT_WINDOW,
    Action.RECORD_SUBMISSION: _AT_WINDOW,
    Action.RECEIVE_FORM: _AT_WINDOW,
    Action.HAND_TO_RESIDENT: _AT_WINDOW,
    # Word of a defect or of the card may reach either party first.
    Action.REPORT_DEFECT: _WHOEVER_HEARS,
    Action.RECORD_CARD_ARRIVAL: _WHOEVER_HEARS,
    Action.WITHDRAW_APPLICATION: (_when(_OURS, _WORKERS), _when(_CITYS, _OFFICIAL)),
    Action.TAKE_OVER_APPLICATION: (_when(_OPEN, _OFFICIAL),),
    Action.CHECK_IN: (_when(_OURS, _WORKERS),),
    Action.CHECK_PHOTO: (_when(_OURS, _DESK),),
    # Whoever stands with a resident is guided, and has a screen to show them.
    Action.FOLLOW_GUIDE: (_when(_ANYWHERE, _DESK | _OFFICIAL),),
    Action.REGISTER_DOCUMENTS: (_when(_OURS, _BACK_OFFICE),),
    Action.ACKNOWLEDGE_DOCUMENTS: (_when(_UNDER_WAY, _OFFICIAL),),
    # The city, to whom the deadline is owed, may move it at any time before the end.
    Action.SUSPEND_DEADLINE: _MANAGER_OR_CITY,
    Action.RESUME_DEADLINE: _MANAGER_OR_CITY,
    Action.EXTEND_DEADLINE: _MANAGER_OR_CITY,
    # Whoever is there sees to the thing; what the city is told is the managers' to say.
    Action.REPORT_INCIDENT: (_when(_OURS, _WORKERS | _MANAGERS | _OFFICIAL),),
    Action.TAKE_OUT_OF_SERVICE: _AT_HAND,
    Action.ASSIGN_SUBSTITUTE: _AT_HAND,
    Action.RETURN_TO_SERVICE: _AT_HAND,
    Action.RECORD_CONSULTATION: (_when(_OURS, _MANAGERS | _OFFICIAL),),
    Action.REPORT_TO_CITY: _BY_MANAGERS,
    Action.SUBMIT_WRITTEN_REPORT: _BY_MANAGERS,
    Action.SETTLE_INCIDENT: _BY_MANAGERS,
    Action.MARK_SERIOUS: _BY_MANAGERS,
    Action.FILL_VACANCY: _BY_MANAGERS,
    Action.LINK_REVISION: _BY_MANAGERS,
    # What only the city knows it answers itself; the answer is written up by who writes.
    Action.ANSWER_QUESTION: (_when(_CITYS, _OFFICIAL),),
    Action.ADOPT_ANSWER: (_when(_OURS, _BACK_OFFICE | _MANAGERS),),
    Action.KEEP_ANSWER: _BY_MANAGERS,
    # Everybody answers by the same articles; what may be used the city decides with the
    # version of the document (``APPROVE_VERSION``).
    Action.SEE_KNOWLEDGE: (_when(_ANYWHERE, _EVERYBODY),),
    Action.WRITE_ARTICLE: (_when(_ANYWHERE, _BACK_OFFICE | _MANAGERS),),
    Action.RECORD_MEETING: (_when(_ANYWHERE, _MANAGERS | _OFFICIAL),),
    Action.WITHDRAW_INCIDENT: _BY_MANAGERS,
    Action.ADD_CLOSURE: (_when(_ANYWHERE, frozenset({Role.SITE_MANAGER}) | _OFFICIAL),),
    Action.ADD_SITE: (_when(_ANYWHERE, _MANAGERS | _OFFICIAL),),
    # A call centre's place is prepared by the provider and approved by the city.
    Action.PROPOSE_PLACE: (_when(_ANYWHERE, _MANAGERS),),
    Action.APPROVE_PLACE: (_when(_ANYWHERE, _OFFICIAL),),
    # Managers are bound to no network themselves, so that nobody locks everybody out.
    Action.REGISTER_NETWORK: (_when(_ANYWHERE, _MANAGERS),),
    Action.KEEP_CORE_IDS: (_when(_ANYWHERE, _MANAGERS),),
    # What is to be forgotten is put before the city, and nothing is forgotten without it.
    Action.LIST_FOR_DISPOSAL: (_when(_ANYWHERE, _MANAGERS | _OFFICIAL),),
    Action.APPROVE_DISPOSAL: (_when(_ANYWHERE, _OFFICIAL),),
    Action.HOLD_CASE: (_when(_ANYWHERE, _OFFICIAL | _AUDITOR),),
    Action.ACTIVATE_CONTRACT: (_when(_ANYWHERE, frozenset({Role.OPERATIONS_MANAGER})),),
    # Whose calls they are is the contract's to say: a reservation stands with that party.
    Action.MAKE_RESERVATION: (_when(_OURS, _BOOKERS), _when(_CITYS, _OFFICIAL)),
    Action.CHANGE_RESERVATION: (_when(_OURS, _BOOKERS), _when(_CITYS, _OFFICIAL)),
    Action.CANCEL_RESERVATION: (_when(_OURS, _BOOKERS), _when(_CITYS, _OFFICIAL)),
    Action.RECORD_GUIDANCE: (_when(_OURS, _BOOKERS), _when(_CITYS, _OFFICIAL)),
    Action.RECORD_EXTERNAL_ENTRY: (_when(_OURS, _BOOKERS), _when(_CITYS, _OFFICIAL)),
    Action.REQUEST_ENTRY: (_when(_OURS, _BOOKERS),),
    Action.WITHDRAW_ENTRY: (_when(_OURS, _BOOKERS),),
    Action.CHECK_ENTRY: (_when(_OURS, _BOOKERS),),
    Action.SEND_BACK_ENTRY: (_when(_OURS, _BOOKERS),),
    Action.RECORD_INQUIRY: (_when(_OURS, _BOOKERS),),
    Action.CLOSE_INQUIRY: (_when(_OURS, _BOOKERS),),
    # The one who called need not be the one at the window when the person comes again.
    Action.LINK_RETAKE: (_when(_OURS, _WORKERS),),
    Action.RECORD_RESUBMISSION: (_when(_OURS, _WORKERS),),
    Action.RECORD_GIVING_UP: (_when(_OURS, _WORKERS),),
    # The city is told every month what was asked and answered.
    Action.SEE_INQUIRIES: (_when(_ANYWHERE, _BOOKERS | _MANAGERS | _OFFICIAL | _AUDITOR),),
    # People are received at the window, whoever took their call.
    Action.RECORD_ARRIVAL: (_when(_OURS | _CITYS, _WORKERS | _OFFICIAL),),
    Action.SWITCH_CATALOGUE: (_when(_ANYWHERE, _MANAGERS),),
    Action.RECORD_NO_SHOW: (_when(_OURS | _CITYS, _WORKERS | _OFFICIAL),),
    Action.SEE_RESERVATIONS: (_when(_ANYWHERE, _WORKERS | _OFFICIAL | _AUDITOR),),
    Action.PLAN_VENUE_DAY: (_when(_ANYWHERE, _MANAGERS | _OFFICIAL),),
    Action.NAME_VENUE: (_when(_OURS, _MANAGERS),),
    Action.PROPOSE_VENUE: (_when(_OURS, _MANAGERS),),
    Action.AGREE_VENUE: (_when(frozenset({Standing.OFFERED}), _OFFICIAL),),
    Action.PREPARE_VENUE: (_when(_OURS, _MANAGERS),),
    Action.OPEN_VENUE: (_when(_OURS, _MANAGERS),),
    Action.CLOSE_VENUE: (_when(_OURS, _MANAGERS),),
    Action.ARRANGE_DAY: (_when(_OURS, _MANAGERS),),
    Action.START_DAY: (_when(_OURS, _DESK | _MANAGERS),),
    Action.END_DAY: (_when(_OURS, _DESK | _MANAGERS),),
    # The city declines what it is offered.
    Action.WITHDRAW_VENUE: (
        _when(_OURS | {Standing.OFFERED}, _MANAGERS),
        _when(frozenset({Standing.OFFERED}), _OFFICIAL),
    ),
    Action.WRITE_GUIDANCE: (_when(_ANYWHERE, _MANAGERS | _OFFICIAL),),
    Action.SEND_LIST: (_when(_OURS, _BACK_OFFICE),),
    Action.MAKE_LIST_FILE: (_when(_OURS, _BACK_OFFICE),),
    Action.RECORD_LIST_DELIVERY: (_when(_OURS, _BACK_OFFICE),),
    # Where personal data goes is no matter of routine.
    Action.SET_LIST_RECIPIENT: (_when(_ANYWHERE, _MANAGERS),),
    # Who is there is the provider's to say; the city reads it.
    Action.WRITE_ROSTER: (_when(_ANYWHERE, _MANAGERS),),
    # What the contract promises is the provider's to bring and the city's to approve.
    Action.SAVE_VERSION: (_when(_OURS, _BACK_OFFICE | _MANAGERS),),
    Action.SUBMIT_VERSION: (_when(_OURS, _MANAGERS),),
    Action.APPROVE_VERSION: (_when(_UNDER_WAY, _OFFICIAL),),
    Action.RETURN_VERSION: (_when(_UNDER_WAY, _OFFICIAL),),
    Action.RECORD_EVIDENCE: (_when(_OURS, _MANAGERS),),
    Action.AGREE_DAY: (_when(_OPEN, _MANAGERS | _OFFICIAL),),
    Action.END_OBLIGATION: (_when(_OURS, _MANAGERS),),
}


def allowed(role: Role, action: Action, stage: Standing | None = None) -> bool:
    """Say whether ``role`` may do ``action``.

    Args:
        role: Who asks.
        action: What they want to do.
        stage: Where the case stands. ``None`` asks whether the role may ever do it,
            which is what a menu needs to know.
    """
    if action in NON_DELEGABLE and role.party is Party.PROVIDER:
        return False
    return any(
        role in duty.roles and (stage is None or stage in duty.standings)
        for duty in DUTIES[action]
    )


def who_may(action: Action, stage: Standing | None = None) -> tuple[Role, ...]:
    """Return the roles that may do ``action``, in a stable order; for "shown with who may"."""
    return tuple(role for role in Role if allowed(role, action, stage))


def require(role: Role, action: Action, stage: Standing | None = None) -> None:
    """Return if ``role`` may do ``action``.

    Raises:
        NotYourDuty: It may not; the sentence names who may.
    """
    if not allowed(role, action, stage):
        raise NotYourDuty(whose_duty(action, stage))


def whose_duty(action: Action, stage: Standing | None = None) -> str:
    """Say in one Japanese sentence who may do ``action``."""
    roles = "・".join(ROLE_TEXT[role] for role in who_may(action, stage))
    return f"この操作ができるのは{roles}です" if roles else "いまは、だれも行えない操作です"
