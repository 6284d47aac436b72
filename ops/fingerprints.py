"""The command sequence of every workflow, read from its source, against what is committed.

Replaying recorded histories (``tests/workflows/test_replay.py``) proves that the paths
that were recorded still run; this sees a changed sequence on every path. It must be able
to run where nothing is installed: only the standard library.

    python -m ops.fingerprints --check     tell what changed; the default
    python -m ops.fingerprints --write     accept the present sequences
"""

import argparse
import ast
import difflib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCES = ROOT / "workflows"
BASELINE = ROOT / "tests" / "workflows" / "fingerprints.json"

Sequences = dict[str, dict[str, list[str]]]
"""By workflow and method: what reaches the server, in the order of the source."""

_COMMANDS: Mapping[str, str] = {
    "execute_activity_method": "activity",
    "execute_activity": "activity",
    "start_activity_method": "activity",
    "start_activity": "activity",
    "execute_local_activity_method": "local activity",
    "execute_local_activity": "local activity",
    "start_local_activity_method": "local activity",
    "start_local_activity": "local activity",
    "execute_child_workflow": "child",
    "start_child_workflow": "child",
    "continue_as_new": "continue as new",
    "sleep": "timer",
    "upsert_search_attributes": "search attributes",
    "upsert_memo": "memo",
    "patched": "patched",
    "deprecate_patch": "patch deprecated",
    "uuid4": "chance",
    "uuid7": "chance",
    "random": "chance",
    "new_random": "chance",
}
_NAMED = {"activity", "local activity", "child", "patched", "patch deprecated"}
_HANDLERS = {"run", "update", "signal", "query"}

_LESSON = """
Executions that began before this change are replayed through the new code. Where it asks
for other commands than their history holds, or in another order, every workflow task of
theirs fails from then on: the cases hang, their deadlines ring no more, and only the code
they began with can help.

Safe without more: new methods that no running case can reach, other words, other order of
what reaches no server. For anything else, keep the old way for those who began with it:

    if workflow.patched("why-it-changed"):
        ...the new way...
    else:
        ...the old way, until the last case that began with it has ended...

Then see that `pytest tests/workflows/test_replay.py` is green, record the new path
(`make histories`), and accept the sequence with `make fingerprints`; commit all three.
{patches}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Class:
    name: str
    wire: str | None
    """The name the server knows; ``None`` for what is only inherited from."""

    bases: tuple[str, ...]
    methods: Mapping[str, ast.AsyncFunctionDef | ast.FunctionDef]


def sequences(sources: Mapping[str, str]) -> Sequences:
    """Return the sequences of the workflows in some modules.

    Args:
        sources: Source by the name of its module; only the order of names matters.
    """
    classes: dict[str, _Class] = {}
    for _, text in sorted(sources.items()):
        for node in ast.parse(text).body:
            if isinstance(node, ast.ClassDef):
                classes[node.name] = _class(node)
    return {
        found.wire: _sequence(_methods(found, classes))
        for found in sorted(classes.values(), key=lambda each: each.wire or "")
        if found.wire is not None
    }


def present() -> Sequences:
    """Return the sequences of the workflows as they stand in the source now."""
    return sequences({path.name: path.read_text() for path in SOURCES.glob("*.py")})


def committed() -> Sequences:
    """Return the sequences that were accepted last."""
    found: Sequences = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    return found


def lesson(before: Sequences, after: Sequences) -> str | None:
    """Return what changed, why that is dangerous and what to do; ``None`` if nothing did."""
    old, new = _lines(before), _lines(after)
    if old == new:
        return None
    changed = "\n".join(difflib.unified_diff(old, new, "accepted", "now", lineterm="", n=2))
    gates = [line.strip() for line in new if "patched" in line and line not in old]
    found = f"New gates were seen: {', '.join(gates)}." if gates else "No new gate was seen."
    return f"The commands of workflows changed:\n\n{changed}\n{_LESSON.format(patches=found)}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Check or write, as told."""
    parser = argparse.ArgumentParser(description="command sequences of the workflows")
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--check", action="store_true", help="tell what changed")
    chosen.add_argument("--write", action="store_true", help="accept the present sequences")
    if parser.parse_args(arguments).write:
        BASELINE.write_text(json.dumps(present(), indent=1, ensure_ascii=False) + "\n")
        return 0
    told = lesson(committed(), present())
    if told is not None:
        print(told, file=sys.stderr)
        return 1
    return 0


