"""A contract file is read strictly; what is wrong is named with its line and its remedy."""

from dataclasses import replace
from datetime import date

import pytest

from contracts import loader
from contracts.loader import FOLDER, load, load_all, load_text, profile_as_json
from domain.errors import ContractFileRefused, UnknownContract
from tests.contracts.cities import SLUGS

OTA = (FOLDER / "ota.toml").read_text(encoding="utf-8")


def refusal(text: str, filename: str = "ota.toml") -> list[str]:
    """Return the lines of the refusal of a text."""
    with pytest.raises(ContractFileRefused) as refused:
        load_text(text, filename)
    return str(refused.value).splitlines()


def line_of(text: str, part: str) -> int:
    """Return the number of the first line that holds ``part``."""
    return next(n for n, line in enumerate(text.splitlines(), 1) if part in line)


def changed(old: str, new: str) -> str:
    """Return Ota's file with one change."""
    assert old in OTA
    return OTA.replace(old, new, 1)


def test_all_five_cities_load() -> None:
    """The first users of the product."""
    assert SLUGS == tuple(loaded.contract.slug for loaded in load_all())


def test_an_unknown_city_is_refused() -> None:
    """And so is a path that pretends to be one."""
    for slug in ("tokyo", "../ota"):
        with pytest.raises(UnknownContract):
            load(slug)


@pytest.mark.parametrize(
    ("old", "new", "where", "said"),
    [
        (
            'first_day = { value = "day_after"',
            'first_day = { value = "next_day"',
            "due.notice_handover.first_day",
            "「next_day」は使えません。",
        ),
        (
            'anchor_label = "納品日"',
            'anker_label = "納品日"',
            "due.notice_handover.anker_label",
            "「anker_label」という項目はありません。「anchor_label」ではありませんか",
        ),
        (
            "amount = { value = 14,",
            'amount = { value = "14",',
            "due.notice_handover.amount",
            "整数にしてください",
        ),
        (
            "end = 2027-03-31",
            'end = "2027-03-31"',
            "term.end",
            "日付（2027-03-31、引用符なし）にしてください",
        ),
        ('opens = "08:30"', 'opens = "8:30"', "calendars.counter.open.1.opens", "時刻（"),
        (
            'calendar = { value = "counter", assumed = true, question = "Q-OTA-02" }',
            'calendar = { value = "centre", assumed = true, question = "Q-OTA-02" }',
            "due.notice_handover.calendar",
            "「centre」という暦はありません。あるのは counter です",
        ),
        (
            'due = "completion_report"',
            'due = "final_report"',
            "deliverables.4.due",
            "「final_report」という期限はありません",
        ),
        (
            "responsible_person_min = 1",
            "responsible_person_min = -1",
            "parameters.staffing.responsible_person_min",
            "0 以上にしてください",
        ),
        (
            'closes = "17:15"',
            'closes = "08:15"',
            "calendars.counter.open.1",
            "時刻の順が正しくありません",
        ),
        (
            'every_year = ["12-29", "01-03"]',
            'every_year = ["12-32", "01-03"]',
            "calendars.counter.open.1.except.2.every_year",
            '["12-29", "01-03"] のように',
        ),
        (
            'role = "site_manager", after = "target"',
            'role = "boss", after = "target"',
            "due.notice_handover.ladder.1.role",
            "「boss」は使えません",
        ),
        (
            "handoff = true",
            'handoff = "yes"',
            "procedures.3.handoff",
            "true か false",
        ),
        (
            'party = { value = "city", assumed',
            'party = { value = "provider", assumed',
            "procedures.18.party",
            "委託できない手続きは city にしてください",
        ),
        ('calendar = "counter"', 'calendar = ""', "channels.1.calendar", "空にできません"),
        ("before = 5", "before = 5000", "due.notice_handover.warn.1.before", "1000 まで"),
        ('kind = "open"', 'kind = "ad_hoc"', "sites.2", "協議の記録）が要ります"),
        (
            'receipt = ["受取方法"]',
            'receipt = ["住所"]',
            "lists.issue_list.columns",
            "見出し「住所」が二つの列にあります",
        ),
        (
            "telephone = { unset = true",
            'telephone = { value = "12-3456-7890-12 1234-5678-9012"',
            "notice",
            "通知書に印字できない内容があります",
        ),
        (
            'weekdays = ["MON",',
            'weekdays = ["MON", "MON",',
            "calendars.counter.open.1.weekdays",
            "重ねずに",
        ),
        (
            "amount = 30",
            "",
            "due.completion_report",
            "unit = calendar_days には amount（数） が要ります",
        ),
    ],
)
def test_each_mistake_is_named_with_its_field_and_remedy(
    old: str, new: str, where: str, said: str
) -> None:
    """A clerk finds the place without a programmer."""
    found = "\n".join(refusal(changed(old, new)))

    assert where in found
    assert said in found


