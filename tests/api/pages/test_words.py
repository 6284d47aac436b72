"""Everything that can stand in a record has words for people."""

import ast
from pathlib import Path

import pytest

from api.pages import words
from api.pages.detail_words import detail_words
from domain.case import CaseKind
from domain.lots.lot import BULK
from domain.lots.matching import MatchResult
from domain.parties import Action

ROOT = Path(words.__file__).resolve().parents[2]

NEVER_RECORDED = {
    Action.SEE_CASE,
    Action.SEE_PERSON,
    Action.SEE_CALENDAR,
    Action.SEE_KNOWLEDGE,
    Action.WRITE_ARTICLE,
    Action.RECORD_MEETING,
    Action.SEE_ACCESS_LOG,
    Action.READ_AUDIT,
    Action.REPLAY,
    Action.UPLOAD_LOT,
    Action.REGISTER_RETURNED_MAIL,
    Action.RECEIVE_VISITOR,
    Action.SEE_QUEUE,
    Action.ISSUE_TICKET,
    Action.CLOSE_LINE,
    Action.REQUEST_ENTRY,
    Action.RECORD_INQUIRY,
    Action.SEE_INQUIRIES,
    Action.ENTER_SURVEY,
    Action.OVERRIDE_PHOTO,
    Action.SWITCH_CATALOGUE,
    Action.CHECK_IN,
    Action.ADD_CLOSURE,
    Action.ADD_SITE,
    Action.PROPOSE_PLACE,
    Action.APPROVE_PLACE,
    Action.REGISTER_NETWORK,
    Action.KEEP_CORE_IDS,
    Action.LIST_FOR_DISPOSAL,
    Action.APPROVE_DISPOSAL,
    Action.HOLD_CASE,
    Action.ACTIVATE_CONTRACT,
    Action.NAME_VENUE,
    Action.REPORT_INCIDENT,
    Action.CHECK_PHOTO,
    Action.FOLLOW_GUIDE,
    Action.SEE_RESERVATIONS,
    Action.PLAN_VENUE_DAY,
    Action.WRITE_GUIDANCE,
    Action.SET_LIST_RECIPIENT,
    Action.WRITE_ROSTER,
    # Recorded as reservation_held and reservation_changed, whoever did it.
    Action.MAKE_RESERVATION,
    Action.CHANGE_RESERVATION,
}
"""What is allowed but leaves no event in a case, or leaves one of another name."""


def recorded_names() -> set[str]:
    """Return every event name that stands in the code as a plain text."""
    found: set[str] = set()
    routes = (path for path in ROOT.glob("api/**/*.py") if "pages" not in path.parts)
    for path in [*ROOT.glob("workflows/*.py"), *routes]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Dict):
                found |= _alarms(node)
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            texts = [each.value for each in node.keywords if each.arg == "action"]
            if name == "_event":
                texts += node.args[:1]
            if name in {"CaseEvent", "Opening", "_event"}:
                found |= {str(t.value) for t in texts if isinstance(t, ast.Constant)}
    return found


def _alarms(table: ast.Dict) -> set[str]:
    """Return the names in the table of what each meaning of an alarm is recorded as."""
    if not all(ast.unparse(key or table).startswith("Meaning.") for key in table.keys):
        return set()
    return {str(value.value) for value in table.values if isinstance(value, ast.Constant)}


def test_every_event_has_a_sentence() -> None:
    """
    A code on a screen is a question to the help desk.
    """
    actions = {str(action) for action in set(Action) - NEVER_RECORDED}
    expected = recorded_names() | actions

    assert {"lot_completed", "card_matched", "visitor_received", "escalated"} < expected
    assert set() == expected - set(words.EVENT_TEXT)


def test_every_step_with_many_cards_has_a_name() -> None:
    """
    Progress says what is being done.
    """
    assert {str(step) for step in BULK} == set(words.BATCH_TEXT)


def test_details_are_words_counts_and_days() -> None:
    """
    Ids and codes stay with the raw record.
    """
    detail = {
        "cards": 24,
        "match": 18,
        "delivered_on": "2026-11-08",
        "route": "pickup_notice",
        "refused": 0,
        "document": "01a1-notice-1",
        "batch": "abc",
        "due_after": "2026-12-31T23:59:59+09:00",
        "to": "site_manager",
    }

    assert [
        ("件数", "24件"),
        ("一致", "18件"),
        ("納品日", "11月8日（日）"),
        ("受取方法", "交付時来庁（交付通知書）"),
        ("変更後の期限", "12月31日（木）"),
        ("知らせた先", "現地管理者"),
    ] == detail_words(detail, CaseKind.LOT)


def test_a_code_means_what_it_means_in_its_kind_of_case() -> None:
    """
    Mail that nobody took and a consent that nobody gave share a word for programs.
    """
    told = [
        detail_words({"why": "refused"}, CaseKind.RETURNED_MAIL),
        detail_words({"answer": "refused"}, CaseKind.VISIT),
        detail_words({"means": "spoken"}, CaseKind.VISIT),
        detail_words({"means": "spoken"}, CaseKind.RESERVATION),
    ]

    assert ["受取拒否", "同意しなかった", "口頭で", "読み上げ"] == [each[0][1] for each in told]


@pytest.mark.parametrize("result", MatchResult)
def test_every_result_of_a_match_is_counted_in_words(result: MatchResult) -> None:
    """
    The record of a lot counts them by their codes.
    """
    assert [(words.result_words(result), "2件")] == detail_words({result: 2}, CaseKind.LOT)


def test_a_step_of_a_lot_is_begun_and_ended() -> None:
    """
    Accepted is not done yet.
    """
    detail = {"batch": "b", "step": "seal", "cards": 3}
    told = [words.event_words(a, CaseKind.LOT, detail) for a in ("seal", "batch_finished")]

    assert ["封緘の記録を始めました", "封緘の記録が終わりました"] == told
    assert "封緘を記録しました" == words.event_words("seal", CaseKind.CARD, {})


@pytest.mark.parametrize(
    "problem",
    [
        "missing",
        "unlinked",
        "changed",
        "cut",
        "archive_changed",
        "case_missing",
        "numbers_missing",
    ],
)
def test_every_break_of_the_record_is_told_in_words(problem: str) -> None:
    """
    An auditor who finds one has to be able to read it to somebody.
    """
    assert words.BREAK_TEXT[problem]
