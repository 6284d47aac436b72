"""One PDF of many people, cut into one file a person and one file to print.

Here: PDF objects, with pikepdf. Not here: how pages come to be (``activities/render.py``).

The person's file is kept for years: it stays PDF/A-3a with its tags. The file to print is
paper in a minute: it has pages only, and is written page by page, so that ten thousand
people need no more memory than fifty.
"""

from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream, String


def cut(chunk: Pdf, *, pages_each: int) -> Iterator[bytes]:
    """Yield the PDF/A-3a of each person in a tagged chunk, in order.

    The chunk loses its structure on the way and is of no use afterwards.
    """
    structure = chunk.Root.StructTreeRoot
    parts = defaultdict(list)
    for part in list(structure.K[0].K):
        # The way up leads to everybody else's parts, which would be copied along.
        del part.P
        parts[part.Pg.objgen].append(part)
    contents = structure.ParentTree.Nums
    for first in range(0, len(chunk.pages), pages_each):
        person = Pdf.new()
        tree, marked = [], []
        for place, number in enumerate(range(first, first + pages_each)):
            page = chunk.pages[number]
            person.pages.append(page)
            person.pages[place].obj.StructParents = place
            tree += [person.copy_foreign(part) for part in parts[page.obj.objgen]]
            owners = [person.copy_foreign(owner) for owner in contents[2 * number + 1]]
            marked += [place, Array(owners)]
        _describe(person, chunk)
        _add_structure(person, tree, marked)
        yield _saved(person)


def _describe(person: Pdf, chunk: Pdf) -> None:
    person.docinfo["/Title"] = str(chunk.docinfo["/Title"])
    person.Root.Lang = String(str(chunk.Root.Lang))
    person.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    person.Root.Metadata = person.copy_foreign(chunk.Root.Metadata)
    intents = [chunk.make_indirect(intent) for intent in chunk.Root.OutputIntents]
    person.Root.OutputIntents = Array([person.copy_foreign(intent) for intent in intents])


def _add_structure(person: Pdf, tree: list[Object], marked: list[object]) -> None:
    document = person.make_indirect(
        Dictionary(Type=Name.StructElem, S=Name.Document, K=Array(tree))
    )
    for part in tree:
        part.P = document
    root = person.make_indirect(
        Dictionary(
            Type=Name.StructTreeRoot,
            K=Array([document]),
            ParentTree=person.make_indirect(Dictionary(Nums=Array(marked))),
        )
    )
    document.P = root
    person.Root.StructTreeRoot = root
    person.Root.MarkInfo = Dictionary(Marked=True)


def _saved(pdf: Pdf) -> bytes:
    target = BytesIO()
    pdf.save(target, deterministic_id=True, min_version="1.7")
    return target.getvalue()


class PrintFile:
    """A PDF that grows page by page in ``target``; only offsets stay in memory."""

    _LEFT_OUT = frozenset({"/Parent", "/StructParents", "/Tabs", "/Annots"})

    def __init__(self, target: BinaryIO, *, title: str) -> None:
        self._target = target
        self._title = title
        self._offsets = [0]
        self._written = 0
        self._pages: list[int] = []
        self._root = self._number()
        self._tree = self._number()
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def append(self, chunk: Pdf) -> None:
        """Write the pages of ``chunk`` behind those already there."""
        numbers: dict[tuple[int, int], int] = {}
        for page in chunk.pages:
            self._append_page(page, numbers)

    def close(self) -> None:
        """Write what leads a reader to the pages; the file is whole from now on."""
        kids = b" ".join(b"%d 0 R" % page for page in self._pages)
        self._object(
            self._tree, b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(self._pages), kids)
        )
        self._object(
            self._root,
            b"<</Type/Catalog/Lang(ja)/ViewerPreferences<</DisplayDocTitle true>>"
            b"/Pages %d 0 R>>" % self._tree,
        )
        info = self._number()
        self._object(info, b"<</Title %b>>" % String(self._title).unparse())
        start, size = self._written, len(self._offsets)
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
        for offset in self._offsets[1:]:
            self._write(b"%010d 00000 n \n" % offset)
        self._write(
            b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n"
            % (size, self._root, info, start)
        )

    def _append_page(self, page: Page, numbers: dict[tuple[int, int], int]) -> None:
        waiting: list[tuple[int, Object]] = []

        def spell(value: Object, *, direct: bool = False) -> bytes:
            if isinstance(value, Object) and value.is_indirect and not direct:
                if value.objgen not in numbers:
                    numbers[value.objgen] = self._number()
                    waiting.append((numbers[value.objgen], value))
                return b"%d 0 R" % numbers[value.objgen]
            if isinstance(value, Array):
                return b"[%b]" % b" ".join(spell(item) for item in value)
            if isinstance(value, Dictionary | Stream):
                return b"<<%b>>" % b"".join(
                    b"%b %b" % (Name(key).unparse(), spell(item)) for key, item in value.items()
                )
            return _scalar(value)

        kept = {key: item for key, item in page.obj.items() if key not in self._LEFT_OUT}
        number = self._number()
        body = b"".join(b"%b %b" % (Name(key).unparse(), spell(kept[key])) for key in kept)
        self._object(number, b"<<%b/Parent %d 0 R>>" % (body, self._tree))
        self._pages.append(number)
        while waiting:
            number, value = waiting.pop()
            spelled = spell(value, direct=True)
            if isinstance(value, Stream):
                spelled += b"\nstream\n%b\nendstream" % value.read_raw_bytes()
            self._object(number, spelled)

    def _number(self) -> int:
        self._offsets.append(0)
        return len(self._offsets) - 1

    def _object(self, number: int, body: bytes) -> None:
        self._offsets[number] = self._written
        self._write(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def _write(self, data: bytes) -> None:
        self._target.write(data)
        self._written += len(data)


def _scalar(value: object) -> bytes:
    return Array([value]).unparse()[1:-1].strip()
