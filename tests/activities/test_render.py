"""Notices and lists as they leave the printer, read back from the PDF."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from weasyprint.urls import FatalURLFetchingError  # type: ignore[import-untyped]

from activities import render
from activities.preview import FORMS, list_sample, notice_sample, preview
from activities.render import (
    TEMPLATES,
    RenderedNotices,
    TemplateFetcher,
    render_list,
    render_notices,
    unprintable,
    write_notices,
)
from domain.errors import MissingGlyph, TooLongForForm
from domain.lots.notice import (
    DocumentCount,
    DocumentSlip,
    NoticeData,
    NoticeForm,
    NoticeList,
    NoticeRow,
    NoticeTexts,
)
from tests.activities import pdf_reading

A4, POSTCARD = NoticeForm.ISSUE_A4, NoticeForm.ISSUE_POSTCARD
BARE = NoticeTexts(city_name="見本区")
RARE = "葛\U000e0102"
NAMES = (f"{RARE}城 一", "髙﨑 二", "\U00020bb7田 三", "葛\U000e0103西 四", "MARIA SOUZA LIMA")


def notice(number: int = 1, **changes: object) -> NoticeData:
    blank = NoticeData(
        case_number=f"OTA-K26-{number:06d}-7",
        name="見本 太郎",
        postal_code="1000000",
        address="東京都見本区見本町一丁目2番3号",
        issued_on=date(2026, 11, 20),
        pickup_until=date(2027, 2, 19),
    )
    return replace(blank, **changes)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _no_warning_from_the_engine(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A rule the engine ignores, or a glyph it lacks, is only ever logged."""
    yield
    loud = [r for r in caplog.records if r.name == "weasyprint" and r.levelno > logging.INFO]
    assert [] == [record.getMessage() for record in loud]


@pytest.fixture(scope="module", params=NoticeForm)
def form(request: pytest.FixtureRequest) -> NoticeForm:
    """Each notice form in turn."""
    assert isinstance(request.param, NoticeForm)
    return request.param


@pytest.fixture(scope="module")
def people() -> list[NoticeData]:
    """Five people whose names need every font there is."""
    return [notice(number, name=name) for number, name in enumerate(NAMES)]


