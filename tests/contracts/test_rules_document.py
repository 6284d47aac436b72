"""``docs/rules.md`` names tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_test_the_rules_name_exists() -> None:
    """A rule whose test was renamed has lost its proof."""
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs/rules.md").read_text("utf-8")))
    written = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    known = set(re.findall(r"^ *(?:async )?def (test_\w+)", written, re.MULTILINE))

    assert len(named) > 50
    assert set() == named - known
