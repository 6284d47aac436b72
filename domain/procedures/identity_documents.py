"""Which documents people show at a window, and whether they suffice.

Only kinds are known here. Numbers and pictures of documents are never taken down: those of
licences, passports, residence cards and insurance are none of ours.

Sources: 番号法施行規則 第1条 for the first list; the second list and the counts differ by
city and are ours until one says otherwise. Who may come for somebody: 事務処理要領 as
revised on 2023-03-31.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import FieldMissing
from domain.procedures.procedure_errors import DocumentsNotEnough
from domain.procedures.procedure_parts import Receiver


class Document(StrEnum):
    """A kind of document."""

    MY_NUMBER_CARD = "my_number_card"
    BASIC_RESIDENT_CARD = "basic_resident_card"
    DRIVING_LICENCE = "driving_licence"
    DRIVING_RECORD = "driving_record"
    PASSPORT = "passport"
    PHYSICAL_DISABILITY = "physical_disability_handbook"
    MENTAL_HEALTH = "mental_health_handbook"
    REHABILITATION = "rehabilitation_handbook"
    RESIDENCE_CARD = "residence_card"
    PERMANENT_RESIDENT = "special_permanent_resident_card"
    TEMPORARY_REFUGE = "temporary_refuge_permit"
    PROVISIONAL_STAY = "provisional_stay_permit"
    INSURANCE = "insurance_confirmation"
    CARE_INSURANCE = "care_insurance_card"
    MEDICAL_RECIPIENT = "medical_recipient_card"
    PENSION_BOOK = "pension_book"
    CHILD_ALLOWANCE = "child_allowance_certificate"
    LIVELIHOOD = "livelihood_protection_card"
    MATERNITY = "maternity_handbook"
    EMPLOYEE_CARD = "employee_card"
    STUDENT_CARD = "student_card"
    BANK_BOOK = "bank_book"
    PATIENT_CARD = "patient_card"
    PHOTO_CERTIFICATE = "photo_certificate"


DOCUMENT_TEXT: Mapping[Document, str] = {
    Document.MY_NUMBER_CARD: "マイナンバーカード",
    Document.BASIC_RESIDENT_CARD: "住民基本台帳カード（写真付き）",
    Document.DRIVING_LICENCE: "運転免許証",
    Document.DRIVING_RECORD: "運転経歴証明書（2012年4月1日以後）",
    Document.PASSPORT: "旅券",
    Document.PHYSICAL_DISABILITY: "身体障害者手帳",
    Document.MENTAL_HEALTH: "精神障害者保健福祉手帳",
    Document.REHABILITATION: "療育手帳",
    Document.RESIDENCE_CARD: "在留カード",
    Document.PERMANENT_RESIDENT: "特別永住者証明書",
    Document.TEMPORARY_REFUGE: "一時庇護許可書",
    Document.PROVISIONAL_STAY: "仮滞在許可書",
    Document.INSURANCE: "資格確認書など健康保険の書類",
    Document.CARE_INSURANCE: "介護保険証",
    Document.MEDICAL_RECIPIENT: "医療受給者証",
    Document.PENSION_BOOK: "年金手帳",
    Document.CHILD_ALLOWANCE: "児童扶養手当証書",
    Document.LIVELIHOOD: "生活保護受給者証",
    Document.MATERNITY: "母子健康手帳",
    Document.EMPLOYEE_CARD: "社員証",
    Document.STUDENT_CARD: "学生証",
    Document.BANK_BOOK: "預金通帳",
    Document.PATIENT_CARD: "診察券",
    Document.PHOTO_CERTIFICATE: "個人番号カード顔写真証明書",
}

LIST_A = frozenset(tuple(Document)[: tuple(Document).index(Document.INSURANCE)])
"""One of these shows who somebody is."""

WITH_PHOTO = LIST_A | {
    Document.EMPLOYEE_CARD,
    Document.STUDENT_CARD,
    Document.PHOTO_CERTIFICATE,
}


class Authority(StrEnum):
    """What shows that somebody is the legal representative."""

    FAMILY_REGISTER = "family_register"
    REGISTRATION = "registration_certificate"
    KNOWN_HERE = "known_here"


AUTHORITY_TEXT: Mapping[Authority, str] = {
    Authority.FAMILY_REGISTER: "戸籍謄本など",
    Authority.REGISTRATION: "登記事項証明書",
    Authority.KNOWN_HERE: "省略（同一世帯の親、または本籍がこの市にある）",
}


class Proof(StrEnum):
    """What shows why the person cannot come."""

    AGE = "age"
    MANDATE_NOTE = "mandate_note"
    REGISTRATION = "registration_certificate"
    HANDBOOK = "handbook"
    MEDICAL = "medical_certificate"
    ADMISSION = "admission_paper"
    CARE = "care_insurance_card"
    MATERNITY = "maternity_handbook"
    POSTING = "posting_order"
    ABROAD = "visa_or_student_card"
    STUDENT = "student_card"
    SUPPORT = "support_body_paper"


PROOF_TEXT: Mapping[Proof, str] = {
    Proof.AGE: "年齢のみ（疎明資料は不要）",
    Proof.MANDATE_NOTE: "委任状への記載（年齢）",
    Proof.REGISTRATION: "登記事項証明書",
    Proof.HANDBOOK: "障害者手帳",
    Proof.MEDICAL: "診断書",
    Proof.ADMISSION: "入院・入所の書類",
    Proof.CARE: "介護保険証",
    Proof.MATERNITY: "母子健康手帳",
    Proof.POSTING: "辞令・乗船の書類",
    Proof.ABROAD: "査証・留学先の学生証",
    Proof.STUDENT: "学生証",
    Proof.SUPPORT: "支援機関の書類",
}


class ProxyReason(StrEnum):
    """Why the person cannot come; being busy, at work or at school is none."""

    GUARDED = "guarded"
    ASSISTED = "assisted"
    CHILD = "child"
    HIGH_SCHOOL = "high_school"
    AGED = "aged"
    HOSPITAL = "hospital"
    DISABILITY = "disability"
    FACILITY = "facility"
    CARE_NEEDED = "care_needed"
    PREGNANT = "pregnant"
    LONG_JOURNEY = "long_journey"
    STUDY_ABROAD = "study_abroad"
    WITHDRAWN = "socially_withdrawn"


PROXY_REASON_TEXT: Mapping[ProxyReason, str] = {
    ProxyReason.GUARDED: "成年被後見人",
    ProxyReason.ASSISTED: "被保佐人・被補助人・任意被後見人",
    ProxyReason.CHILD: "小中学生・未就学児",
    ProxyReason.HIGH_SCHOOL: "高校生・高専生",
    ProxyReason.AGED: "75歳以上",
    ProxyReason.HOSPITAL: "長期の入院",
    ProxyReason.DISABILITY: "障害",
    ProxyReason.FACILITY: "施設に入所",
    ProxyReason.CARE_NEEDED: "要介護・要支援",
    ProxyReason.PREGNANT: "妊娠中",
    ProxyReason.LONG_JOURNEY: "長期の出張・乗船",
    ProxyReason.STUDY_ABROAD: "留学",
    ProxyReason.WITHDRAWN: "ひきこもり",
}

PROOFS: Mapping[ProxyReason, frozenset[Proof]] = {
    ProxyReason.GUARDED: frozenset({Proof.REGISTRATION}),
    ProxyReason.ASSISTED: frozenset({Proof.REGISTRATION}),
    ProxyReason.CHILD: frozenset({Proof.AGE}),
    ProxyReason.HIGH_SCHOOL: frozenset({Proof.STUDENT}),
    ProxyReason.AGED: frozenset({Proof.MANDATE_NOTE}),
    ProxyReason.HOSPITAL: frozenset({Proof.MEDICAL, Proof.ADMISSION}),
    ProxyReason.DISABILITY: frozenset({Proof.HANDBOOK, Proof.MEDICAL}),
    ProxyReason.FACILITY: frozenset({Proof.ADMISSION}),
    ProxyReason.CARE_NEEDED: frozenset({Proof.CARE}),
    ProxyReason.PREGNANT: frozenset({Proof.MATERNITY}),
    ProxyReason.LONG_JOURNEY: frozenset({Proof.POSTING}),
    ProxyReason.STUDY_ABROAD: frozenset({Proof.ABROAD}),
    ProxyReason.WITHDRAWN: frozenset({Proof.SUPPORT}),
}
"""What is accepted for each reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What was laid on the desk."""

    person: frozenset[Document] = frozenset()
    """Of the person the procedure is for."""

    other: frozenset[Document] = frozenset()
    """Of whoever came for, or with, them."""

    together: bool = False
    """Whether the person came as well."""

    authority: Authority | None = None
    mandate: bool = False
    """Whether the letter of authority was there, and for a card the reply to its notice."""

    reason: ProxyReason | None = None
    proof: Proof | None = None

    def require_enough(self, receiver: Receiver, *, delivers_card: bool) -> None:
        """Return if it suffices for whoever is at the window.

        Raises:
            DocumentsNotEnough: Something is missing; the message says what.
        """
        match receiver:
            case Receiver.SELF:
                _require_own(self.person, "本人")
            case Receiver.LEGAL_REPRESENTATIVE:
                self._require_representative(delivers_card=delivers_card)
            case Receiver.PROXY:
                self._require_proxy(delivers_card=delivers_card)

    def _require_representative(self, *, delivers_card: bool) -> None:
        _require_own(self.other, "法定代理人")
        if self.authority is None:
            raise DocumentsNotEnough("法定代理人であることを示す書類を確認してください。")
        if delivers_card:
            if not self.together:
                raise DocumentsNotEnough(
                    "15歳未満の方・成年被後見人へのカードの交付は、本人と法定代理人が一緒に来庁します。"
                )
            _require_own(self.person, "本人")

    def _require_proxy(self, *, delivers_card: bool) -> None:
        _require_own(self.other, "代理人")
        if not self.mandate:
            raise DocumentsNotEnough("委任状を確認してください。")
        if not delivers_card:
            return
        if not enough_for_proxy(self.person):
            raise DocumentsNotEnough(
                "本人の書類は、Aの書類2点、Aの書類とBの書類1点ずつ、または写真付きを含むBの書類3点が要ります。"
            )
        if self.reason is None:
            raise DocumentsNotEnough(
                "本人が来庁できない理由を選んでください。仕事や学校が忙しいことは理由になりません。"
            )
        if self.proof not in PROOFS[self.reason]:
            wanted = "、".join(PROOF_TEXT[p] for p in Proof if p in PROOFS[self.reason])
            raise DocumentsNotEnough(f"この理由には次の資料が要ります：{wanted}")


def enough(kinds: Collection[Document]) -> bool:
    """Say whether somebody has shown who they are: one of list A, or two of list B."""
    return bool(LIST_A & set(kinds)) or len(set(kinds) - LIST_A) >= 2


def enough_for_proxy(kinds: Collection[Document]) -> bool:
    """Say whether the documents of somebody who did not come suffice for their card."""
    first = len(LIST_A & set(kinds))
    second = len(set(kinds) - LIST_A)
    if first >= 2 or (first and second):
        return True
    return second >= 3 and bool(WITH_PHOTO & set(kinds))


def shown(fields: Mapping[str, object]) -> Shown:
    """Return what the fields of a form say was laid on the desk.

    Raises:
        FieldMissing: A kind of document that nobody knows.
    """
    try:
        return Shown(
            person=_kinds(fields.get("documents")),
            other=_kinds(fields.get("representative_documents")),
            together=fields.get("together") == "yes",
            authority=Authority(str(fields["authority"])) if fields.get("authority") else None,
            mandate=fields.get("mandate") == "yes",
            reason=(
                ProxyReason(str(fields["proxy_reason"])) if fields.get("proxy_reason") else None
            ),
            proof=Proof(str(fields["proof"])) if fields.get("proof") else None,
        )
    except ValueError:
        raise FieldMissing("書類の種類は選択肢から選んでください。") from None


def _kinds(given: object) -> frozenset[Document]:
    return frozenset(Document(word) for word in str(given or "").split())


def _require_own(kinds: Collection[Document], whose: str) -> None:
    if not enough(kinds):
        raise DocumentsNotEnough(
            f"{whose}の書類は、Aの書類1点、またはBの書類2点を確認してください。"
        )
