"""Small fonts for one print job, cut out of the installed ones with HarfBuzz.

Here: the calls into libharfbuzz-subset. Not here: which face draws what (``fonts``).

A Noto collection is 20 MB and more, and WeasyPrint reads each one it uses whole: four faces
took 390 MB and 0.4 s a document. Cut to the characters of the job first, they take 1 MB.
"""

import ctypes
import ctypes.util
from collections.abc import Iterable
from functools import cache

from activities.fonts import FontFile

_POINTER = ctypes.c_void_p
_SIGNATURES = {
    "hb_blob_create_from_file": (_POINTER, [ctypes.c_char_p]),
    "hb_blob_destroy": (None, [_POINTER]),
    "hb_blob_get_data": (_POINTER, [_POINTER, _POINTER]),
    "hb_blob_get_length": (ctypes.c_uint, [_POINTER]),
    "hb_face_create": (_POINTER, [_POINTER, ctypes.c_uint]),
    "hb_face_destroy": (None, [_POINTER]),
    "hb_face_reference_blob": (_POINTER, [_POINTER]),
    "hb_set_add": (None, [_POINTER, ctypes.c_uint]),
    "hb_subset_input_create_or_fail": (_POINTER, []),
    "hb_subset_input_destroy": (None, [_POINTER]),
    "hb_subset_input_unicode_set": (_POINTER, [_POINTER]),
    "hb_subset_or_fail": (_POINTER, [_POINTER, _POINTER]),
}


@cache
def _harfbuzz() -> ctypes.CDLL | None:
    """Return the library with both halves of HarfBuzz, or ``None`` when it is missing."""
    name = ctypes.util.find_library("harfbuzz-subset")
    if name is None:
        return None
    # libharfbuzz-subset links libharfbuzz, so every name resolves through it.
    library = ctypes.CDLL(name)
    for function, (result, arguments) in _SIGNATURES.items():
        call = getattr(library, function)
        call.restype, call.argtypes = result, arguments
    return library


def can_cut() -> bool:
    """Say whether fonts can be cut; without it, jobs use the installed files whole."""
    return _harfbuzz() is not None


def cut_font(font: FontFile, characters: Iterable[str]) -> bytes:
    """Return a font that draws ``characters``, variation selectors among them.

    Raises:
        OSError: The file cannot be read or cut.
    """
    hb = _harfbuzz()
    if hb is None:
        raise OSError("libharfbuzz-subset is not installed")
    blob = hb.hb_blob_create_from_file(font.path.encode())
    face = hb.hb_face_create(blob, font.index)
    wanted = hb.hb_subset_input_create_or_fail()
    code_points = hb.hb_subset_input_unicode_set(wanted)
    for character in set(characters):
        hb.hb_set_add(code_points, ord(character))
    small = hb.hb_subset_or_fail(face, wanted)
    hb.hb_subset_input_destroy(wanted)
    hb.hb_face_destroy(face)
    hb.hb_blob_destroy(blob)
    if not small:
        raise OSError("the font cannot be cut")
    return _bytes_of(hb, small)


def _bytes_of(hb: ctypes.CDLL, face: int) -> bytes:
    blob = hb.hb_face_reference_blob(face)
    data = ctypes.string_at(hb.hb_blob_get_data(blob, None), hb.hb_blob_get_length(blob))
    hb.hb_blob_destroy(blob)
    hb.hb_face_destroy(face)
    return data
