"""Refusals: the ways a rule can say no.

The class name is the wire name: Temporal carries it as the failure ``type``, HTTP as the
problem ``code``. Renaming a class is a protocol change. A lost database or a bug is not a
refusal and has no place here. Those of bookings stand in ``booking_errors``, and all of
them together in ``refusals``.
"""

from typing import ClassVar


class DomainError(Exception):
    """A rule was applied correctly and refused the request.

    The message is a short Japanese sentence that names the thing, never the person, and
    never repeats the input.
    """

    title: ClassVar[str] = "受け付けられません"
    """What a person reads first; each refusal has its own."""


class MissingGlyph(DomainError):
    """A text holds characters that no installed font can draw; the message has their codes."""

    title = "印字できない文字があります"


class SecretOnPaper(DomainError):
    """A text for paper shows a 12-digit number or gives a PIN a place to be written."""

    title = "紙に載せられない番号が含まれています"


class TooLongForForm(DomainError):
    """A text does not fit its place on the form, even in the smallest size allowed."""

    title = "様式に収まりません"


class CalendarNotKnown(DomainError):
    """A day was asked for which the calendar has no data."""

    title = "この日の開庁日は分かりません"


class UnknownCalendar(DomainError):
    """The contract names no such calendar."""

    title = "この名前の暦はありません"


class UnknownDueRule(DomainError):
    """The contract names no such due rule."""

    title = "この名前の期限はありません"


class UnknownContract(DomainError):
    """No contract file carries this name."""

    title = "この契約はありません"


class OutsideTerm(DomainError):
    """New work was asked for on a day outside the contract's term."""

    title = "契約期間の外です"


class ContractDateMissing(DomainError):
    """The term begins on the contract date, and nobody has entered it."""

    title = "契約日が入力されていません"


class ContractFileRefused(DomainError):
    """A contract file is wrong; the message names each line, field and remedy."""

    title = "契約ファイルに誤りがあります"


class ReasonMissing(DomainError):
    """An act that is kept with its reason came without one."""

    title = "理由が必要です"


class DeadlineSuspended(DomainError):
    """The clock stands still already."""

    title = "期限はすでに停止しています"


class ReviewDayOutOfRange(DomainError):
    """A stopped clock would be looked at again too late, or on a day that is over."""

    title = "再確認日が範囲の外です"


class DeadlineNotSuspended(DomainError):
    """There is nothing to resume."""

    title = "期限は停止していません"


class DeadlinePassed(DomainError):
    """The due moment is over; stopping the clock now would hide the breach."""

    title = "期限をすでに過ぎています"


class ExtensionNotLater(DomainError):
    """An extension that is no later than what is due now."""

    title = "延長後の期限が今の期限より後ではありません"


class Unauthenticated(DomainError):
    """Nobody we know is asking, or the credentials do not fit; never says which of them."""

    title = "ログインが必要です"


class NotYourDuty(DomainError):
    """The caller is known, but this is not theirs to do; the message says whose it is."""

    title = "この操作をする権限がありません"


class FirstStepsOpen(DomainError):
    """The caller has to choose a password or register a second factor before anything else."""

    title = "先に初期設定を済ませてください"


class ForeignOrigin(DomainError):
    """A browser was made to send this by a page that is not ours."""

    title = "この画面からやり直してください"


class TooManyAttempts(DomainError):
    """Too many attempts from here, or for this login, within a short time."""

    title = "試行が多すぎます。しばらく待ってからやり直してください"


class PasswordRefused(DomainError):
    """The new password cannot be used; the message says why."""

    title = "このパスワードは使えません"


class CodeRefused(DomainError):
    """The code is wrong, spent or too old."""

    title = "認証コードが正しくありません"


class SessionUnknown(DomainError):
    """The caller has no such session."""

    title = "そのログインはありません"


class AccountUnknown(DomainError):
    """There is no such account, or it is disabled."""

    title = "利用者が見つかりません"


class LoginTaken(DomainError):
    """Somebody has this login name already."""

    title = "このログイン名は使われています"


class UnreadableDate(DomainError):
    """A text is no date, not in the calendar, or outside the era it names."""

    title = "日付が読めません"


class NotACardList(DomainError):
    """A file is no list of this kind; the message names the columns that are missing."""

    title = "この種類の一覧表ではありません"


class EmptyList(DomainError):
    """A list has no rows."""

    title = "一覧表に行がありません"


