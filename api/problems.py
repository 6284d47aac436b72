"""Every refusal leaves as an RFC 9457 problem with a stable ``code``.

The code is the refusal's class name; the title is for people, in Japanese; nothing of the
request is ever repeated. HTTP is the API's language and not the domain's, so which status
a refusal gets is said here and nowhere else.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from temporalio.client import (
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError, FailureError
from temporalio.exceptions import TimeoutError as ActivityTimeout
from temporalio.service import RPCError, RPCStatusCode

from domain import errors
from domain.booking.booking_errors import FormRefused
from domain.refusals import refusals
from store.keys import CityKeyGone, KeyGone

log = structlog.get_logger()

UNAUTHENTICATED = frozenset({"Unauthenticated"})
FORBIDDEN = frozenset(
    {"NotYourDuty", "FirstStepsOpen", "ForeignOrigin", "NetworkNotRegistered", "TermOver"}
)
NOT_FOUND = frozenset(
    {
        "AccountUnknown",
        "ArticleUnknown",
        "CaseUnknown",
        "DocumentUnknown",
        "LinkUnknown",
        "SessionUnknown",
        "SlipUnknown",
        "SlotUnknown",
        "SurveyLinkUnknown",
        "UnknownCalendar",
        "UnknownContract",
        "UnknownDueRule",
        "UnknownLine",
    }
)
MALFORMED = frozenset(
    {
        "ActionUnknown",
        "ApplicantMissing",
        "CodeRefused",
        "ConsentByProxy",
        "CropRefused",
        "DeskUnknown",
        "DocumentsNotEnough",
        "EmptyList",
        "FieldMissing",
        "ForbiddenColumn",
        "FormIdRefused",
        "ForbiddenNumber",
        "FormRefused",
        "KeyUsedOtherwise",
        "KitIncomplete",
        "LooksLikeForbiddenNumber",
        "MixedDeliveryDates",
        "NoDefectsHere",
        "NoOfficialNamed",
        "NoSurveyHere",
        "NoKnowledge",
        "NoLineHere",
        "NotACardList",
        "NotAPhoto",
        "NotADayOfSurvey",
        "NotAListAddress",
        "NotOverruled",
        "NotReachableThen",
        "NothingChanged",
        "NumberNeeded",
        "RetakeNotBooked",
        "PartyTooLarge",
        "PasswordRefused",
        "PhotoDamaged",
        "PhotoHoldsMore",
        "PhotoLikelyRefused",
        "PhotoTooHard",
        "ReasonMissing",
        "ReissueRefused",
        "ReviewDayOutOfRange",
        "SurveyRefused",
        "UnreadableDate",
        "UnusableCharacter",
        "VenueNotOpen",
        "WeakListPassword",
    }
)
GONE = frozenset({"LinkExpired"})
TOO_LARGE = frozenset({"ListTooLarge", "PhotoTooLarge"})
TOO_MANY = frozenset({"TooManyAttempts"})
AWAY = frozenset({"EngineAway", "PhotoGateBusy"})

_BY_STATUS: Mapping[int, frozenset[str]] = {
    401: UNAUTHENTICATED,
    403: FORBIDDEN,
    404: NOT_FOUND,
    410: GONE,
    413: TOO_LARGE,
    422: MALFORMED,
    429: TOO_MANY,
    503: AWAY,
}
_STATUS = {name: status for status, names in _BY_STATUS.items() for name in names}
STATE = 409
"""What is refused because of how things stand: every refusal not named above."""

MEDIA_TYPE = "application/problem+json"
_RETRY_SOON = {"Retry-After": "3"}


def status_of(refusal: str) -> int:
    """Return the status of a refusal by its class name."""
    return _STATUS.get(refusal, STATE)


def problem(
    status: int,
    code: str,
    title: str,
    detail: str = "",
    *,
    headers: Mapping[str, str] | None = None,
    fields: Sequence[Mapping[str, str]] = (),
) -> JSONResponse:
    """Build a problem response."""
    body: dict[str, Any] = {
        "type": f"/problems/{code}",
        "code": code,
        "title": title,
        "status": status,
    }
    if detail:
        body["detail"] = detail
    if fields:
        body["errors"] = list(fields)
    return JSONResponse(body, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def root_refusal(error: BaseException | None) -> ApplicationError | None:
    """Find the refusal under Temporal's wrappers, or ``None`` if there is none.

    A refusal from an activity arrives as update failure → activity failure → application
    error; one raised by the workflow itself lacks the middle layer.
    """
    known = refusals()
    while isinstance(error, FailureError):
        if isinstance(error, ApplicationError) and error.type in known:
            return error
        error = error.cause
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What whoever asked is told about an error."""

    status: int
    code: str
    title: str
    detail: str = ""
    fields: tuple[Mapping[str, str], ...] = ()
    """Which fields of what was sent are wrong, where that is known."""


