"""Every string that the window shows, read from the code by Python's own parser.

Qt's reader of Python (lupdate) works on lines: it misses what stands inside an f-string, and does not know a module's
own `tr`. Both are common here. So the strings are read from the syntax tree, and what no reader could find (an f-string
or a variable that is to be translated) is a fault of the code, told with its place.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_MARK = "marked"


@dataclass(frozen=True, order=True)
class Text:
    """One string to translate; `where` is the file and the line of one of its uses."""

    context: str
    source: str
    comment: str = ""
    plural: bool = False
    where: str = field(default="", compare=False)


@dataclass
class Reading:
    """What the code asks for, and what in it cannot be translated."""

    texts: set[Text] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


def read(root: Path) -> Reading:
    """The strings of every module of `root/app`."""
    modules = {file: ast.parse(file.read_text("utf-8")) for file in sorted((root / "app").rglob("*.py"))}
    names = {file: ".".join(file.relative_to(root).with_suffix("").parts) for file in modules}
    helpers = {f"{names[file]}.{name}": made for file, tree in modules.items() for name, made in _helpers(tree)}
    readers = [_Reader(file.relative_to(root).as_posix(), tree, names[file], helpers) for file, tree in modules.items()]
    found = Reading()
    marked = {context for reader in readers for context in reader.marked}
    for reader in readers:
        found.texts |= reader.texts
        found.faults += reader.faults
        found.faults += [
            f"{where}: a variable is translated in '{context}', where no string is given to {_MARK}()."
            for where, context in reader.variables
            if context not in marked
        ]
    return found


@dataclass(frozen=True)
class _Helper:
    """A function of one text that only translates or only marks it: `return translate("words", text)`."""

    context: str
    marks: bool


def _helpers(tree: ast.Module) -> Iterator[tuple[str, _Helper]]:
    """The helpers of a module by name."""
    for node in tree.body:
        if not (isinstance(node, ast.FunctionDef) and isinstance(node.body[-1], ast.Return)):
            continue
        call = node.body[-1].value
        if isinstance(call, ast.Call) and _function(call) in ("translate", _MARK) and len(call.args) > 1:
            context, text = call.args[:2]
            if isinstance(context, ast.Constant) and isinstance(text, ast.Name) and text.id == node.args.args[0].arg:
                yield node.name, _Helper(str(context.value), _function(call) == _MARK)


def _function(call: ast.Call) -> str:
    """`tr`, `translate`, `marked` or a plain name; str.translate is none of them."""
    made = call.func
    if isinstance(made, ast.Attribute):
        owner = made.value.id if isinstance(made.value, ast.Name) else ""
        return made.attr if made.attr == "tr" or owner in ("QCoreApplication", "QtCore", "QApplication") else ""
    return made.id if isinstance(made, ast.Name) else ""


class _Reader(ast.NodeVisitor):
    """One module."""

    def __init__(self, file: str, tree: ast.Module, module: str, helpers: dict[str, _Helper]) -> None:
        self.texts: set[Text] = set()
        self.faults: list[str] = []
        self.variables: list[tuple[str, str]] = []
        self.marked: set[str] = set()
        self._file, self._classes = file, list[str]()
        self._helpers, self._away = helpers, dict[str, str]()
        self._typed: dict[str, str] = {}
        self._own = {name for name, _ in _helpers(tree)}
        self._local = {name: helpers[f"{module}.{name}"] for name in self._own}
        self._imports(tree)
        self.visit(tree)

    def _imports(self, tree: ast.Module) -> None:
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    self._away[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                    helper = self._helpers.get(f"{node.module}.{alias.name}")
                    if helper is not None:
                        self._local[alias.asname or alias.name] = helper

    def visit_ClassDef(self, node: ast.ClassDef) -> None:  # a name of ast's
        self._classes.append(node.name)
        self.generic_visit(node)
        self._classes.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if node.name in self._own and not self._classes:  # a helper's own body translates its argument
            return
        outer = self._typed
        named = {a.arg: a.annotation.id for a in node.args.args if isinstance(a.annotation, ast.Name)}
        self._typed = outer | named
        self.generic_visit(node)
        self._typed = outer

    def visit_Call(self, node: ast.Call) -> None:
        name, where = _function(node), f"{self._file}:{node.lineno}"
        if name == "tr" and isinstance(node.func, ast.Attribute):
            self._take(self._owner(node.func.value, where), node.args, where, node.keywords)
        elif name in ("translate", _MARK) and name not in self._local and len(node.args) > 1:
            context = node.args[0]
            if isinstance(context, ast.Constant):
                self._take(str(context.value), node.args[1:], where, node.keywords, marks=name == _MARK)
            else:
                self.faults.append(f"{where}: the context of a translation must be written out.")
        elif name in self._local and isinstance(node.func, ast.Name):
            helper = self._local[name]
            self._take(helper.context, node.args, where, node.keywords, marks=helper.marks)
        self.generic_visit(node)

    def _owner(self, owner: ast.expr, where: str) -> str | None:
        """Whose `tr` it is: of the class that is being written, of an argument's class, or of another module."""
        if isinstance(owner, ast.Name):
            if owner.id == "self" and self._classes:
                return self._classes[-1]
            if owner.id in self._typed:
                return self._typed[owner.id]
            helper = self._helpers.get(f"{self._away.get(owner.id, '')}.tr")
            if helper is not None:
                return helper.context
        self.faults.append(f"{where}: translate by self.tr, or by QCoreApplication.translate with a context.")
        return None

    def _take(
        self,
        context: str | None,
        args: list[ast.expr],
        where: str,
        keywords: list[ast.keyword],
        *,
        marks: bool = False,
    ) -> None:
        if context is None or not args:
            return
        plural = len(args) > 2 or any(k.arg == "n" for k in keywords)
        comment = args[1].value if len(args) > 1 and isinstance(args[1], ast.Constant) else ""
        sources = _sources(args[0])
        if sources is None:
            if isinstance(args[0], ast.JoinedStr):
                self.faults.append(f"{where}: an f-string cannot be translated: put {{0}} and .format() behind tr().")
            else:
                self.variables.append((where, context))
            return
        if marks:
            self.marked.add(context)
        self.texts |= {Text(context, source, str(comment or ""), plural, where) for source in sources}


def _sources(text: ast.expr) -> list[str] | None:
    """The strings that an argument may be; None where the code does not say."""
    if isinstance(text, ast.Constant) and isinstance(text.value, str):
        return [text.value]
    if isinstance(text, ast.IfExp):
        one, other = _sources(text.body), _sources(text.orelse)
        return one + other if one is not None and other is not None else None
    return None
