"""Articles and editions: what may be used when, what changes, and what may not be kept."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from contracts.loader import load
from domain.calendars.hours import TOKYO
from domain.calls.inquiry import Category
from domain.errors import FieldMissing
from domain.knowledge.article import (
    ArticleKind,
    ArticleVersion,
    Content,
    Differs,
    checked,
    differences,
    latest,
    next_number,
)
from domain.knowledge.edition import Edition, changes, entries_of, in_use, next_edition, used_at
from domain.knowledge.knowledge_errors import NothingChanged
from domain.knowledge.meeting import Meeting, MeetingKind, Point, kinds_of
from domain.knowledge.meeting import checked as checked_meeting
from domain.obligations.obligation import Obligation, Stage, Step
from domain.obligations.terms import ObligationTerms
from domain.parties import Role

NINE = datetime(2026, 6, 1, 9, 0, tzinfo=TOKYO)
HOUR = timedelta(hours=1)
WITH_APPROVAL = ObligationTerms(code="faq", label="FAQ", approval=True, articles=True)
WITHOUT = ObligationTerms(code="faq", label="FAQ", articles=True)


def content(title: str = "暗証番号を忘れた", body: str = "窓口へ", **more: Any) -> Content:
    return Content(
        kind=ArticleKind.FAQ,
        category=Category.CERTIFICATE_AND_PIN,
        title=title,
        body=body,
        **more,
    )


def version(article: int, number: int = 1, **more: Any) -> ArticleVersion:
    return ArticleVersion(
        article=article,
        number=number,
        content=content(body=f"第{number}版の答え", **more),
        reason="作成",
        written_by="account",
        written_role=Role.CLERK,
        written_at=NINE,
    )


def document(terms: ObligationTerms = WITH_APPROVAL) -> Obligation:
    return Obligation(case_id="document", terms=terms)


def handed_in(value: Obligation, edition: Edition, at: datetime) -> Obligation:
    return value.save(edition.reference, (), at, provisional=False).submit(at, late=False)


def edition(*versions: ArticleVersion, after: tuple[Edition, ...] = ()) -> Edition:
    return next_edition(after, versions, NINE)


class TestArticle:
    def test_what_is_written_is_whole(self) -> None:
        """
        Without a heading or an answer, or with days in the wrong order, it is not kept.
        """
        tidy = checked(content("  暗証番号 を\n忘れた ", "一行目\r\n二行目\n"))
        first, last = date(2026, 7, 2), date(2026, 7, 1)

        assert ("暗証番号 を 忘れた", "一行目\n二行目") == (tidy.title, tidy.body)
        for wrong in (
            content(" "),
            content(body="\n"),
            content("あ" * 121),
            content(valid_from=first, valid_until=last),
        ):
            with pytest.raises(FieldMissing):
                checked(wrong)

    def test_a_version_says_something_else_than_the_one_before(self) -> None:
        """
        Versions are never changed, so each of them has to be one.
        """
        before = version(1)

        assert (1, 2) == (next_number(None, content()), next_number(before, content()))
        with pytest.raises(NothingChanged):
            next_number(before, before.content)
        with pytest.raises(FieldMissing):
            next_number(None, content(withdrawn=True))

    def test_both_days_belong_to_it(self) -> None:
        """
        An answer that ends with a regulation is not told on the day after.
        """
        held = content(valid_from=date(2026, 7, 1), valid_until=date(2026, 7, 2))

        assert [False, True, True, False] == [
            held.holds_on(date(2026, 6, 30) + timedelta(days=n)) for n in range(4)
        ]

    def test_lines_that_came_and_went_are_told_apart(self) -> None:
        """
        Whoever approves looks at what changed, and at nothing else.
        """
        lines = differences(content(body="同じ\n前"), content(body="同じ\n後"))

        assert [
            (Differs.SAME, "暗証番号を忘れた"),
            (Differs.SAME, "同じ"),
            (Differs.GONE, "前"),
            (Differs.NEW, "後"),
        ] == [(line.how, line.text) for line in lines]


class TestEdition:
    def test_it_holds_the_last_version_of_each_article(self) -> None:
        """
        A withdrawn one is left out, and an edition that changes nothing is none.
        """
        kept = (version(1), version(1, 2), version(2), version(2, 2, withdrawn=True))
        first = edition(*kept)

        assert ((1, 2),) == entries_of(kept) == first.entries
        assert [1, 2] == list(latest(kept))
        with pytest.raises(NothingChanged):
            edition(*kept, after=(first,))
        with pytest.raises(NothingChanged):
            edition()

    def test_what_it_changes_is_named(self) -> None:
        """
        Added, changed and removed, each by the article.
        """
        first = edition(version(1), version(2))
        found = changes(first, ((2, 2), (3, 1)))

        assert ((3,), (2,), (1,)) == (found.added, found.changed, found.removed)
        assert (1, 2, 3) == found.articles

    @pytest.mark.parametrize("terms", [WITH_APPROVAL, WITHOUT])
    def test_it_may_be_used_from_when_the_contract_says(self, terms: ObligationTerms) -> None:
        """
        From the city's approval; where it approves nothing, from when it was handed in, and
        never before.
        """
        first = edition(version(1))
        second = edition(version(1, 2), after=(first,))
        both = (first, second)
        value = document(terms).save(first.reference, (), NINE, provisional=False)
        before = in_use(value, both)
        value = value.submit(NINE + HOUR, late=False)
        since = NINE + HOUR
        if terms.approval:
            assert in_use(value, both) is None
            since += HOUR
            value = value.approve(since, late=False)
        used = in_use(value, both)
        value = value.save(second.reference, (), since, provisional=False)

        assert (None, first, first) == (before, used, in_use(value, both))
        assert used_at(value, both, since - HOUR / 60) is None
        found = used_at(value, both, since)
        assert found is not None
        assert (first, since) == (found.edition, found.since)

    def test_an_old_case_keeps_the_version_of_its_day(self) -> None:
        """
        What was approved later, returned, or kept elsewhere changes nothing of it.
        """
        first = edition(version(1))
        second = edition(version(1, 2), after=(first,))
        third = edition(version(1, 3), after=(first, second))
        all_three = (first, second, third)
        value = handed_in(document(), first, NINE).approve(NINE + HOUR, late=False)
        value = handed_in(value, second, NINE + 2 * HOUR).send_back(NINE + 3 * HOUR)
        value = handed_in(value, third, NINE + 4 * HOUR).approve(NINE + 5 * HOUR, late=False)
        value = value.save("紙のマニュアル", (), NINE, provisional=False).submit(
            NINE + 6 * HOUR, late=False
        )
        value = value.approve(NINE + 7 * HOUR, late=False)

        def at(hours: int) -> tuple[int | None, str] | None:
            used = used_at(value, all_three, NINE + hours * HOUR)
            if used is None:
                return None
            return used.edition.number if used.edition else None, used.version.reference[:2]

        assert [None, (1, "共有"), (1, "共有"), (3, "共有"), (None, "紙の")] == [
            at(hours) for hours in (0, 1, 4, 5, 7)
        ]
        assert third == in_use(value, all_three)


def test_a_document_that_nobody_approves_goes_on_after_it_was_handed_in() -> None:
    """
    Every revision is handed in before it is used; nothing is owed meanwhile.
    """
    value = handed_in(document(WITHOUT), edition(version(1)), NINE)
    again = replace(value).save("第2版", (), NINE + HOUR, provisional=False)

    assert (Stage.IN_USE, True, None) == (value.stage, value.kept, value.owner)
    assert (Step.SAVE_VERSION, Step.END_OBLIGATION) == value.steps()
    assert Role.OPERATIONS_MANAGER == again.owner
    assert 2 == len(again.submit(NINE + HOUR, late=False).usable())


def test_a_meeting_is_written_down_after_it_was_held() -> None:
    """
    With something that was said; empty points are left out.
    """
    held = Meeting(
        kind=MeetingKind.DAILY_REPORT,
        held_on=date(2026, 9, 15),
        place=" 窓口センター ",
        notes={Point.ISSUES: " 混雑 ", Point.RESULTS: ""},
    )
    yokosuka = load("yokosuka").contract
    kept = checked_meeting(held, yokosuka, date(2026, 9, 15))

    assert ("窓口センター", {Point.ISSUES: "混雑"}) == (kept.place, kept.notes)
    for wrong, day in ((held, date(2026, 9, 14)), (replace(held, notes={}), date(2026, 9, 15))):
        with pytest.raises(FieldMissing):
            checked_meeting(wrong, yokosuka, day)


def test_the_daily_report_of_a_centre_is_a_meeting_of_that_contract_alone() -> None:
    """
    Elsewhere nobody should be asked to choose it, and whoever does is told.
    """
    held = Meeting(
        kind=MeetingKind.DAILY_REPORT,
        held_on=date(2026, 9, 15),
        place="",
        notes={Point.ISSUES: "混雑"},
    )

    assert set(MeetingKind) == set(kinds_of(load("yokosuka").contract))
    assert {MeetingKind.CONSULTATION} == set(kinds_of(load("ageo").contract))
    with pytest.raises(FieldMissing):
        checked_meeting(held, load("ageo").contract, date(2026, 9, 15))