def told(error: Exception) -> Told:
    """Return what to say of anything that may leave a handler."""
    known = _refused(error) or _not_answered(error)
    if known is not None:
        return known
    if isinstance(error, HTTPException):
        code = error.status_code
        return Told(status=code, code=f"Http{code}", title=_TITLES.get(code, _NO))
    return Told(status=500, code="InternalError", title="処理を完了できませんでした")


def _not_answered(error: Exception) -> Told | None:
    """Return what to say where an engine is away or too slow; asking again will help."""
    away = errors.EngineAway.title
    match error:
        case WorkflowUpdateRPCTimeoutOrCancelledError():
            return Told(
                status=503,
                code="NoAnswerYet",
                title="結果がまだ分かりません",
                detail="同じ受付キー（Idempotency-Key）で、もう一度お試しください。",
            )
        case WorkflowUpdateFailedError() if _ran_out_of_time(error):
            return Told(
                status=503,
                code="NotDone",
                title="時間内に処理できませんでした",
                detail="何も変わっていません。新しい受付キーで、もう一度お試しください。",
            )
        case RPCError() if error.status is RPCStatusCode.NOT_FOUND:
            return Told(status=503, code="NotBegunYet", title=away)
        case RPCError() | OperationalError() | PoolTimeoutError():
            return Told(status=503, code=errors.EngineAway.__name__, title=away)
    return None


def _ran_out_of_time(error: WorkflowUpdateFailedError) -> bool:
    """Tell whether what failed was waiting for the database, not the request itself."""
    cause: BaseException | None = error.cause
    while isinstance(cause, FailureError):
        if isinstance(cause, ActivityTimeout):
            return True
        cause = cause.cause
    return False


def never_connected(error: BaseException) -> bool:
    """Tell whether the engine's client could not connect at its first question.

    The SDK says so with a bare ``RuntimeError``; once connected it raises ``RPCError``.
    """
    return isinstance(error, RuntimeError) and str(error).startswith("Failed client connect")


def _refused(error: Exception) -> Told | None:
    if never_connected(error):
        return Told(status=503, code="EngineAway", title=errors.EngineAway.title)
    if isinstance(error, DataError | UnicodeEncodeError):
        # A value that no column can hold, such as half a character in a case number.
        return Told(status=422, code="InvalidRequest", title=errors.FieldMissing.title)
    if isinstance(error, KeyGone):
        error = _erased(error)
    name, detail = type(error).__name__, str(error)
    if isinstance(error, WorkflowUpdateFailedError):
        refusal = root_refusal(error.cause)
        if refusal is None or refusal.type is None:
            return None
        name, detail = refusal.type, refusal.message
    elif not isinstance(error, errors.DomainError):
        return None
    title = refusals()[name].title
    return Told(
        status=status_of(name), code=name, title=title, detail=detail, fields=_faults(error)
    )


