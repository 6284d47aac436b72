"""Detectors of numbers that must never be kept: in notes, forms, lists, file names.

Belongs here: which labels and shapes give a number away, and how sure that is. Does not
belong here: what a caller does with a finding, beyond refusing. A finding tells kind and
place and never carries the value, so it may be logged and counted.

Two levels, because a check digit alone fits one in ten other numbers: ``BLOCK`` needs a
check digit *and* a sign (a label nearby, 4-4-4, a citizen's free text), or a label that
leaves no doubt; ``CONFIRM`` asks a person to look. PINs without a label cannot be told from
other digits; training has to do what no detector can.
Source: 番号法 第19条・第20条; Ageo, Urasoe, Ota, Chiba, Yokosuka specifications, personal data.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import ForbiddenNumber, LooksLikeForbiddenNumber, UnusableCharacter
from domain.writing.individual_number import (
    Shape,
    TwelveDigits,
    find_twelve_digits,
    fold_widths,
)


class ForbiddenKind(StrEnum):
    """What must never be kept."""

    INDIVIDUAL_NUMBER = "individual_number"
    PIN = "pin"
    RESIDENT_CODE = "resident_code"
    VERIFICATION_NUMBER = "verification_number"
    SERIAL_NUMBER = "serial_number"
    RESIDENCE_CARD_NUMBER = "residence_card_number"
    PASSPORT_NUMBER = "passport_number"
    LICENCE_NUMBER = "licence_number"
    INSURANCE_NUMBER = "insurance_number"


KIND_TEXT: Mapping[ForbiddenKind, str] = {
    ForbiddenKind.INDIVIDUAL_NUMBER: "マイナンバー（個人番号）",
    ForbiddenKind.PIN: "暗証番号",
    ForbiddenKind.RESIDENT_CODE: "住民票コード",
    ForbiddenKind.VERIFICATION_NUMBER: "照合番号",
    ForbiddenKind.SERIAL_NUMBER: "証明書の発行番号または製造番号",
    ForbiddenKind.RESIDENCE_CARD_NUMBER: "在留カード番号",
    ForbiddenKind.PASSPORT_NUMBER: "旅券番号",
    ForbiddenKind.LICENCE_NUMBER: "運転免許証番号",
    ForbiddenKind.INSURANCE_NUMBER: "被保険者番号",
}


class Level(StrEnum):
    """How sure a finding is, and so what has to happen."""

    BLOCK = "block"
    """Nobody may keep this."""

    CONFIRM = "confirm"
    """A person has to look; it may be an order number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One number that must not be kept, or may be one."""

    kind: ForbiddenKind
    level: Level
    where: tuple[int, int]
    """First character and the one after the last, as Python slices the text."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """A label, and what follows it when somebody has written the number down."""

    kind: ForbiddenKind
    label: re.Pattern[str]
    value: re.Pattern[str]
    sure_after: re.Pattern[str] | None = None
    """What has to stand shortly before the label to block; ``None`` if nothing has to."""


_LABEL_REACH = 20
"""A label this many characters away still belongs to a number."""

_MOST_FINDINGS = 50

_NUMBER_LABEL = re.compile(
    r"マイナンバー(?!カード)|ﾏｲﾅﾝﾊﾞｰ(?!ｶｰﾄﾞ)|(?:個人|こじん)番号(?!カード)|番号カードの番号"
    r"|照合番号a|my ?number(?! ?card)|individual ?number",
    re.IGNORECASE,
)
_CARD_LABEL = re.compile(
    r"マイナンバーカード|ﾏｲﾅﾝﾊﾞｰｶｰﾄﾞ|個人番号カード|マイナカード|my ?number ?card", re.IGNORECASE
)
_OTHER_LABEL = re.compile(
    r"(?:予約|受付|整理|注文|照会|追跡|伝票|管理|問い?合わ?せ|登録|会員|口座|電話|携帯|案件|発券)"
    r"(?:番号|no|№)|申請書id|tel|法人番号",
    re.IGNORECASE,
)

# Each alternative begins with another character, and none gives back what it took:
# whatever follows a label is read once.
_CONNECTORS = re.compile(
    r"(?:[\s:;=>→「『\"'(（\[【〔」』)）\]】〕はがをのもと、,・．.\-]|です|番号|コード|ナンバー|no|"
    r"number|code|[46四六](?:(?:から|[~〜-])16)?(?:桁|けた|文字)|数字|英数字|確認|署名用|利用者証明用|住基|電子証明書){0,8}+",
    re.IGNORECASE,
)
_NOT_GLUED = r"(?![0-9a-z])"
_RULES = (
    _Rule(
        ForbiddenKind.PIN,
        re.compile(
            r"暗証番号|暗証ナンバー|あんしょう番号|パスワード|ﾊﾟｽﾜｰﾄﾞ|ピン(?:番号|コード)"
            r"|(?<![a-z])(?:pin|password|passwd)(?![a-z])",
            re.IGNORECASE,
        ),
        re.compile(
            r"[0-9](?:[ -]?[0-9]){3}(?![0-9a-z]|[-/.][0-9]|[年月円時分人名件回番号歳台枚])"
            r"|(?!0[0-9]{9,10}(?![0-9a-z]))(?=[a-z]{0,16}[0-9])[0-9a-z]{6,16}" + _NOT_GLUED,
            re.IGNORECASE,
        ),
    ),
    _Rule(
        ForbiddenKind.RESIDENT_CODE,
        re.compile(r"住民票コード|住基コード|住民コード"),
        re.compile(r"[0-9](?:[ -]?[0-9]){10}(?![0-9])"),
    ),
    _Rule(
        ForbiddenKind.VERIFICATION_NUMBER,
        re.compile(r"照合番号b?", re.IGNORECASE),
        re.compile(r"[0-9](?:[ -]?[0-9]){13}(?![0-9])"),
    ),
    _Rule(
        ForbiddenKind.SERIAL_NUMBER,
        re.compile(r"シリアル(?:番号|ナンバー)?|ｼﾘｱﾙ|発行番号|製造番号|serial", re.IGNORECASE),
        re.compile(r"(?=[a-f]{0,40}[0-9])[0-9a-f]{8,40}" + _NOT_GLUED, re.IGNORECASE),
        # A card reader has a serial number too, and that one belongs into its record.
        sure_after=re.compile(r"証明書|カード(?!リーダ)|jpki", re.IGNORECASE),
    ),
    _Rule(
        ForbiddenKind.RESIDENCE_CARD_NUMBER,
        re.compile(r"在留カード|特別永住者証明書"),
        re.compile(r"[a-z]{2} ?[0-9]{8} ?[a-z]{2}" + _NOT_GLUED, re.IGNORECASE),
    ),
    _Rule(
        ForbiddenKind.PASSPORT_NUMBER,
        re.compile(r"旅券|パスポート|passport", re.IGNORECASE),
        re.compile(r"[a-z]{2} ?[0-9]{7}" + _NOT_GLUED, re.IGNORECASE),
    ),
    _Rule(
        ForbiddenKind.LICENCE_NUMBER,
        re.compile(r"免許証?(?:番号)?|免許情報記録番号"),
        re.compile(r"[0-9](?:[ -]?[0-9]){11}(?![0-9])"),
    ),
    _Rule(
        ForbiddenKind.INSURANCE_NUMBER,
        re.compile(r"被保険者証?(?:記号)?(?:番号)?|保険者番号"),
        re.compile(r"[0-9](?:[ -]?[0-9]){5,11}(?![0-9])"),
    ),
)
_ANY_LABEL = re.compile(
    "|".join(f"(?P<r{place}>{rule.label.pattern})" for place, rule in enumerate(_RULES)),
    re.IGNORECASE,
)
_WORTH_A_LOOK = re.compile(
    r"(?:[\d⓪①-⑨〇零一二三四五六七八九][^\d⓪①-⑨〇零一二三四五六七八九,\n]{0,3}+){12}"
    r"|番号|コード|暗証|パス|ﾊﾟｽ|ピン|シリアル|ｼﾘｱﾙ|在留|旅券|免許|保険|永住|[pｐ][iaｉａ]|[sｓ][eｅ][rｒ]",
    re.IGNORECASE,
)


def scan_text(text: str, citizen_facing: bool = False) -> tuple[Finding, ...]:
    """Return what ``text`` holds that must not be kept, in order of place.

    ``citizen_facing`` is free text typed by a citizen: there a bare number with a fitting
    check digit is blocked, since nobody can ask what it is. After fifty findings the rest is
    left unread; the text is refused anyway.
    """
    if not worth_scanning(text):
        return ()
    folded = fold_widths(text)
    found = sorted(
        {*_labelled(folded), *_individual_numbers(folded, citizen_facing)},
        key=lambda finding: (finding.where, finding.kind),
    )
    return tuple(found)


def worth_scanning(text: str) -> bool:
    """Tell quickly whether ``text`` could hold anything; long lists ask this first."""
    return _WORTH_A_LOOK.search(text) is not None


_UNUSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What databases and JSON refuse, late and for good; tabs and line breaks are typed."""


