"""The demo's answers and manuals: an edition in use, a draft, a meeting and a question.

Belongs here: what the demo pretends people answer. Does not belong here: other promises of
the contracts (``ops.demo_obligations``). The answers are short on purpose and no advice.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Engine

from api.access.door import Person
from api.deps import Desk
from api.incidents.incidents import IncidentRequest, report_incident
from api.knowledge.meetings import MeetingRequest, record_meeting
from contracts.book import ContractBook
from domain.calls.inquiry import Category
from domain.contract import Contract
from domain.errors import ContractDateMissing, OutsideTerm
from domain.incidents.kinds import IncidentKind
from domain.knowledge.article import ArticleKind, ArticleVersion, Content
from domain.knowledge.edition import next_edition
from domain.knowledge.meeting import Point
from domain.parties import Role
from ops import demo_obligations
from store import knowledge
from store.keys import KeyRing
from store.scope import scope

_FAQ: tuple[tuple[Category, str, str, str], ...] = (
    (
        Category.CERTIFICATE_AND_PIN,
        "",
        "暗証番号を忘れた、または何度も間違えて使えなくなった",
        "窓口で本人であることを確認して、設定し直します。\n暗証番号は、本人が自分で入力します。"
        "聞いたり、書き留めたりしません。\n代理の人が来たときは、市の窓口を案内します。",
    ),
    (
        Category.CERTIFICATE_AND_PIN,
        "",
        "電子証明書の有効期限はいつまでか",
        "発行の日から5回目の誕生日までです。カードの表に書き込んだ日付を一緒に見ます。\n"
        "期限の3か月前から更新できます。",
    ),
    (
        Category.SYSTEM,
        "",
        "カードそのものの有効期限はいつまでか",
        "18歳以上で作った人は10回目の誕生日、18歳になる前に作った人は5回目の誕生日までです。",
    ),
    (
        Category.CARD_SIMPLE,
        "",
        "カードをなくした",
        "先に、国のコールセンターで利用を止めます（一日中受け付けています）。\n"
        "外でなくしたときは、警察にも届け出ます。\n再交付は、市の窓口を案内します。",
    ),
    (
        Category.PORTAL,
        "insurance_registration",
        "健康保険証としての利用登録のしかた",
        "カードと、4桁の暗証番号を使います。\n登録が済んでいるかは、同じ画面で分かります。",
    ),
    (
        Category.PORTAL,
        "public_money_account",
        "公金受取口座を登録・変更したい",
        "本人の名義の口座を一つ登録できます。口座の番号は、本人が画面に入力します。",
    ),
    (
        Category.CARD_USE,
        "",
        "コンビニで証明書を取れない",
        "利用者証明用の電子証明書の期限と、4桁の暗証番号を一緒に確かめます。\n"
        "期限が切れているときは、更新を案内します。",
    ),
    (
        Category.NOTIFICATION_CARD,
        "",
        "通知カードはいまも使えるか",
        "新しく作ることと、住所などの書換えは終わっています。\n"
        "書かれた氏名・住所がいまと同じときだけ、番号を示す書類になります。",
    ),
    (
        Category.DOCUMENTS,
        "",
        "何を持って来ればよいか",
        "手続と、来る人（本人・法定代理人・代理人）によって違います。\n"
        "「必要な書類」の画面で手続を選び、表示されたものをそのまま伝えます。",
    ),
    (
        Category.APPLICATION,
        "",
        "申請してからカードができるまでどのくらいか",
        "申請の込み具合で変わります。日は約束せず、市からの通知を待つよう伝えます。",
    ),
)
_MANUAL = (
    "窓口で書き留めないもの",
    "個人番号、暗証番号、本人確認書類の番号は、紙にも画面にも書き留めません。\n"
    "見たことだけを、画面のしるしで記録します。",
)
_QUESTION = "旧姓の併記は、カードを受け取った後でも窓口で申し込めますか。"
_CITIES = {
    "ageo": "manual_and_faq",
    "urasoe": "manual_and_faq",
    "ota": "manual",
    "yokosuka": "manual_and_flow",
}


def seed(
    engine: Engine, keys: KeyRing, book: ContractBook, slug: str, *, now: datetime
) -> None:
    """Let a city's answers be in use since a month ago, and leave a draft.

    To be done at once when the contract is signed: to what a worker has opened by itself
    nothing can have happened before.
    """
    if slug not in _CITIES:
        return
    contract = book.current(slug).contract
    written, since = now - timedelta(days=35), now - timedelta(days=30)
    with scope(engine, slug) as connection:
        for version in _versions(contract, written):
            knowledge.add_version(connection, slug, slug, version)
        edition = next_edition((), knowledge.versions(connection, slug, slug), since)
        knowledge.add_edition(connection, slug, slug, edition, by="system")
        draft = _revised(contract, now - timedelta(days=1))
        knowledge.add_version(connection, slug, slug, draft)
    approval = any(terms.articles and terms.approval for terms in contract.obligations)
    story = (
        demo_obligations.save(since, edition.reference),
        demo_obligations.submit(since),
        *((demo_obligations.approve(since),) if approval else ()),
    )
    demo_obligations.tell(engine, keys, book, slug, _CITIES[slug], story)


def meet(desk: Desk, person: Person, *, now: datetime) -> None:
    """Write a meeting down at which something was asked that only the city knows."""
    loaded = desk.book.current(person.municipality)
    meeting = MeetingRequest(
        held_on=now.date() - timedelta(days=1),
        place="センター 打合せ室",
        notes={
            Point.RESULTS: "作業日報のとおり。",
            Point.INQUIRIES: "旧姓の併記についての質問が2件あった。",
            Point.ISSUES: "答えがFAQにない。",
        },
    )
    kept = record_meeting(loaded, person, desk, "demo-meeting", meeting)
    body = IncidentRequest(kind=IncidentKind.QUESTION, what=_QUESTION, meeting=kept.number)
    try:
        report_incident(loaded, person, desk, "demo-question", body)
    except (ContractDateMissing, OutsideTerm):
        print("the demo's question to the city was left out: its contract is over")


def _versions(contract: Contract, at: datetime) -> list[ArticleVersion]:
    known = {row.code for row in contract.procedures}
    faq = [
        Content(
            kind=ArticleKind.FAQ,
            category=category,
            procedure=procedure if procedure in known else "",
            title=title,
            body=body,
        )
        for category, procedure, title, body in _FAQ
    ]
    manual = Content(
        kind=ArticleKind.MANUAL, category=Category.WORK, title=_MANUAL[0], body=_MANUAL[1]
    )
    return [
        _version(article, 1, content, "最初の版", at)
        for article, content in enumerate((*faq, manual), 1)
    ]


def _revised(contract: Contract, at: datetime) -> ArticleVersion:
    before = _versions(contract, at)[1]
    body = f"{before.content.body}\n日付は、表と裏を取り違えないように、指でさして確かめます。"
    content = replace(before.content, body=body)
    return _version(2, 2, content, "表と裏を取り違えた問合せがあったため", at)


def _version(
    article: int, number: int, content: Content, reason: str, at: datetime
) -> ArticleVersion:
    return ArticleVersion(
        article=article,
        number=number,
        content=content,
        reason=reason,
        written_by="system",
        written_role=Role.CLERK,
        written_at=at,
    )
