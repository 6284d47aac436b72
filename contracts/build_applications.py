"""Turns the ways to apply, and the documents to agree to, into values of the domain.

Here: what a row needs and what it refers to. Not here: what follows from it
(``domain/applications``, ``domain/procedures/consent.py``).
"""

from datetime import date

from contracts.leaves import clause, value, word, words
from contracts.lines import Path
from contracts.reading import Reader, Tree
from domain.applications.application_lines import ApplicationLine
from domain.applications.application_parts import AppliedFor, StepKind, Variant
from domain.parties import Party, Role
from domain.procedures.consent import ConsentDocument


def build_applications(reader: Reader, tree: Tree) -> tuple[ApplicationLine, ...]:
    """Return the ways to apply; what is wrong is noted with the reader."""
    codes = [word(each, "code") for each in tree.get("procedures", [])]
    found: list[ApplicationLine] = []
    for number, row in enumerate(tree.get("applications", [])):
        path: Path = ("applications", number)
        if not reader.is_clean(path):
            continue
        if word(row, "procedure") not in codes:
            known = "、".join(codes)
            message = (
                f"「{word(row, 'procedure')}」という手続きはありません。あるのは {known} です"
            )
            reader.complain((*path, "procedure"), message)
        if any(each.variant == word(row, "variant") for each in found):
            reader.complain((*path, "variant"), "同じ方法の行が前にあります")
        try:
            found.append(_line(row))
        except ValueError:
            message = (
                "手順は、submit・receive_form・hand_to_resident の一つで終え、"
                "写真は photo、print_photo、paste_photo の順にしてください"
            )
            reader.complain((*path, "steps"), message)
    return tuple(found)


def build_consents(reader: Reader, tree: Tree) -> tuple[ConsentDocument, ...]:
    """Return the versions of the documents; what is wrong is noted with the reader."""
    found: list[ConsentDocument] = []
    for number, row in enumerate(tree.get("consents", [])):
        path: Path = ("consents", number)
        if not reader.is_clean(path):
            continue
        made = ConsentDocument(
            id=word(row, "id"),
            version=word(row, "version"),
            title=word(row, "title"),
            effective_from=date.fromisoformat(word(row, "effective_from")),
            clause=clause(row),
        )
        if (made.id, made.version) in {(each.id, each.version) for each in found}:
            reader.complain((*path, "version"), "同じ版の行が前にあります")
        found.append(made)
    return tuple(found)


def _line(row: Tree) -> ApplicationLine:
    return ApplicationLine(
        variant=Variant(word(row, "variant")),
        label=word(row, "label"),
        party=Party(word(row, "party")),
        procedure=word(row, "procedure"),
        applied_for=tuple(AppliedFor(each) for each in words(row, "applied_for")),
        steps=tuple(StepKind(each) for each in words(row, "steps")),
        keeps_form_id=value(row, "keeps_form_id") is True,
        except_roles=tuple(Role(each) for each in words(row, "except_roles")),
        clause=clause(row),
    )
