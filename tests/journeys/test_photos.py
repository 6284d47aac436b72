"""The desk's tool for photos: with a form alone, and cut by hand in a real browser."""

import base64
import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from domain.parties import Role
from domain.photos import photo_limits
from tests.journeys.site import Site, Visitor
from tests.journeys.test_in_a_browser import browsing, evaluate, faults
from tests.photos import hostile, portraits

JPEG = re.compile(r'download="photo\.jpg"|href="data:image/jpeg;base64,([^"]+)"')


def send(visitor: Visitor, content: bytes, field: str = "photo", **typed: Any) -> Any:
    sent: Mapping[str, Any] = {field: ("photo.jpg", content, "image/jpeg")}
    return visitor.send(visitor.form("/photos", "photo"), **sent, **typed)


def download(page: str) -> bytes:
    """Return the photo that a page offers to keep."""
    (encoded,) = (found for found in JPEG.findall(page) if found)
    return base64.b64decode(encoded)


def test_a_photo_is_looked_at_without_a_script(site: Site) -> None:
    """
    What is likely wrong, where, and what a person has to look at.
    """
    answer = send(site.as_(Role.OPERATOR), portraits.jpeg(portraits.lit(0.3)))
    page = answer.text

    assert 200 == answer.status_code
    assert "送った写真：おそらく不備" in page
    assert "写真全体が暗いようです" in page
    assert "目が開いていて" in page
    assert "J-LIS）が決めます" in page
    assert "no-store" == answer.headers["Cache-Control"]


@pytest.mark.parametrize("field", ["photo", "camera"])
def test_a_good_photo_is_only_likely_fine(site: Site, field: str) -> None:
    """
    Chosen or taken on the spot; and no page of ours says that it is accepted.
    """
    page = send(site.as_(Role.CLERK), portraits.jpeg(portraits.good()), field).text

    assert "送った写真：おそらく大丈夫" in page
    assert not re.search(r"\bOK\b|合格|受け付けました", page)


def test_a_photo_from_far_away_can_be_kept_cut_out(site: Site) -> None:
    """
    The file that is offered holds what the national site asks, and nothing of the camera.
    """
    page = send(site.as_(Role.CLERK), portraits.jpeg(portraits.smaller(0.6))).text
    photo = download(page)
    with Image.open(io.BytesIO(photo)) as image:
        size, told = image.size, image.getexif()

    assert "送った写真：ここを確認" in page
    assert pytest.approx(45 / 35, rel=0.01) == size[1] / size[0]
    assert photo_limits.LEAST_BYTES <= len(photo) <= photo_limits.MOST_BYTES
    assert {} == dict(told)


def test_an_exemption_is_weighed_and_said_how_to_report(site: Site) -> None:
    """
    Somebody who cannot sit upright is not sent away.
    """
    leaning = portraits.jpeg(portraits.leaning(-15))
    operator = site.as_(Role.OPERATOR)

    assert "送った写真：おそらく不備" in send(operator, leaning).text
    excused = send(operator, leaning, exemption="posture").text
    assert "送った写真：ここを確認" in excused
    assert "0120-95-0178" in excused


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"", 422, "写真を選ぶか、撮ってください"),
        (b"%PDF-1.7", 422, "JPEG形式の写真ではありません"),
        (hostile.photo()[:-900], 422, "途中で切れています"),
        (hostile.photo() + hostile.archive(), 422, "写真のほかのデータ"),
        (hostile.claiming(60_000, 60_000), 413, "写真が大きすぎます"),
    ],
)
def test_what_is_no_photo_is_refused_on_the_page(
    site: Site, content: bytes, status: int, words: str
) -> None:
    """
    The form is there again, with what to do.
    """
    answer = send(site.as_(Role.CLERK), content)

    assert (status, True) == (answer.status_code, words in answer.text)
    assert 'id="photo"' in answer.text


@pytest.mark.parametrize("left", ["x", "nan", "inf", "-1", "2"])
def test_a_part_that_is_none_is_refused(site: Site, left: str) -> None:
    """
    Fields that a script fills in can be filled in by anybody.
    """
    clerk = site.as_(Role.CLERK)
    form = clerk.form("/photos", "photo")
    part = {"cut_left": left, "cut_top": "0", "cut_width": "0.5", "cut_height": "0.5"}
    answer = clerk.http.post(
        form.to,
        data=form.fields | part,
        files={"photo": ("photo.jpg", hostile.photo(), "image/jpeg")},
    )

    assert (422, True) == (answer.status_code, "この範囲では切り抜けません" in answer.text)


