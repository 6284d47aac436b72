"""Which page opens for whom, and that nothing of a page works without its form."""

import pytest

from domain.parties import Action, Role, allowed
from tests.journeys.site import PASSWORD, Site

PAGES: dict[str, Action | None] = {
    "/": None,
    "/account": None,
    "/cases": Action.SEE_CASE,
    "/cases.csv": Action.SEE_CASE,
    "/calendar": Action.SEE_CALENDAR,
    "/contract": Action.SEE_CALENDAR,
    "/audit": Action.READ_AUDIT,
    "/lots/new": Action.UPLOAD_LOT,
    "/visits/new": Action.RECEIVE_VISITOR,
    "/reservations": Action.SEE_RESERVATIONS,
    "/reservations/arrivals": Action.RECORD_ARRIVAL,
    "/reservations/list": Action.SEE_RESERVATIONS,
    "/returned-mail/new": Action.REGISTER_RETURNED_MAIL,
    "/inquiries": Action.SEE_INQUIRIES,
    "/notes": Action.RECORD_INQUIRY,
    "/catalogue": Action.SEE_CALENDAR,
    "/counts": Action.SEE_CALENDAR,
    "/incidents": Action.SEE_CASE,
    "/knowledge": Action.SEE_KNOWLEDGE,
    "/questions": Action.SEE_CASE,
    "/meetings": Action.SEE_CASE,
    "/photos": Action.CHECK_PHOTO,
}


@pytest.mark.parametrize("role", Role)
def test_a_page_opens_for_those_whose_duty_it_is(site: Site, role: Role) -> None:
    """
    The table of duties decides, not the menu.
    """
    visitor = site.as_(role)
    expected = {
        path: 200 if action is None or allowed(role, action) else 403
        for path, action in PAGES.items()
    }

    assert expected == {path: visitor.get(path).status_code for path in PAGES}


@pytest.mark.parametrize("role", Role)
def test_the_menu_shows_only_what_opens(site: Site, role: Role) -> None:
    """
    A link that ends at a refusal teaches people to ignore refusals.
    """
    page = site.as_(role).get("/").text
    menu = page[page.index('aria-label="メニュー"') : page.index("</nav>")]
    in_menu = {path for path in PAGES if f'href="{path}"' in menu}
    may = {path for path, action in PAGES.items() if action is None or allowed(role, action)}

    assert may - {"/account", "/cases.csv"} == in_menu


def test_a_stranger_is_led_to_the_login_and_back(site: Site) -> None:
    """
    A link in a message opens what it names, after the login.
    """
    stranger = site.stranger()
    answers = {path: stranger.get(path) for path in PAGES}

    assert {303} == {answer.status_code for answer in answers.values()}
    assert "/login?next=/cases" == answers["/cases"].headers["Location"]


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example", "/\\evil.example", "evil"]
)
def test_a_login_leads_only_to_our_own_pages(site: Site, onward: str) -> None:
    """
    A forged link must not use our login page to send people elsewhere.
    """
    login = f"onward-{abs(hash(onward))}"
    site.employ(login, Role.CLERK)
    sent = {"login": login, "password": PASSWORD, "next": onward}
    answer = site.stranger().http.post("/login", data=sent)

    assert (303, "/") == (answer.status_code, answer.headers["Location"])


def test_what_does_not_exist_says_so_on_a_page(site: Site) -> None:
    """
    A page that is missing is no reason to show somebody JSON.
    """
    answer = site.as_(Role.CLERK).get("/nowhere")

    assert 404 == answer.status_code
    assert "見つかりません" in answer.text
    assert answer.headers["Content-Type"].startswith("text/html")


def test_a_case_of_another_city_is_not_found(site: Site) -> None:
    """
    Another city's case and none at all give the same answer.
    """
    lot_id = site.lot()
    stranger = site.as_(Role.CLERK, "ageo")

    assert 200 == site.as_(Role.CLERK).get(f"/cases/{lot_id}").status_code
    assert [404] * 4 == [
        stranger.get(path).status_code
        for path in (
            f"/cases/{lot_id}",
            f"/cases/{lot_id}/record",
            f"/cases/{lot_id}/live",
            f"/cases?parent={lot_id}",
        )
    ]


def test_every_page_says_what_a_browser_must_not_do_with_it(site: Site) -> None:
    """
    Also the page that only says that something went wrong.
    """
    for path in ("/login", "/licence", "/nowhere", "/"):
        headers = site.stranger().get(path).headers
        policy = headers["Content-Security-Policy"]

        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "no-store" == headers["Cache-Control"]
        assert "nosniff" == headers["X-Content-Type-Options"]


def test_a_form_without_its_token_does_nothing(site: Site) -> None:
    """
    Another site can make a browser send anything but the token.
    """
    clerk = site.as_(Role.CLERK)
    form = clerk.form("/visits/new", "/visits/new")
    procedure = site.stack.book.current("ota").contract.procedures[0].code
    typed = {"procedure": procedure, "channel": "counter"}
    refused = clerk.http.post(form.to, data={**form.fields, **typed, "form_token": "x" * 64})
    accepted = clerk.send(form, **typed)

    assert (403, 303) == (refused.status_code, accepted.status_code)


def test_first_steps_come_before_every_page(site: Site) -> None:
    """
    Whoever made the account knows the first password.
    """
    made = site.employ("newcomer", Role.CLERK, password=None)
    new, another = site.stranger(), "あたらしいことばを四つならべる"
    new.log_in("newcomer", made.password)
    before = new.get("/")
    form = new.form("/first-steps", "/first-steps/password")
    typed = {"current": made.password, "new": another, "again": another}
    mistyped = new.send(form, **typed | {"again": "別のことば"})
    changed = new.send(form, **typed)

    assert (303, "/first-steps") == (before.status_code, before.headers["Location"])
    assert 422 == mistyped.status_code
    assert another not in mistyped.text
    assert (303, 200) == (changed.status_code, new.get("/").status_code)


@pytest.mark.parametrize(
    ("city", "role", "path", "label"),
    [
        ("ota", Role.CLERK, "/defects", "申請不備"),
        ("ota", Role.OFFICIAL, "/city-records", "市の記録"),
        ("ageo", Role.CLERK, "/returned-mail/new", "返戻の登録"),
        ("ageo", Role.CLERK, "/lots/new", "納品の取込み"),
    ],
)
def test_a_page_of_what_the_contract_does_not_have_says_so_and_is_in_no_menu(
    site: Site, city: str, role: Role, path: str, label: str
) -> None:
    """
    An address from a colleague of another city ends at a sentence and not at an empty form.
    """
    page = site.as_(role, city).get(path)
    menu = page.text[page.text.index('aria-label="メニュー"') : page.text.index("</nav>")]

    assert 200 == page.status_code
    assert f"この契約では「{label}」を扱いません" in page.text
    assert "data-once" not in page.text
    assert f'href="{path}"' not in menu