def refuse_forbidden(
    text: str, *, citizen_facing: bool = False, confirmed: bool = False
) -> None:
    """Refuse a text that may not be kept.

    ``confirmed`` says that a person has looked and says it is something else; it never
    lets through what is certain.

    Raises:
        UnusableCharacter: It holds a control character, or half of one.
        ForbiddenNumber: It holds a number that must never be kept.
        LooksLikeForbiddenNumber: It may hold one, and nobody has confirmed otherwise.
    """
    if _UNUSABLE.search(text):
        raise UnusableCharacter("制御文字を取り除いてから保存してください")
    found = scan_text(text, citizen_facing)
    certain = [finding for finding in found if finding.level is Level.BLOCK]
    if certain:
        raise ForbiddenNumber(f"{_kinds(certain)}は記録できません。消してから保存してください")
    if found and not confirmed:
        raise LooksLikeForbiddenNumber(
            f"{_kinds(list(found))}のように見える数字があります。違うことを確かめてください"
        )


def _kinds(found: list[Finding]) -> str:
    return "・".join(dict.fromkeys(KIND_TEXT[finding.kind] for finding in found))


def _labelled(folded: str) -> Iterator[Finding]:
    count, place = 0, 0
    while count < _MOST_FINDINGS and (label := _ANY_LABEL.search(folded, place)):
        place = label.end()
        rule = _RULES[int((label.lastgroup or "r0")[1:])]
        between = _CONNECTORS.match(folded, label.end())
        begin = between.end() if between else label.end()
        if value := rule.value.match(folded, begin):
            place = value.end()
            count += 1
            before = folded[max(0, label.start() - _LABEL_REACH) : label.start()]
            sure = rule.sure_after is None or rule.sure_after.search(before)
            level = Level.BLOCK if sure else Level.CONFIRM
            yield Finding(kind=rule.kind, level=level, where=value.span())


