"""What is said, done and shown at each step: the words of the guide, and their version.

The words stand in ``web/guide``: a file per kind of case, ``common`` for what every case
knows, ``scene`` for what is no action. The version is a digest of all of them, so that a case
can say by which words it was taken through.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from api.pages.rendering import WEB
from domain.case import CaseKind
from domain.guidance.steps import GuideStep
from domain.parties import Action

_VERSION_CHARACTERS = 10
"""Never twelve: a version must not be taken for a number that may not be kept."""

COMMON, SCENE = "common", "scene"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one step."""

    say: str
    """What the resident is told, spoken."""

    do: str
    """What the one in charge does."""

    display: str
    """What the resident's screen shows."""

    ask: Mapping[str, str] = field(default_factory=dict)
    """How a field is asked for; others by their label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manual:
    """All words of one version."""

    version: str
    words: Mapping[str, Words]
    """By names such as ``procedure/confirm_identity`` and ``scene/over``."""

    def name_of(self, kind: CaseKind, step: GuideStep) -> str:
        """Return the name of the words of a step."""
        if step.action is None:
            return f"{SCENE}/{step.words}"
        return self.name_of_action(kind, step.action)

    def name_of_action(self, kind: CaseKind, action: Action) -> str:
        """Return the name of the words of an action: its kind's own, or those of all."""
        own = f"{kind}/{action}"
        return own if own in self.words else f"{COMMON}/{action}"


def read_manual(folder: Path) -> Manual:
    """Return the words of a folder, and the version that they are."""
    digest, words = hashlib.sha256(), {}
    for path in sorted(folder.glob("*.toml")):
        content = path.read_bytes()
        digest.update(path.stem.encode() + b"\0" + hashlib.sha256(content).digest())
        for name, said in tomllib.loads(content.decode()).items():
            words[f"{path.stem}/{name}"] = _words(said)
    return Manual(version=digest.hexdigest()[:_VERSION_CHARACTERS], words=words)


def _words(said: Mapping[str, Any]) -> Words:
    return Words(**said)


MANUAL: Final = read_manual(WEB / "guide")
"""The words in force."""