class ListTooLarge(DomainError):
    """A list is larger than the contract lets anyone hand in at once."""

    title = "一覧表が大きすぎます"


class ForbiddenColumn(DomainError):
    """A list has a column that must not be taken over, such as the Individual Number."""

    title = "受け取ってはならない列が一覧表にあります"


class ForbiddenNumber(DomainError):
    """A text holds a number that must never be kept."""

    title = "記録してはならない番号が含まれています"


class UnusableCharacter(DomainError):
    """A text holds a character that no one types and that cannot be kept."""

    title = "使えない文字が含まれています"


class LooksLikeForbiddenNumber(DomainError):
    """A text holds digits that may be such a number; a person has to look and confirm."""

    title = "記録してはならない番号かどうか確かめてください"


class MixedDeliveryDates(DomainError):
    """The rows of one lot name different delivery dates, or none that can be read."""

    title = "納品日が一つに定まりません"


class WrongStage(DomainError):
    """The case is not at the stage that this step needs."""

    title = "いまの段階ではできない操作です"


class ActionUnknown(DomainError):
    """The case knows no such action."""

    title = "この案件にない操作です"


class CaseUnknown(DomainError):
    """No case with this number is visible to the person asking."""

    title = "案件が見つかりません"


class DecisionNotOpen(DomainError):
    """This mismatch cannot be settled in this way."""

    title = "この不一致には選べない判断です"


class CountDiffers(DomainError):
    """The count that the official gives is not the count that was handed over."""

    title = "受け取った数が引渡しの数と異なります"


class OnSlip(DomainError):
    """The card was handed over together with others."""

    title = "ほかのカードとまとめて引き渡されています"


class ItemElsewhere(DomainError):
    """The thing is not where the movement says it leaves from."""

    title = "その品は、いまここにありません"


class LotAlreadyTaken(DomainError):
    """These cards were taken over before."""

    title = "この納品分はすでに取り込まれています"


class SlipUnknown(DomainError):
    """The lot has no open hand-over slip with this id."""

    title = "引渡し票が見つかりません"


class NothingToDo(DomainError):
    """No card of the lot is at the stage that this step needs."""

    title = "この操作の対象となるカードがありません"


class AcceptedByOther(DomainError):
    """Another official was faster."""

    title = "すでに別の職員が受け付けています"


class HandoffOpen(DomainError):
    """The case has a hand-off that is not finished."""

    title = "引継ぎが終わっていないため、閉じられません"


class DocumentUnknown(DomainError):
    """The case has no such document, or it was erased."""

    title = "書類が見つかりません"


class KeyUsedOtherwise(DomainError):
    """The Idempotency-Key came before, with another request."""

    title = "同じ受付キーで別の依頼が届いています"


class ReceptionClosed(DomainError):
    """Reception is not open at this time."""

    title = "いまは受付時間外です"


class EngineAway(DomainError):
    """The workflow engine or its worker cannot be reached; the request is safe to repeat."""

    title = "処理の準備中です。少し待ってから、もう一度操作してください"


class PlaceNotApproved(DomainError):
    """The city has approved no place for this work, or not yet."""

    title = "市が承認した場所ではありません"


class FieldMissing(DomainError):
    """An action was asked for without something it needs, or with something malformed."""

    title = "入力に不足または誤りがあります"


class NoticeUnset(DomainError):
    """The contract does not say what its notices look like."""

    title = "交付通知書の様式が設定されていません"


class AddresseeUnknown(DomainError):
    """There is no name, address or postal code to send something to."""

    title = "あて先が足りないため作成できません"


class DeadlineUnset(DomainError):
    """The contract has no rule for a date without which the work cannot begin."""

    title = "期限の定めがないため始められません"


class HistoryGone(DomainError):
    """Neither the archive nor the engine has the history of the case."""

    title = "この案件の処理履歴は残っていません"


class HistoryErased(DomainError):
    """The key of the case was deleted: its history can be kept but not read or replayed."""

    title = "消去済みの案件のため再現できません"


class CaseErased(DomainError):
    """The key of the case was deleted: nothing can be added to it or read of its person."""

    title = "消去済みの案件です"


class CityErased(DomainError):
    """The key of the municipality was deleted: nothing can be kept for it any more."""

    title = "この自治体の記録は消去済みです"


class CaseStillOpen(DomainError):
    """Something was asked for that may only happen once a case has ended."""

    title = "まだ終わっていない案件です"