def _individual_numbers(folded: str, citizen_facing: bool) -> Iterator[Finding]:
    count = 0
    for found in find_twelve_digits(folded):
        level = _level(folded, found, citizen_facing)
        if level is None:
            continue
        yield Finding(
            kind=ForbiddenKind.INDIVIDUAL_NUMBER,
            level=level,
            where=(found.start, found.end),
        )
        count += 1
        if count == _MOST_FINDINGS:
            return


def _level(folded: str, found: TwelveDigits, citizen_facing: bool) -> Level | None:
    label = _nearest_label(folded, found)
    if not found.check_digit_fits:
        # One digit mistyped is still nearly the number; but only its own label says so.
        return Level.CONFIRM if label is _NUMBER_LABEL else None
    if label in (_NUMBER_LABEL, _CARD_LABEL):
        return Level.BLOCK
    if found.time_like:
        return None
    if found.shape is Shape.WITHIN or found.in_word or label is _OTHER_LABEL:
        return Level.CONFIRM
    if found.shape is Shape.GROUPED or citizen_facing:
        return Level.BLOCK
    return Level.CONFIRM


def _nearest_label(folded: str, found: TwelveDigits) -> re.Pattern[str] | None:
    """Return which kind of label is nearest before the digits, else nearest after."""
    before = folded[max(0, found.start - _LABEL_REACH) : found.start]
    nearest: tuple[int, re.Pattern[str]] | None = None
    for pattern in (_NUMBER_LABEL, _CARD_LABEL, _OTHER_LABEL):
        for label in pattern.finditer(before):
            if nearest is None or label.end() > nearest[0]:
                nearest = label.end(), pattern
    if nearest:
        return nearest[1]
    after = folded[found.end : found.end + _LABEL_REACH]
    return _NUMBER_LABEL if _NUMBER_LABEL.search(after) else None


_CARD_WORDS = re.compile(r"(?:マイナンバー|個人番号|mynumber)(?:カード|card)")
_FORBIDDEN_HEADERS = (
    (ForbiddenKind.INDIVIDUAL_NUMBER, re.compile(r"マイナンバー|個人番号|mynumber|照合番号a")),
    (ForbiddenKind.INDIVIDUAL_NUMBER, re.compile(r"individualnumber|^番号カードの番号$")),
    (
        ForbiddenKind.PIN,
        re.compile(r"暗証番号|パスワード|password|^pin$|^ピン(?:番号|コード)$"),
    ),
    (ForbiddenKind.RESIDENT_CODE, re.compile(r"住民票コード|住基コード|住民コード")),
    (ForbiddenKind.VERIFICATION_NUMBER, re.compile(r"照合番号b")),
)


def forbidden_header(header: str) -> ForbiddenKind | None:
    """Return what a column of this name would hold that must not be kept, if anything.

    Words that speak of the card (個人番号カード交付日) are no such name.
    """
    folded = "".join(unicodedata.normalize("NFKC", header).split()).lower()
    without_card = _CARD_WORDS.sub("", folded)
    for kind, pattern in _FORBIDDEN_HEADERS:
        if pattern.search(without_card):
            return kind
    return None