def test_a_mistake_is_named_with_its_line() -> None:
    """Three hundred lines are too many to search."""
    text = changed('anchor_label = "納品日"', 'anker_label = "納品日"')
    first = refusal(text)[0]

    assert first.startswith(f"ota.toml {line_of(text, 'anker_label')}行目 ")


def test_a_mistake_in_a_row_is_named_with_the_rows_line() -> None:
    """The second site stands below the first."""
    text = changed('id = "designated"', 'id = "city_hall"')
    found = refusal(text)
    second = line_of(OTA, 'id = "designated"')

    assert f"ota.toml {second}行目 sites.2.id：「city_hall」は前に使われています" in found[0]


def test_several_mistakes_are_named_at_once_in_order_of_lines() -> None:
    """One round of corrections instead of five."""
    text = (
        OTA.replace('opens = "08:30"', 'opens = "8:30"')
        .replace("amount = { value = 14,", 'amount = { value = "14",')
        .replace('type = "not_stated"', 'type = "never"', 1)
    )
    found = refusal(text)
    lines = [int(line.split("行目")[0].split()[-1]) for line in found]

    assert len(found) >= 3
    assert sorted(lines) == lines


def test_a_value_without_clause_is_refused() -> None:
    """Every value can be shown with where it comes from."""
    stated = 'complaints = { value = "遅滞なく報告し迅速に処理", clause = "§10(2)②" }'
    found = refusal(changed(stated, 'complaints = "遅滞なく"'))

    assert [line_of(OTA, "complaints =")] == [
        int(line.split("行目")[0].split()[-1]) for line in found
    ]
    assert "出典の条項がありません" in found[0]


def test_an_assumption_says_why() -> None:
    """A guess without a question would never be asked."""
    found = refusal(
        changed(
            'first_day = { value = "day_after", assumed = true, question = "Q-OTA-02" }',
            'first_day = { value = "day_after", assumed = true }',
        )
    )

    assert any("question（市への確認番号）か note（理由）" in line for line in found)


@pytest.mark.parametrize(
    "both", ["{ value = 1, unset = true }", '{ clause = "§4" }', "{ unset = false }"]
)
def test_a_value_is_written_or_unset_never_both(both: str) -> None:
    """Either the clause speaks or it does not."""
    found = refusal(changed("floor = 1", f"floor = {both}"))

    assert any("どちらか一つ" in line for line in found)


def test_what_a_file_cannot_do_without_is_asked_for() -> None:
    """A contract without a term is none."""
    start = OTA.index("[term]")
    text = OTA[:start] + OTA[OTA.index("[[sites]]", start) :]

    assert any("契約期間 がありません" in line for line in refusal(text))


def test_broken_toml_is_named_with_its_line() -> None:
    """The parser's own position, in the same form as the rest."""
    text = changed('name = "太田市"', "name = 太田市")

    assert [f"ota.toml {line_of(text, 'name = 太田市')}行目"] == [
        line.split("：")[0] for line in refusal(text)
    ]