def test_nothing_of_a_photo_is_kept(site: Site) -> None:
    """
    Neither in the database nor in a file: only who tried what they may not is recorded.
    """
    before = everything(site)
    send(site.as_(Role.CLERK), portraits.jpeg(portraits.good()))

    assert before == everything(site)


def everything(site: Site) -> tuple[int, ...]:
    """Return how many documents, drafts and files there are."""
    with site.stack.engine.connect() as connection:
        connection.exec_driver_sql("SELECT set_config('app.municipality', 'ota', false)")
        counts = [
            connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
            for table in ("document", "lot_draft", "person_vault")
        ]
    return (*counts, len(list(Path(site.stack.folder).rglob("*"))))


def test_a_photo_is_cut_by_hand_with_keys_alone(
    chromium: Browser, site: Site, tmp_path: Path
) -> None:
    """
    Moved, made larger, cut, looked at again and kept: without a mouse.
    """
    file = tmp_path / "photo.jpg"
    file.write_bytes(portraits.jpeg(portraits.smaller(0.6)))
    with browsing(chromium, site, Role.OPERATOR) as page:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto("/photos")
        page.get_by_label("写真のファイル").set_input_files(file)
        page.get_by_role("button", name="確かめる", exact=True).focus()
        page.keyboard.press("Enter")
        page.get_by_text("枠を自分で置いて切り抜く").focus()
        page.keyboard.press("Enter")
        page.get_by_label("縦45、横35の枠").focus()
        for key in ("+", "+", "Shift+ArrowLeft", "ArrowRight", "ArrowUp"):
            page.keyboard.press(key)
        expect(page.locator("[data-words]")).to_contain_text("枠：左から")
        assert [] == faults(page)
        page.get_by_role("button", name="この枠で切り抜いて確かめる").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="切り抜いた写真：")).to_be_visible()
        with page.expect_download() as kept:
            page.get_by_role("link", name="この写真を保存する").click()
        photo = Path(kept.value.path()).read_bytes()

    assert [] == said
    with Image.open(io.BytesIO(photo)) as image:
        assert pytest.approx(45 / 35, rel=0.01) == image.size[1] / image.size[0]


def test_the_frame_follows_the_mouse_and_the_sliders(
    chromium: Browser, site: Site, tmp_path: Path
) -> None:
    """
    Three ways to the same frame, which never leaves the picture.
    """
    file = tmp_path / "photo.jpg"
    file.write_bytes(portraits.jpeg(portraits.smaller(0.6)))
    with browsing(chromium, site, Role.OPERATOR) as page:
        page.goto("/photos")
        page.get_by_label("写真のファイル").set_input_files(file)
        page.get_by_role("button", name="確かめる", exact=True).click()
        page.get_by_text("枠を自分で置いて切り抜く").click()
        frame = page.get_by_label("縦45、横35の枠")
        frame.scroll_into_view_if_needed()
        box = frame.bounding_box()
        assert box is not None
        middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.move(*middle)
        page.mouse.down()
        page.mouse.move(middle[0] - 2_000, middle[1] + 2_000)
        page.mouse.up()
        left, top, height = (
            float(evaluate(page, f"document.querySelector('[data-cut-{edge}]').value"))
            for edge in ("left", "top", "height")
        )
        page.get_by_label("大きさ").fill("1000")
        whole = evaluate(page, "document.querySelector('[data-cut-width]').value")

    assert 0 == left
    assert pytest.approx(1 - height, abs=1e-5) == top
    assert 1 == pytest.approx(float(whole), abs=0.001)


def test_the_page_with_a_photo_has_no_fault(
    chromium: Browser, site: Site, tmp_path: Path
) -> None:
    """
    Narrow screens and screen readers too.
    """
    file = tmp_path / "photo.jpg"
    file.write_bytes(portraits.jpeg(portraits.two_people()))
    with browsing(
        chromium, site, Role.OPERATOR, viewport={"width": 320, "height": 640}
    ) as page:
        page.goto("/photos")
        page.get_by_label("写真のファイル").set_input_files(file)
        page.get_by_role("button", name="確かめる", exact=True).click()
        page.get_by_role("heading", name="送った写真：").wait_for()

        assert [] == faults(page)
        assert 320 >= evaluate(page, "document.documentElement.scrollWidth")
