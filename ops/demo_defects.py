"""Applications that came back, for the demo: somebody is to be called today.

Here: invented people and what was wrong. Not here: accounts, lots (``ops.seed``), bookings
(``ops.demo_bookings``).
"""

from collections.abc import Mapping

from api.access.door import Person
from api.defects import follow_ups
from api.deps import Desk
from domain.applications.defect_kinds import DefectKind
from domain.errors import ContractDateMissing, OutsideTerm

_PEOPLE: tuple[tuple[DefectKind, str, str, str], ...] = (
    (DefectKind.PHOTO_BLUR_DARK, "カワムラ サチ", "河村 幸", "042-700-0101"),
    (DefectKind.SIGNATURE_MISSING, "イズミ ダイスケ", "泉 大輔", "090-1700-0102"),
    (DefectKind.NAME_ADDRESS_MISMATCH, "ノダ ミツコ", "野田 光子", "043-700-0103"),
)


def seed(desk: Desk, takers: Mapping[str, Person]) -> None:
    """Report what came back, in every city whose contract has somebody call."""
    for slug, person in takers.items():
        loaded = desk.book.current(slug)
        if loaded.contract.defects is None:
            continue
        for number, (kind, kana, name, phone) in enumerate(_PEOPLE, 1):
            body = follow_ups.DefectRequest(
                kind=kind,
                kana=kana,
                name=name,
                phone=phone,
                address=f"{loaded.contract.municipality}見本町{number}番地",
            )
            try:
                follow_ups.report(loaded, person, desk, f"demo-defect-{number}", body)
            except (ContractDateMissing, OutsideTerm):
                return
