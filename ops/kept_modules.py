"""Modules as this process found them when it began, for whoever loads them anew.

Belongs here: a place in front of the disk where imports find kept code. Does not belong
here: which modules are loaded anew, and why (``worker``).
"""

import sys
from collections.abc import Sequence
from importlib.abc import InspectLoader, Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, spec_from_file_location
from types import CodeType, ModuleType


class _Kept(MetaPathFinder, Loader):
    """Finds and runs what was kept; of anything else it knows nothing."""

    def __init__(self) -> None:
        self._specs: dict[str, tuple[ModuleSpec, CodeType]] = {}

    def keep(self, name: str) -> None:
        if name in self._specs:
            return
        spec = find_spec(name)
        assert spec is not None, f"{name} is no module"
        assert isinstance(spec.loader, InspectLoader)
        code = spec.loader.get_code(name)
        assert code is not None, f"{name} has no source"
        self._specs[name] = spec, code

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in self._specs:
            return None
        spec, _ = self._specs[name]
        folders = spec.submodule_search_locations
        return spec_from_file_location(
            name, spec.origin, loader=self, submodule_search_locations=folders
        )

    def exec_module(self, module: ModuleType) -> None:
        _, code = self._specs[module.__name__]
        exec(code, module.__dict__)  # noqa: S102  # as every loader does


_KEPT = _Kept()


def keep(*names: str) -> None:
    """Let these modules be loaded from now on as they are now, whatever becomes of files.

    Loading one anew then neither reads nor compiles. What is kept already stays as it is.
    """
    for name in names:
        _KEPT.keep(name)
    if _KEPT not in sys.meta_path:
        sys.meta_path.insert(0, _KEPT)
