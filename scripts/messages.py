"""Every message of the `UserError` family that the source can tell a person, found by reading it.

A message is a family where it holds values: `{name} is empty.` counts once, as `… is empty.`
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
_BASE: Final = "UserError"
_GAP: Final = "…"
_PLACES: Final = {"QueryError": (0, 3), "ImageError": (1, 2)}
"""Places of text and remedy among the arguments; 0 and 1 for all others. What an `ImageError` says is its reason."""
_KEY_WORDS: Final = 7
_DEPTH: Final = 2
"""How often a name is followed."""


@dataclass(frozen=True)
class Message:
    """One family of messages; `remedy` is '' where the source has none. `error` is the class that is raised."""

    module: str
    error: str
    text: str
    remedy: str

    @property
    def key(self) -> str:
        """Its first words: enough to find it again, and steady while its end is reworded."""
        return " ".join(self.text.split()[:_KEY_WORDS])


def collect(root: Path = ROOT) -> list[Message]:
    """All messages, by module and line; each once."""
    trees = {path.relative_to(root).as_posix(): ast.parse(path.read_text("utf-8")) for path in _sources(root)}
    family = _family(trees.values())
    constants = {name: value for tree in trees.values() for name, value in _constants(tree) if name.isupper()}
    said = {key: texts for module, tree in trees.items() for key, texts in _functions(module, tree)}
    found = [m for module, tree in trees.items() for m in _Reader(module, tree, family, constants, said).messages()]
    return list(dict.fromkeys(found))


def _sources(root: Path) -> list[Path]:
    return sorted(path for top in ("engine", "app") for path in (root / top).rglob("*.py"))


def _family(trees: Iterable[ast.Module]) -> set[str]:
    """Names of all classes that descend from `UserError`."""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    family = {_BASE}
    while more := {name for name, parents in bases.items() if parents & family} - family:
        family |= more
    return family


def _constants(scope: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            yield node.target.id, node.value


def _functions(module: str, tree: ast.Module) -> Iterator[tuple[tuple[str, str], list[ast.expr]]]:
    """What each function of a module returns, by (the module's last name, the function's name)."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            returned = [n.value for n in ast.walk(node) if isinstance(n, ast.Return) and n.value is not None]
            yield (Path(module).stem, node.name), returned


class _Reader:
    """One module: errors that are made, and those that a helper makes of the words it is given."""

    def __init__(
        self,
        module: str,
        tree: ast.Module,
        family: set[str],
        constants: dict[str, ast.expr],
        said: dict[tuple[str, str], list[ast.expr]],
    ) -> None:
        self._module, self._tree, self._family = module, tree, family
        self._constants = constants | dict(_constants(tree))
        self._said = said

    def messages(self) -> Iterator[Message]:
        helpers: dict[str, tuple[str, int, int | None]] = {}
        inside: set[ast.Call] = set()
        for function in ast.walk(self._tree):
            if isinstance(function, ast.FunctionDef):
                names = [a.arg for a in function.args.args if a.arg not in ("self", "cls")]
                for call in self._calls(function, self._family):
                    text, remedy = _parts(call)
                    if isinstance(text, ast.Name) and text.id in names:
                        at = names.index(remedy.id) if isinstance(remedy, ast.Name) and remedy.id in names else None
                        inside.add(call)
                        helpers[function.name] = (_name(call), names.index(text.id), at)
        for call in self._calls(self._tree, self._family):
            if call not in inside:
                yield from self._message(_name(call), *_parts(call))
        for call in self._calls(self._tree, set(helpers)):
            error, text_at, remedy_at = helpers[_name(call)]
            yield from self._message(error, _argument(call, text_at), _argument(call, remedy_at))

    def _calls(self, scope: ast.AST, names: set[str]) -> Iterator[ast.Call]:
        calls = (node for node in ast.walk(scope) if isinstance(node, ast.Call) and _name(node) in names)
        return iter(sorted(calls, key=lambda call: (call.lineno, call.col_offset)))

    def _message(self, error: str, text: ast.expr | None, remedy: ast.expr | None) -> Iterator[Message]:
        for node, advice in self._pairs(text, remedy):
            for words in self._texts(node):
                if words.strip(f"{_GAP} .:"):
                    said = " / ".join(t for t in self._texts(advice) if t.strip(f"{_GAP} .:"))
                    yield Message(self._module, error, re.sub(f"{_GAP}+", _GAP, words), said)

    def _pairs(self, text: ast.expr | None, remedy: ast.expr | None) -> list[tuple[ast.expr | None, ast.expr | None]]:
        """Text and remedy; for a constant tuple its own, for an entry of a table those of all tables of the module."""
        if isinstance(text, ast.Starred) and isinstance(text.value, ast.Name):
            found = self._constants.get(text.value.id)
            return [(found.elts[0], found.elts[1])] if isinstance(found, ast.Tuple) else []
        if isinstance(text, ast.Subscript):
            tables = [value for _, value in _constants(self._tree) if isinstance(value, ast.Dict)]
            rows = [row for table in tables for row in table.values if isinstance(row, ast.Tuple)]
            return [(row.elts[0], row.elts[1]) for row in rows if len(row.elts) == 2]
        return [(text, remedy)]

    def _texts(self, node: ast.expr | None, depth: int = 0) -> list[str]:
        """What an expression can say, gaps for values; [] where that cannot be read."""
        if isinstance(node, ast.Constant):
            return [node.value] if isinstance(node.value, str) else [_GAP]
        if isinstance(node, ast.JoinedStr):
            return ["".join(str(p.value) if isinstance(p, ast.Constant) else _GAP for p in node.values)]
        if isinstance(node, ast.IfExp):
            return self._texts(node.body, depth) + self._texts(node.orelse, depth)
        if isinstance(node, ast.BoolOp):
            return [text for value in node.values for text in self._texts(value, depth)]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            ends = self._texts(node.right, depth) or [_GAP]
            return [start + end for start in self._texts(node.left, depth) or [_GAP] for end in ends]
        if isinstance(node, ast.Call) and depth < _DEPTH:
            return [text for value in self._returned(node) for text in self._texts(value, depth + 1)]
        if isinstance(node, ast.Name | ast.Attribute) and depth < _DEPTH:
            return self._texts(self._constants.get(node.id if isinstance(node, ast.Name) else node.attr), depth + 1)
        return []

    def _returned(self, call: ast.Call) -> list[ast.expr]:
        """What a function of this module, or `module.function`, may return; a built-in or a method: nothing known."""
        f = call.func
        if isinstance(f, ast.Attribute) and isinstance(f.value, ast.Name):
            return self._said.get((f.value.id, f.attr), [])
        return self._said.get((Path(self._module).stem, _name(call)), [])


def _parts(call: ast.Call) -> tuple[ast.expr | None, ast.expr | None]:
    named = {k.arg: k.value for k in call.keywords}
    text_at, remedy_at = _PLACES.get(_name(call), (0, 1))
    return named.get("message") or _argument(call, text_at), named.get("remedy") or _argument(call, remedy_at)


def _argument(call: ast.Call, at: int | None) -> ast.expr | None:
    return call.args[at] if at is not None and at < len(call.args) else None


def _name(call: ast.Call) -> str:
    f = call.func
    return f.id if isinstance(f, ast.Name) else f.attr if isinstance(f, ast.Attribute) else ""