def _erased(gone: KeyGone) -> errors.DomainError:
    """Return what a deleted key means to whoever asked for something that needs it."""
    if isinstance(gone, CityKeyGone):
        return errors.CityErased("契約の終了により消去されたため、新しく受け付けられません。")
    return errors.CaseErased("消去されているため、この操作はできません。")


def _faults(error: Exception) -> tuple[Mapping[str, str], ...]:
    if not isinstance(error, FormRefused):
        return ()
    return tuple(
        {"field": fault.field, "problem": fault.code, "message": fault.message}
        for fault in error.faults
    )


_NO = "受け付けられません"
_TITLES = {
    400: "リクエストの形式が正しくありません",
    404: "見つかりません",
    405: "この操作はできません",
    413: "送られたデータが大きすぎます",
    415: "この形式は受け付けられません",
}


def install(app: FastAPI) -> None:
    """Register the handlers."""
    for kind in (
        errors.DomainError,
        KeyGone,
        WorkflowUpdateFailedError,
        WorkflowUpdateRPCTimeoutOrCancelledError,
        RPCError,
        OperationalError,
        PoolTimeoutError,
        DataError,
        UnicodeEncodeError,
        RuntimeError,
        HTTPException,
        Exception,
    ):
        app.add_exception_handler(kind, _on_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)


async def _on_error(request: Request, error: Exception) -> Response:
    answer = told(error)
    headers: dict[str, str] = {}
    if answer.status >= 500:
        log.error("request_failed", code=answer.code, path=_route(request), exc_info=error)
    if answer.status == 503:
        headers |= _RETRY_SOON
    if answer.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, HTTPException):
        headers |= dict(error.headers or {})
    return await _answer(request, answer, headers)


async def _on_invalid(request: Request, error: Exception) -> Response:
    # FastAPI's own answer repeats the input; ours must not, it may be personal data.
    assert isinstance(error, RequestValidationError)
    ours = _declared(request.app)
    fields = [
        {"field": _place(each["loc"], ours), "problem": each["type"]} for each in error.errors()
    ]
    answer = Told(
        status=422,
        code="InvalidRequest",
        title=errors.FieldMissing.title,
        fields=tuple(fields),
    )
    return await _answer(request, answer, {})


def _place(steps: Sequence[int | str], ours: Set[str]) -> str:
    """Return where in a request something is wrong; a name that is not ours is input."""
    return ".".join(
        str(step) if isinstance(step, int) or step in ours else "?" for step in steps
    )


def _declared(app: FastAPI) -> Set[str]:
    """Return every name that the interface declares: of fields, parameters and choices."""
    schema = app.openapi()
    known: tuple[object, Set[str]] | None = getattr(app.state, "declared", None)
    if known is None or known[0] is not schema:
        found = frozenset({"body", "query", "path", "header", "[key]", *_names(schema)})
        known = app.state.declared = (schema, found)
    return known[1]


def _names(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        yield from part.get("properties", {})
        if isinstance(part.get("name"), str):
            yield part["name"]
        if isinstance(part.get("enum"), list):
            yield from map(str, part["enum"])
        for inner in part.values():
            yield from _names(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _names(inner)


async def _answer(request: Request, answer: Told, headers: Mapping[str, str]) -> Response:
    count = getattr(request.app.state, "refused", None)
    if count is not None:
        count(answer.code)
    page = getattr(request.app.state, "problem_page", None)
    if page is not None and _wants_page(request):
        response: Response = await page(request, answer)
        response.headers.update(headers)
        return response
    return problem(
        answer.status,
        answer.code,
        answer.title,
        answer.detail,
        headers=headers,
        fields=answer.fields,
    )


def _route(request: Request) -> str:
    return str(getattr(request.scope.get("route"), "path", ""))


def _wants_page(request: Request) -> bool:
    accepts = request.headers.get("Accept", "")
    return "text/html" in accepts and not request.url.path.startswith("/api/")
