"""The shape of what a contract file says of applications and of consent.

Here: their rows. Not here: the rest of a file (``contracts/profile_shape.py``), what the
rows mean (``contracts/build_applications.py``).
"""

from contracts.shape import Leaf, Rows, Table, day, flag, text, texts
from domain.applications.application_parts import AppliedFor, StepKind, Variant
from domain.parties import Party, Role

APPLICATIONS = Rows(
    label="申請の方法",
    row=Table(
        entries={
            "variant": text("方法", choices=tuple(Variant), required=True, settled=True),
            "label": text("仕様書での呼び方"),
            "procedure": text("手続き", required=True, settled=True),
            "party": text("行う側", choices=tuple(Party), required=True, settled=True),
            "applied_for": Leaf(
                kind=texts().kind,
                label="新規・更新",
                choices=tuple(AppliedFor),
                required=True,
                settled=True,
            ),
            "steps": Leaf(
                kind=texts().kind,
                label="窓口での手順",
                choices=tuple(StepKind),
                required=True,
                settled=True,
            ),
            "keeps_form_id": flag("申請書IDを残してよいか"),
            "except_roles": Leaf(
                kind=texts().kind, label="案内だけを行う役割", choices=tuple(Role)
            ),
        }
    ),
)

CONSENTS = Rows(
    label="同意する文書",
    row=Table(
        entries={
            "id": text(required=True, settled=True),
            "title": text("文書の名前", required=True, settled=True),
            "version": text("版", required=True, settled=True),
            "effective_from": day("この日から", required=True, settled=True),
        }
    ),
)
