"""What people are told about a photo: one plain sentence per problem, saying what to do.

Here: words. Which problem a photo has is for ``domain/photos/photo_rules.py``. Nothing here
says that a photo is accepted: that is decided where applications are examined.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from domain.photos.photo_limits import NO_PHOTO_BELOW_YEARS


class Verdict(StrEnum):
    """What the machine thinks; none of them is a decision."""

    LIKELY_FINE = "likely_fine"
    LOOK_HERE = "look_here"
    LIKELY_REFUSED = "likely_refused"


VERDICT_TEXT: Final[Mapping[Verdict, str]] = {
    Verdict.LIKELY_FINE: "おそらく大丈夫",
    Verdict.LOOK_HERE: "ここを確認",
    Verdict.LIKELY_REFUSED: "おそらく不備",
}
VERDICT_MEANING: Final[Mapping[Verdict, str]] = {
    Verdict.LIKELY_FINE: (
        "機械で分かる範囲では、直すところは見つかりませんでした。下の目視確認をしてください。"
    ),
    Verdict.LOOK_HERE: (
        "不備になるかもしれないところがあります。印のところを見て決めてください。"
    ),
    Verdict.LIKELY_REFUSED: (
        "このままでは不備になる見込みです。撮り直すか、切り抜き直してください。"
    ),
}
NO_PHOTO_NEEDED: Final = (
    f"{NO_PHOTO_BELOW_YEARS}歳未満の方のカードには写真がありません（2024年12月2日から）。"
)
WHO_DECIDES: Final = "写真を受け付けるかどうかは、申請先（J-LIS）が決めます。"


class PhotoReason(StrEnum):
    """Why a photo comes back: our own list, since no official one is public."""

    SIZE = "photo_size"
    POSE = "photo_pose"
    BACKGROUND = "photo_background"
    SHADOW = "photo_shadow"
    GLASSES = "photo_glasses"
    HEADWEAR = "photo_headwear"
    BLUR_DARK = "photo_blur_dark"
    OLD = "photo_old"
    EDITED = "photo_edited"
    MISSING = "photo_missing"
    UNREADABLE_FILE = "photo_unreadable_file"


REASON_TEXT: Final[Mapping[PhotoReason, str]] = {
    PhotoReason.SIZE: "大きさ・位置",
    PhotoReason.POSE: "向き・姿勢",
    PhotoReason.BACKGROUND: "背景",
    PhotoReason.SHADOW: "影",
    PhotoReason.GLASSES: "目もと・眼鏡",
    PhotoReason.HEADWEAR: "帽子・髪",
    PhotoReason.BLUR_DARK: "ぼけ・明るさ",
    PhotoReason.OLD: "撮影の時期",
    PhotoReason.EDITED: "加工・複写",
    PhotoReason.MISSING: "顔がない",
    PhotoReason.UNREADABLE_FILE: "ファイルの形式",
}


class Problem(StrEnum):
    """One thing the machine can see; a reason gathers several."""

    FILE_SMALL = "file_small"
    FILE_LARGE = "file_large"
    FEW_PIXELS = "few_pixels"
    MANY_PIXELS = "many_pixels"
    PRINT_COLOURS = "print_colours"
    ASPECT = "aspect"
    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    TURNED = "turned"
    FACE_SMALL = "face_small"
    FACE_LARGE = "face_large"
    OFF_CENTRE = "off_centre"
    TOO_HIGH = "too_high"
    TOO_LOW = "too_low"
    TILTED = "tilted"
    SIDEWAYS = "sideways"
    BLURRED = "blurred"
    BLOCKY = "blocky"
    DARK = "dark"
    FACE_DARK = "face_dark"
    BURNT = "burnt"
    SIDE_LIGHT = "side_light"
    UNEVEN = "uneven"
    SIDES_DIFFER = "sides_differ"
    EYES_COVERED = "eyes_covered"
    GREY = "grey"


REASON_OF: Final[Mapping[Problem, PhotoReason]] = {
    Problem.FILE_SMALL: PhotoReason.UNREADABLE_FILE,
    Problem.FILE_LARGE: PhotoReason.UNREADABLE_FILE,
    Problem.FEW_PIXELS: PhotoReason.UNREADABLE_FILE,
    Problem.MANY_PIXELS: PhotoReason.UNREADABLE_FILE,
    Problem.PRINT_COLOURS: PhotoReason.UNREADABLE_FILE,
    Problem.ASPECT: PhotoReason.SIZE,
    Problem.NO_FACE: PhotoReason.MISSING,
    Problem.SEVERAL_FACES: PhotoReason.BACKGROUND,
    Problem.TURNED: PhotoReason.POSE,
    Problem.FACE_SMALL: PhotoReason.SIZE,
    Problem.FACE_LARGE: PhotoReason.SIZE,
    Problem.OFF_CENTRE: PhotoReason.SIZE,
    Problem.TOO_HIGH: PhotoReason.SIZE,
    Problem.TOO_LOW: PhotoReason.SIZE,
    Problem.TILTED: PhotoReason.POSE,
    Problem.SIDEWAYS: PhotoReason.POSE,
    Problem.BLURRED: PhotoReason.BLUR_DARK,
    Problem.BLOCKY: PhotoReason.BLUR_DARK,
    Problem.DARK: PhotoReason.BLUR_DARK,
    Problem.FACE_DARK: PhotoReason.BLUR_DARK,
    Problem.BURNT: PhotoReason.BLUR_DARK,
    Problem.SIDE_LIGHT: PhotoReason.SHADOW,
    Problem.UNEVEN: PhotoReason.BACKGROUND,
    Problem.SIDES_DIFFER: PhotoReason.SHADOW,
    Problem.EYES_COVERED: PhotoReason.GLASSES,
    Problem.GREY: PhotoReason.EDITED,
}

PROBLEM_TEXT: Final[Mapping[Problem, str]] = {
    Problem.FILE_SMALL: "ファイルが20KBより小さいです。画質を上げて撮り直してください。",
    Problem.FILE_LARGE: "ファイルが7MBを超えています。切り抜いて保存すると小さくなります。",
    Problem.FEW_PIXELS: (
        "画素が足りません。縦横とも480画素以上になるように、近づいて撮り直してください。"
    ),
    Problem.MANY_PIXELS: (
        "縦または横が6000画素を超えています。切り抜いて保存すると小さくなります。"
    ),
    Problem.PRINT_COLOURS: (
        "印刷用の色（CMYK）のファイルです。RGBのJPEGで保存し直してください。"
    ),
    Problem.ASPECT: "縦横の比が45対35ではありません。切り抜いてください。",
    Problem.NO_FACE: "顔が見つかりません。正面から、顔全体が入るように撮り直してください。",
    Problem.SEVERAL_FACES: (
        "本人のほかにも顔が写っています。一人だけで撮り直すか、切り抜いてください。"
    ),
    Problem.TURNED: "写真が横または逆さになっています。正しい向きにしてください。",
    Problem.FACE_SMALL: "顔が小さいです。近づいて撮るか、切り抜いて顔を大きくしてください。",
    Problem.FACE_LARGE: "顔が大きすぎます。少し離れて、頭の上と左右に余白を入れてください。",
    Problem.OFF_CENTRE: (
        "顔が中央からずれています。まん中に来るように撮るか、切り抜いてください。"
    ),
    Problem.TOO_HIGH: "顔が上に寄っています。頭の上に余白が入るように直してください。",
    Problem.TOO_LOW: "顔が下に寄っています。顔を上げるように撮り直すか、切り抜いてください。",
    Problem.TILTED: "顔が傾いています。両目が水平になるように撮り直してください。",
    Problem.SIDEWAYS: "顔が横を向いています。カメラの正面を向いて撮り直してください。",
    Problem.BLURRED: (
        "ぼけ、または手ぶれがあります。動かないようにして、ピントを合わせて撮り直してください。"
    ),
    Problem.BLOCKY: "圧縮で画像が荒れています。画質を上げて撮り直してください。",
    Problem.DARK: "写真全体が暗いようです。照明を当てて、明るい場所で撮り直してください。",
    Problem.FACE_DARK: (
        "顔が暗く写っていないか確かめてください。逆光なら、顔に光を当ててください。"
    ),
    Problem.BURNT: "顔が白く飛んでいます。光を弱めるか、照明から離れて撮り直してください。",
    Problem.SIDE_LIGHT: "顔の左右で明るさが違います。影ができていないか確かめてください。",
    Problem.UNEVEN: "背景に模様や物、影があるようです。無地の壁の前で撮り直してください。",
    Problem.SIDES_DIFFER: (
        "背景の左右で色が違います。影や境目が写っていないか確かめてください。"
    ),
    Problem.EYES_COVERED: (
        "目が隠れているようです。眼鏡の枠、サングラス、前髪を確かめてください。"
    ),
    Problem.GREY: (
        "白黒の写真です。白黒でも申請できますが、写真のコピーでないか確かめてください。"
    ),
}

QUESTIONS: Final[tuple[tuple[PhotoReason, str], ...]] = (
    (PhotoReason.POSE, "両目が開いていて、はっきり見えますか"),
    (
        PhotoReason.GLASSES,
        "眼鏡に光が反射していませんか。枠が目にかかっていませんか。色付きではありませんか",
    ),
    (
        PhotoReason.HEADWEAR,
        "帽子、幅の広いヘアバンド、マスクを着けていませんか。髪が目や輪郭を隠していませんか",
    ),
    (PhotoReason.POSE, "ふだんと大きく違う表情ではありませんか"),
    (PhotoReason.BACKGROUND, "椅子、壁の模様、支える人の手が写っていませんか"),
    (PhotoReason.EDITED, "加工アプリで目や肌、輪郭を変えていませんか"),
    (PhotoReason.OLD, "6か月以内に撮った写真ですか"),
)
"""目視確認: what no machine of ours can tell, so it is asked of a person every time."""