@pytest.fixture(scope="module")
def job(form: NoticeForm, people: list[NoticeData]) -> Iterator[RenderedNotices]:
    """One job of five people, in chunks of two so that chunks have edges."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(render, "CHUNK", 2)
        yield render_notices(people, form, notice_sample(form).texts)


def squeezed(text: str) -> str:
    return "".join(text.split())


class TestNotices:
    def test_each_person_gets_one_file_with_their_words_only(
        self, job: RenderedNotices, people: list[NoticeData], form: NoticeForm
    ) -> None:
        """
        A file that shows a neighbour's name is a data leak to whoever opens it.
        """
        assert len(people) == len(job.per_person)
        for person, pdf in zip(people, job.per_person, strict=True):
            pages = pdf_reading.texts(pdf)
            text = "".join(pages)

            assert form.pages == len(pages)
            assert [person.name] == [n for n in NAMES if squeezed(n) in text]
            for shown in (person.case_number, "令和8年11月20日", "令和9年2月19日（金）まで"):
                assert shown in text

    def test_the_print_file_has_all_pages_in_order(
        self, job: RenderedNotices, people: list[NoticeData], form: NoticeForm
    ) -> None:
        """
        The stack from the printer is matched with the list from top to bottom.
        """
        pages = pdf_reading.texts(job.print_file)

        assert form.pages * len(people) == len(pages)
        for place, person in enumerate(people):
            assert person.case_number in pages[place * form.pages]

    def test_the_files_are_sound(self, job: RenderedNotices) -> None:
        """
        The print file is written by hand, object by object: readers must not need to mend it.
        """
        for pdf in (job.print_file, *job.per_person):
            with pikepdf.open(BytesIO(pdf), attempt_recovery=False) as opened:
                assert [] == opened.check_pdf_syntax()
                assert "ja" == str(opened.Root.Lang)
                assert str(opened.docinfo["/Title"]).startswith("個人番号カード交付")

    def test_a_persons_file_is_an_archive_copy_with_tags_of_its_own_pages(
        self, job: RenderedNotices
    ) -> None:
        """
        A tag that still led to another page would carry that page along.
        """
        with pikepdf.open(BytesIO(job.per_person[1])) as opened:
            own = {page.objgen for page in opened.pages}
            pages = [o for o in opened.objects if _is(o, "/Page")]
            parts = [o for o in opened.objects if _is(o, "/StructElem") and o.S != "/Document"]
            tagged = {part.Pg.objgen if "/Pg" in part else None for part in parts}
            metadata = opened.Root.Metadata.read_bytes()

            assert own == {page.objgen for page in pages}
            assert own == tagged
            assert b'pdfaid:part="3" pdfaid:conformance="A"' in metadata

    def test_every_glyph_is_drawn_by_an_embedded_font(self, job: RenderedNotices) -> None:
        """
        A printer that replaces a font, or an empty box, changes a name.
        """
        assert all(
            "/FontFile3" in f or "/FontFile2" in f for f in pdf_reading.fonts(job.print_file)
        )
        drawn = pdf_reading.glyphs(job.print_file)
        assert drawn
        assert [] == [glyph for glyph in drawn if glyph[1] == 0]

    def test_nobody_is_nothing_to_print(self, form: NoticeForm) -> None:
        """
        A day without notices is a day, not an error.
        """
        assert RenderedNotices(per_person=[], print_file=b"") == render_notices([], form, BARE)

    def test_the_same_input_gives_the_same_bytes(self, form: NoticeForm) -> None:
        """
        A repeated activity stores the same document again, found by its hash.
        """
        texts = notice_sample(form).texts

        first = render_notices([notice(1), notice(2, name=NAMES[0])], form, texts)
        second = render_notices([notice(1), notice(2, name=NAMES[0])], form, texts)

        assert first == second


def _is(value: object, kind: str) -> bool:
    return isinstance(value, pikepdf.Dictionary) and value.get("/Type") == kind


class TestLetters:
    def test_only_what_noto_lacks_comes_from_ipamj(self, people: list[NoticeData]) -> None:
        """
        The variant is drawn in its own shape; the letters around it keep the form's style.
        """
        pdf = render_notices(people, A4, BARE).print_file
        by_font = {f: squeezed(text) for f, text in pdf_reading.letters_by_font(pdf).items()}

        assert f"{RARE}葛\U000e0103" == by_font["Sheet-Rare"]
        assert "髙﨑" in by_font["Sheet-Serif"]
        assert "\U00020bb7田" in by_font["Sheet-Serif"]

    def test_two_variants_of_a_character_are_two_glyphs(self, people: list[NoticeData]) -> None:
        """
        The control for the selector: ignoring it would draw the same shape for both.
        """
        pdf = render_notices(people, A4, BARE).print_file

        assert 2 == len(
            {glyph for glyph in pdf_reading.glyphs(pdf) if glyph[0] == "Sheet-Rare"}
        )

    @pytest.mark.parametrize(
        ("name", "code"), [("見本\ue000", "U+E000"), ("葛\U000e01ef城", "U+845B U+E01EF")]
    )
    def test_what_cannot_be_drawn_stops_the_job_before_it_prints(
        self, name: str, code: str
    ) -> None:
        """
        Half a job on paper is worse than none, and the refusal names no person.
        """
        target, kept = BytesIO(), []
        people = [notice(1), notice(2, name=name)]
        with pytest.raises(MissingGlyph) as refusal:
            write_notices(
                people, A4, BARE, print_file=target, keep=lambda *each: kept.append(each)
            )

        assert code == str(refusal.value)
        assert (b"", []) == (target.getvalue(), kept)
        assert {"OTA-K26-000002-7": [code]} == unprintable(people)

    def test_a_contracts_text_is_held_to_the_same(self) -> None:
        """
        A box in the name of the office goes to everybody.
        """
        with pytest.raises(MissingGlyph):
            render_notices([notice()], A4, replace(BARE, office="係\ue000"))


class TestRoom:
    LONG_NAME = "ABDULRAHMAN IBN MUHAMMAD " * 5
    LONG_PLACE = "東京都見本区見本町一丁目二番地三号" * 4

    @pytest.mark.parametrize("building", ["", "見本グランドハイツ見本町セントラルタワー" * 3])
    def test_long_names_stay_inside_the_window(self, form: NoticeForm, building: str) -> None:
        """
        What runs out of the window of the envelope is not read by the postman.
        """
        person = notice(name=self.LONG_NAME, address=self.LONG_PLACE, building=building)
        job = render_notices([person], form, notice_sample(form).texts)
        text = "".join(pdf_reading.texts(job.print_file))

        assert form.pages == len(pdf_reading.texts(job.print_file))
        assert squeezed(person.name + "様") in text
        assert squeezed(person.address + building) in text

    def test_the_longest_recipient_still_stands_where_the_window_is(self) -> None:
        """
        Shrinking must work by place, not by luck: every line begins inside the box.
        """
        person = notice(name=self.LONG_NAME, address=self.LONG_PLACE, building="棟" * 60)
        lines = pdf_reading.places(render_notices([person], A4, BARE).print_file, "Sheet-Serif")

        assert 7 <= len(lines)
        assert [] == [
            place for place in lines if not (21.9 < place[0] < 106 and 15 < place[1] < 55)
        ]

    def test_a_name_that_fits_nowhere_is_refused(self, form: NoticeForm) -> None:
        """
        Cutting a name short would print another name.
        """
        with pytest.raises(TooLongForForm):
            render_notices([notice(name="無" * 400)], form, BARE)

    def test_texts_that_fill_more_than_the_form_are_refused(self, form: NoticeForm) -> None:
        """
        A second page would shift every page behind it by one.
        """
        texts = replace(notice_sample(form).texts, bring=("持ち物",) * 60)
        with pytest.raises(TooLongForForm):
            render_notices([notice()], form, texts)


class TestHarm:
    HOSTILE = '<img src="file:///etc/hostname">&amp;<b>{{ 7*7 }}</b>'

    def test_a_name_is_text_whatever_it_looks_like(self, form: NoticeForm) -> None:
        """
        Names come from lists of others; none may become markup or a template.
        """
        job = render_notices([notice(name=self.HOSTILE)], form, BARE)

        assert squeezed(self.HOSTILE) in "".join(pdf_reading.texts(job.print_file))

    @pytest.mark.parametrize(
        "url",
        [
            "http://127.0.0.1/x",
            "file:///etc/hostname",
            "data:text/css,p{}",
            (TEMPLATES.parent / "pyproject.toml").as_uri(),
            f"{TEMPLATES.as_uri()}/../settings.py",
        ],
    )
    def test_the_engine_reads_nothing_outside_the_template_folder(self, url: str) -> None:
        """
        Even a template that was tampered with cannot read secrets or call a host.
        """
        with pytest.raises(FatalURLFetchingError):
            TemplateFetcher({}).fetch(url)

    def test_the_engine_reads_the_template_folder(self) -> None:
        """
        The control: the same fetcher does give what forms need.
        """
        found = TemplateFetcher({}).fetch((TEMPLATES / "base.css").as_uri())

        assert (TEMPLATES / "base.css").read_bytes() == found.read()

    def test_a_notice_has_no_place_for_a_pin_or_a_number(self, form: NoticeForm) -> None:
        """
        What is written on the returned paper would travel and be filed with it.
        """
        printed = "".join(pdf_reading.texts(preview(form)))
        source = (TEMPLATES / form / "template.html.j2").read_text(encoding="utf-8")

        for word in ("暗証番号", "パスワード", "PIN", "個人番号（", "個人番号："):
            assert word not in printed + source


class TestUnset:
    def test_what_the_contract_leaves_open_is_left_out(self, form: NoticeForm) -> None:
        """
        An invented place or day would send people to the wrong one.
        """
        texts = pdf_reading.texts(
            render_notices([notice(pickup_until=None)], form, BARE).print_file
        )
        full = pdf_reading.texts(preview(form))

        for heading in ("場所", "期限", "予約", "持ち物", "電話"):
            assert heading not in "".join(texts)
            assert heading in "".join(full)


class TestLists:
    def test_the_last_page_of_a_long_list_says_which_it_is(self) -> None:
        """
        A page that gets lost on the way must be missed.
        """
        paper = list_sample("notice_list")
        assert isinstance(paper, NoticeList)
        pages = pdf_reading.texts(render_list(paper))

        assert 2 == len(pages)
        for number, page in enumerate(pages, start=1):
            assert f"{number}/2ページ" in page
            assert paper.slip.slip_number in page
        assert [] == [row for row in paper.rows if row.case_number not in "".join(pages)]

    def test_the_list_counts_what_is_sealed_and_what_is_not(self) -> None:
        """
        The official signs for sealed notices.
        """
        paper = list_sample("notice_list")
        assert isinstance(paper, NoticeList)
        rows = tuple(NoticeRow(case_number=f"A-{n}", sealed=n < 12) for n in range(19))
        (page,) = pdf_reading.texts(render_list(replace(paper, rows=rows)))

        for shown in ("19通", "12通", "7通", "引き渡した人", "受け取った人", "署名"):
            assert shown in page

    @pytest.mark.req("OTA-19")
    def test_a_slip_prints_the_sum_of_what_is_registered(self) -> None:
        """
        The printed total is what both sides sign.
        """
        paper = list_sample("document_slip")
        assert isinstance(paper, DocumentSlip)
        rows = (
            DocumentCount(kind="申請書", count=1043),
            DocumentCount(kind="回答書", count=96),
        )
        (page,) = pdf_reading.texts(render_list(replace(paper, rows=rows)))

        assert 2 == page.count("1,139")

    @pytest.mark.parametrize(
        "form", ["notice_list", "dispatch_list", "document_slip", "reservation_list"]
    )
    def test_an_empty_list_says_so(self, form: str) -> None:
        """
        A sheet without rows could be a fault of the printer.
        """
        empty = replace(list_sample(form), rows=())  # type: ignore[arg-type]
        (page,) = pdf_reading.texts(render_list(empty))

        assert "ありません。" in page


@pytest.mark.parametrize("form", FORMS)
def test_a_form_prints_the_words_it_was_accepted_with(form: str) -> None:
    """
    Cities approve forms word by word; a changed word must be a decision, not a side effect.
    """
    golden = Path(__file__).parents[1] / "reports" / "golden" / f"{form}.txt"

    assert golden.read_text(encoding="utf-8") == pdf_reading.words(preview(form))
