"""Answers and questions to the city with forms only: written, looked at, kept, asked."""

from domain.parties import Role
from tests.journeys.site import Site, form_in

AGEO = "ageo"
TYPED = {
    "kind": "faq",
    "category": "certificate_and_pin",
    "title": "暗証番号を忘れたとき",
    "body": "窓口で再設定します。",
    "reason": "最初の版",
}


def test_an_article_is_looked_at_before_it_is_kept_and_stays_a_draft(site: Site) -> None:
    """
    Nothing typed is lost on the way; nobody who answers finds it before it may be used.
    """
    clerk, operator = site.as_(Role.CLERK, AGEO), site.as_(Role.OPERATOR, AGEO)
    form = clerk.form("/knowledge/new", "article")
    looked = clerk.send(form, **TYPED, preview="1")
    refused = clerk.send(form_in(looked.text, "article"), **TYPED | {"title": " "})
    again = form_in(refused.text, "article")
    kept = clerk.send(again, **TYPED)
    place = kept.headers["Location"]
    shown, draft = clerk.get(place).text, operator.get(place.partition("?")[0])
    typing = {"HX-Request": "true"}
    found = operator.http.get("/knowledge?q=暗証番号", headers=typing).text
    editions = clerk.get("/knowledge/editions").text

    assert "読む人にはこう見えます" in looked.text
    assert (422, "最初の版") == (refused.status_code, again.fields["reason"])
    assert 303 == kept.status_code
    assert "下書きの版を保存しました" in shown
    assert "いま使える版にありません" in shown
    assert 404 == draft.status_code
    assert "<html" not in found
    assert "見つかりませんでした" in found
    assert "契約が始まると、版を作れるようになります" in editions


def test_a_question_is_asked_answered_and_written_up(site: Site) -> None:
    """
    Both sides see the same list; the answer is there when the article is begun.
    """
    manager, official = site.as_(Role.SITE_MANAGER, AGEO), site.as_(Role.OFFICIAL, AGEO)
    form = manager.form("/meetings", "meeting")
    held = manager.send(form, kind="consultation", issues="答えがFAQにない")
    assert 303 == held.status_code, held.text
    form = manager.form("/questions", "question")
    asked = manager.send(form, what="代理の人でもよいですか", meeting="1")
    case = asked.headers["Location"].partition("?")[0]
    waiting = official.get("/questions").text
    answered = official.send(official.form(case, "do-answer_question"), reason="よくありません")
    listed = manager.get("/questions").text
    begun = form_in(
        manager.get(f"/knowledge/new?question={case.rpartition('/')[2]}").text, "article"
    )
    kept = manager.send(manager.form(case, "do-keep_answer"), reason="法令どおりのため")

    assert "代理の人でもよいですか" in waiting
    assert "会議 1" in waiting
    assert (303, 303) == (answered.status_code, kept.status_code)
    assert "よくありません" in listed
    assert "代理の人でもよいですか" == begun.fields["title"]
    assert "代理の人でもよいですか" in manager.get("/meetings").text
