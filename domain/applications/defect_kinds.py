"""What can be wrong with an application: our own list, since no official one is public.

Belongs here: words. Does not belong here: what is done about it (``domain.defects``), what a
machine sees on a photo (``domain.photos``).
"""

from collections.abc import Mapping
from enum import StrEnum

from domain.photos.photo_words import REASON_TEXT, PhotoReason


class DefectKind(StrEnum):
    """Why an application came back; the reasons of photos are those of the photo gate."""

    PHOTO_SIZE = "photo_size"
    PHOTO_POSE = "photo_pose"
    PHOTO_BACKGROUND = "photo_background"
    PHOTO_SHADOW = "photo_shadow"
    PHOTO_GLASSES = "photo_glasses"
    PHOTO_HEADWEAR = "photo_headwear"
    PHOTO_BLUR_DARK = "photo_blur_dark"
    PHOTO_OLD = "photo_old"
    PHOTO_EDITED = "photo_edited"
    PHOTO_MISSING = "photo_missing"
    PHOTO_UNREADABLE_FILE = "photo_unreadable_file"
    SIGNATURE_MISSING = "signature_missing"
    BIRTHDATE_MISMATCH = "birthdate_mismatch"
    NAME_ADDRESS_MISMATCH = "name_address_mismatch"
    GUARDIAN_ENTRY_MISSING = "guardian_entry_missing"
    FORM_VERSION = "form_version"
    DUPLICATE_APPLICATION = "duplicate_application"
    RESIDENCE_PERIOD = "residence_period"
    MOVED_OUT = "moved_out"
    DECEASED = "deceased"
    OTHER = "other"


OF_PHOTO = frozenset(DefectKind(reason) for reason in PhotoReason)
"""What a new photo puts right."""

DEFECT_TEXT: Mapping[DefectKind, str] = {
    **{DefectKind(reason): f"写真：{text}" for reason, text in REASON_TEXT.items()},
    DefectKind.SIGNATURE_MISSING: "署名・記名がない",
    DefectKind.BIRTHDATE_MISMATCH: "生年月日が合わない",
    DefectKind.NAME_ADDRESS_MISMATCH: "氏名・住所が合わない",
    DefectKind.GUARDIAN_ENTRY_MISSING: "代理人の記入がない",
    DefectKind.FORM_VERSION: "申請書の様式が古い",
    DefectKind.DUPLICATE_APPLICATION: "二重の申請",
    DefectKind.RESIDENCE_PERIOD: "在留期間",
    DefectKind.MOVED_OUT: "転出",
    DefectKind.DECEASED: "死亡",
    DefectKind.OTHER: "その他",
}