def test_a_file_name_says_the_city() -> None:
    """The name in the address of the page is the name of the file."""
    assert "名前は" in refusal(OTA, "Ota City.toml")[0]


def test_the_version_changes_with_any_value_and_with_nothing_else() -> None:
    """A case pins it; a comment is no new contract."""
    before = load_text(OTA, "ota.toml").version

    assert before == load_text("# note\n" + OTA, "ota.toml").version
    assert before != load_text(changed("floor = 1", "floor = 2"), "ota.toml").version
    assert 64 == len(before)


def test_a_case_can_bring_the_holidays_it_began_with() -> None:
    """A holiday that the Diet adds later must not move the dates of a running case."""
    pinned = load("ota").contract.holidays
    fewer = replace(pinned, days=pinned.days[:-1])
    again = load_text(OTA, "ota.toml", holidays=fewer)

    assert fewer == again.contract.holidays
    assert again.version != load("ota").version
    assert load("ota").version == load_text(OTA, "ota.toml", holidays=pinned).version


def later(agreement: str, day: str = "2026-10-01") -> str:
    """Return a version of Ota's contract that holds from October."""
    head = f"effective_from = 2026-10-01\nagreement = {agreement!r}".replace("'", '"')
    return OTA.replace("effective_from = 2026-04-01", head).replace("floor = 1", "floor = 2")


def test_a_later_version_names_its_consultation() -> None:
    """Nobody changes a contract alone."""
    found = refusal(later(""), "ota-2026-10-01.toml")

    assert any("協議の記録" in line for line in found)
    assert load_text(later("協議 第4号"), "ota-2026-10-01.toml").contract.agreement


def test_a_later_version_holds_from_the_day_in_its_name() -> None:
    """Two dates that disagree would leave a month without a contract."""
    found = refusal(later("協議 第4号"), "ota-2026-11-01.toml")

    assert any("ファイル名の日付 2026-11-01 と同じに" in line for line in found)


def test_each_day_has_its_version(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A case of September keeps September's rules."""
    folder = tmp_path_factory.mktemp("contracts")
    (folder / "ota.toml").write_text(OTA, encoding="utf-8")
    (folder / "ota-2026-10-01.toml").write_text(later("協議 第4号"), encoding="utf-8")
    monkeypatch.setattr(loader, "FOLDER", folder)
    loader.load_versions.cache_clear()
    try:
        floors = [
            load("ota", on=day).contract.sites[0].floor
            for day in (date(2026, 9, 30), date(2026, 10, 1))
        ]
        newest = load("ota").contract.effective_from
        with pytest.raises(UnknownContract):
            load("ota", on=date(2026, 3, 31))
    finally:
        loader.load_versions.cache_clear()

    assert [1, 2] == floors
    assert date(2026, 10, 1) == newest


def test_the_profile_shows_every_value_with_its_clause() -> None:
    """What the interface answers for a contract."""
    shown = profile_as_json(load("ota"))
    handover = shown["values"]["due"]["notice_handover"]

    assert {"value": 14, "clause": "§6(2)④", "label": "数", "note": "納品から2週間以内"} == (
        handover["amount"]
    )
    assert handover["first_day"]["assumed"] is True
    assert "Q-OTA-02" == handover["first_day"]["question"]
    assert shown["values"]["term"]["start"]["unset"] is True
    assert ["counter", "back_office", "phone", "outreach"] == [
        channel["id"] for channel in shown["channels"]
    ]
    assert "日次報告書の期限が定まっていません（§6(5)①）" in shown["warnings"]


@pytest.mark.parametrize("slug", SLUGS)
def test_every_value_has_a_clause_or_is_marked_as_ours(slug: str) -> None:
    """Nothing stands in a profile whose origin cannot be shown."""
    for fact in load(slug).contract.facts:
        assert fact.clause or fact.assumed, fact.path
