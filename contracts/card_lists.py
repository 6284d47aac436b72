"""From a contract's list formats to the mapping that reads them."""

from domain.contract import Contract
from domain.contract_parts import ListFormat
from domain.errors import NotACardList
from domain.lots.list_mapping import OPTIONAL, REQUIRED, ListKind, ListMapping


def mapping_of(contract: Contract) -> ListMapping:
    """Return how this city's three lists are laid out.

    Raises:
        NotACardList: The contract takes over no card lots.
    """
    formats = {form.id: form for form in contract.lists}
    if set(ListKind) - set(formats):
        raise NotACardList(f"{contract.municipality}の契約ではカードの納品を受け付けません。")
    return ListMapping.from_tables(
        {kind: _columns(kind, formats[kind]) for kind in ListKind},
        receipt_words=_words(formats[ListKind.ISSUE_LIST], "receipt"),
        status_words=_words(formats[ListKind.RESIDENT], "status"),
    )


def _columns(kind: ListKind, form: ListFormat) -> dict[str, list[str]]:
    # A column the contract names but nobody needs, such as the sex, is not taken over.
    known = {*REQUIRED[kind], *OPTIONAL[kind]}
    return {
        column.field: list(column.headers) for column in form.columns if column.field in known
    }


def _words(form: ListFormat, field: str) -> dict[str, str]:
    return {word.word: word.meaning for word in form.words if word.field == field}
