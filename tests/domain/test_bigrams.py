"""Japanese texts are found by words as people type them, among hundreds at once."""

import pytest

from domain.writing.bigrams import Index, Text, folded, pairs

TEXTS = (
    Text(
        key=1, title="暗証番号を忘れたときはどうすればよいですか", body="窓口で再設定できます。"
    ),
    Text(key=2, title="マイナ保険証の使い方", body="ＩＣカードリーダーに置きます。"),
    Text(
        key=3,
        title="カードをなくした",
        body="まず一時停止の電話をします。暗証番号は要りません。",
    ),
    Text(key=4, title="コンビニ交付", body="コンビニエンスストアで証明書を受け取れます。"),
)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("暗証番号", (1, 3)),
        ("暗証番号を忘れました", (1,)),
        ("暗証番号　忘れた", (1,)),
        ("ﾏｲﾅ保険証", (2,)),
        ("まいな保険証", (2,)),
        ("icかーど", (2,)),
        ("こんびに", (4,)),
        ("停", (3,)),
        ("住民票の写し", ()),
        ("、。", ()),
    ],
)
def test_a_text_is_found_however_it_is_typed(query: str, found: tuple[int, ...]) -> None:
    """
    Width, kana and case make no difference, another ending little; titles come first.
    """
    assert found == Index(TEXTS).search(query)


def test_what_is_compared_has_no_signs() -> None:
    """
    A sign by itself stands for itself, so that one letter can be looked for.
    """
    assert "カード リーダー" == folded("ｶｰﾄﾞ・りーだー")
    assert {"カー", "ード", "窓"} == pairs("カード 窓")


def test_five_hundred_texts_are_searched_between_two_keystrokes() -> None:
    """
    Each word is looked for in every one of them, and each is the one that is meant once.
    """
    body = "窓口、電話、オンライン窓口のどこでも同じ答えになるように書いてあります。" * 12
    texts = [Text(key=n, title=f"手続{n:03d}番の質問", body=body) for n in range(500)]

    index = Index(texts)

    assert list(range(0, 500, 50)) == [
        index.search(f"手続{n:03d}番")[0] for n in range(0, 500, 50)
    ]
