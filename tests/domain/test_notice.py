"""What may stand on a notice, in which order, under which name."""

from dataclasses import replace
from datetime import date

import pytest
from pydantic import TypeAdapter

from domain.errors import SecretOnPaper
from domain.lots.notice import (
    DocumentCount,
    DocumentSlip,
    NoticeData,
    NoticeForm,
    NoticeList,
    NoticeRow,
    NoticeTexts,
    Slip,
    page_order,
    printed_texts,
    refuse_secrets,
)

NOTICE = NoticeData(
    case_number="OTA-K26-000123-7",
    name="葛\U000e0102城 髙﨑",
    postal_code="1000000",
    address="東京都見本区見本町一丁目2番3号",
    issued_on=date(2026, 11, 20),
)
SLIP = Slip(
    slip_number="OTA-N26-0041",
    city_name="見本区",
    made_on=date(2026, 11, 20),
    from_party="受託事業者",
    to_party="見本区",
)


class TestRefuseSecrets:
    @pytest.mark.parametrize(
        "text",
        [
            "暗証番号（　　　　）を書いてお持ちください",
            "暗証番号 □□□□",
            "ＰＩＮを欄に記入",
            "パスワード＿＿＿＿",
            "番号 123456789018",
            "番号 １２３４-５６７８-９０１８",
            "1234 5678 9018",
        ],
    )
    def test_no_text_asks_for_a_pin_or_shows_twelve_digits(self, text: str) -> None:
        """
        Paper travels by mail and lies in files: what is not asked for is not written on it.
        """
        with pytest.raises(SecretOnPaper):
            refuse_secrets(text)

    @pytest.mark.parametrize(
        "text",
        [
            "暗証番号を考えてきてください。回答書に記入してください。",
            "電話 03-0000-0000（8時30分から17時まで）",
            "0120-950-178",
            "OPINION の欄",
            "1234567890123",
        ],
    )
    def test_what_only_looks_similar_may_be_printed(self, text: str) -> None:
        """
        The control: cities do tell people to think of their PINs beforehand.
        """
        refuse_secrets(text)

    def test_every_text_of_a_notice_is_held_to_it(self) -> None:
        """
        One forgotten field would be the one that leaks.
        """
        secret = "123456789018"
        for field in ("name", "address", "building"):
            with pytest.raises(SecretOnPaper):
                replace(NOTICE, **{field: secret})  # type: ignore[arg-type]
        with pytest.raises(SecretOnPaper):
            NoticeTexts(city_name="見本区", bring=("通知書", "暗証番号の控え（記入済み）"))


class TestNoticeData:
    @pytest.mark.parametrize("number", ["123456789018", "../etc", "ota-k26", "", "OTA-", "A B"])
    def test_a_case_number_can_name_a_file_and_is_no_bare_number(self, number: str) -> None:
        """
        It becomes part of a path, and digits alone could be taken for the card's number.
        """
        with pytest.raises(ValueError, match="case number"):
            replace(NOTICE, case_number=number)

    def test_the_file_tells_the_case_and_nobody(self) -> None:
        """
        File names appear in logs and on screens where names do not belong.
        """
        assert "OTA-K26-000123-7.issue_notice_a4.pdf" == NOTICE.file_name(NoticeForm.ISSUE_A4)

    def test_a_notice_survives_the_wire_as_it_is(self) -> None:
        """
        A name that is normalised on the way is another name.
        """
        adapter = TypeAdapter(NoticeData)
        notice = replace(NOTICE, name="\ufa19\u795e")

        assert notice == adapter.validate_json(adapter.dump_json(notice))


class TestPageOrder:
    def test_pages_follow_the_case_numbers(self) -> None:
        """
        The stack, the list and the files are compared by hand, so all have one order.
        """
        later = replace(NOTICE, case_number="OTA-K26-000124-5")

        assert (NOTICE, later) == page_order([later, NOTICE])

    def test_nobody_is_printed_twice(self) -> None:
        """
        Two notices for one card are two letters to explain.
        """
        with pytest.raises(ValueError, match="twice"):
            page_order([NOTICE, NOTICE])


class TestLists:
    def test_sealed_notices_are_counted_from_the_rows(self) -> None:
        """
        A count typed beside the rows would sooner or later differ from them.
        """
        rows = tuple(NoticeRow(case_number=f"A-{n}", sealed=n < 3) for n in range(5))

        assert 3 == NoticeList(slip=SLIP, rows=rows).sealed_count

    @pytest.mark.req("OTA-19")
    def test_the_total_of_a_slip_is_the_sum_of_its_kinds(self) -> None:
        """
        The official signs for the total, so it must equal what is registered.
        """
        rows = tuple(
            DocumentCount(kind=kind, count=n) for kind, n in (("申請書", 128), ("回答書", 96))
        )

        assert 224 == DocumentSlip(slip=SLIP, rows=rows).total

    def test_a_kind_stands_on_a_slip_once(self) -> None:
        """
        Two lines of one kind are counted by hand as one.
        """
        row = DocumentCount(kind="申請書", count=1)
        with pytest.raises(ValueError, match="twice"):
            DocumentSlip(slip=SLIP, rows=(row, row))


def test_every_printed_text_is_found_in_the_order_of_the_fields() -> None:
    """
    Glyph checks rest on this walk: a text it misses could print as an empty box.
    """
    texts = NoticeTexts(city_name="見本区", pickup_place=("窓口", "1階"), telephone="03")

    assert ["見本区", "03", "窓口", "1階"] == printed_texts(texts)