def _lines(found: Sequences) -> list[str]:
    return [
        line
        for workflow, methods in sorted(found.items())
        for method, commands in methods.items()
        for line in (f"{workflow}.{method}", *(f"    {command}" for command in commands))
    ]


def _class(node: ast.ClassDef) -> _Class:
    wire = None
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and _tail(decorator.func) == "defn":
            names = [k.value for k in decorator.keywords if k.arg == "name"]
            wire = ast.literal_eval(names[0]) if names else node.name
    bases = [b.value if isinstance(b, ast.Subscript) else b for b in node.bases]
    return _Class(
        name=node.name,
        wire=wire,
        bases=tuple(name for b in bases if (name := _tail(b)) is not None),
        methods={
            item.name: item
            for item in node.body
            if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)
        },
    )


def _methods(
    found: _Class, classes: Mapping[str, _Class]
) -> dict[str, ast.AsyncFunctionDef | ast.FunctionDef]:
    """Return own and inherited methods, those of the base first; own ones replace them."""
    methods: dict[str, ast.AsyncFunctionDef | ast.FunctionDef] = {}
    for base in reversed(found.bases):
        if base in classes:
            methods |= _methods(classes[base], classes)
    return methods | dict(found.methods)


def _sequence(
    methods: Mapping[str, ast.AsyncFunctionDef | ast.FunctionDef],
) -> dict[str, list[str]]:
    """Return the commands of each method that has any, or that people can call."""
    bearing: set[str] = set()
    while True:
        found = {name: list(_commands(node, bearing)) for name, node in methods.items()}
        now = {name for name, commands in found.items() if commands}
        if now == bearing:
            break
        bearing = now
    return {
        f"{kind} {name}".strip(): found[name]
        for name, node in methods.items()
        if (kind := _handler(node)) or found[name]
    }


def _handler(node: ast.AsyncFunctionDef | ast.FunctionDef) -> str:
    for decorator in node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if isinstance(called, ast.Attribute) and called.attr in _HANDLERS:
            return called.attr
    return ""


def _commands(node: ast.AST, bearing: set[str], inside: str = "") -> Iterator[str]:
    """Yield what a piece of source asks of the server, where it stands, in its order."""
    where = inside + _place(node)
    for name, child in ast.iter_fields(node):
        branch = where
        if isinstance(node, ast.If | ast.For | ast.While | ast.Try) and name == "orelse":
            branch = f"{inside}else: "
        for part in child if isinstance(child, list) else [child]:
            if isinstance(part, ast.AST):
                yield from _commands(part, bearing, branch)
    if isinstance(node, ast.Call) and (command := _command(node, bearing)):
        yield where + command


def _place(node: ast.AST) -> str:
    words = {
        ast.If: "if: ",
        ast.IfExp: "if: ",
        ast.match_case: "case: ",
        ast.For: "each: ",
        ast.While: "while: ",
        ast.ExceptHandler: "except: ",
        ast.comprehension: "each: ",
    }
    return words.get(type(node), "")


def _command(call: ast.Call, bearing: set[str]) -> str | None:
    name = _tail(call.func)
    owner = _tail(call.func.value) if isinstance(call.func, ast.Attribute) else None
    if owner == "self" and name in bearing:
        return f"→ {name}"
    if owner == "workflow" and name == "wait_condition":
        return "timer" if any(k.arg == "timeout" for k in call.keywords) else None
    if owner == "workflow" and name is not None and name in _COMMANDS:
        kind = _COMMANDS[name]
        what = f" {ast.unparse(call.args[0])}" if kind in _NAMED and call.args else ""
        return f"{kind}{what}"
    if name == "signal" and owner not in {"workflow", "self"}:
        return "signal to another case"
    return None


def _tail(node: ast.AST) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


if __name__ == "__main__":
    sys.exit(main())
