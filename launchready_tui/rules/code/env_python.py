"""Names that Python reads from the environment, by its syntax tree. Nothing is run or imported."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

from launchready_tui.rules.code.env_names import LONGEST_NAME, Guard, Read, is_name, words

LANGUAGE = "Python"
LARGEST = 500_000  # characters; larger ones are made by programs

_WORTH = re.compile(r"\benvirons?\b|getenv|BaseSettings|decouple|starlette\.config")
_CATCHES = frozenset({"KeyError", "LookupError", "Exception", "BaseException"})
# Methods of environs and of django-environ that read one name.
_METHODS = words(
    """
    str bool int float decimal list dict json datetime date time timedelta url uuid log_level path
    enum tuple bytes db db_url cache cache_url email_url search_url dj_db_url dj_email_url
    dj_cache_url unicode
    """
)
_AT_START = "a setting read at the start"


@dataclass(slots=True)
class Found:
    """What one file reads, and what in it stops without a name."""

    reads: list[Read] = field(default_factory=list)
    guards: list[Guard] = field(default_factory=list)


def read(text: str, path: str) -> Found:
    """The names that a file reads. One that is no Python of today has none."""
    if len(text) > LARGEST or not _WORTH.search(text):
        return Found()
    tree = parsed(text)
    return _File(path, tree).found() if tree is not None else Found()


def parsed(text: str) -> ast.Module | None:
    """The syntax tree, or None. What Python would warn about is not ours to say."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


class _File:
    """One file: its imports first, then its reads."""

    def __init__(self, path: str, tree: ast.Module) -> None:
        self.path, self.tree, self.out = path, tree, Found()
        self.nodes = list(ast.walk(tree))
        self.os: set[str] = set()
        self.environ: set[str] = set()
        self.getenv: set[str] = set()
        self.makers: set[str] = set()  # Env of environs, Config of starlette
        self.envs: dict[str, str] = {}  # what they made, and by which package
        self.modules: dict[str, str] = {}
        self.defaults: set[str] = set()
        self.asked: set[str] = set()  # names that the file tests for: it can do without them
        self.caught: set[int] = set()  # lines
        self.prefixes: dict[int, str] = {}  # of the names on a line

    def found(self) -> Found:
        for node in self.nodes:
            self._imports(node)
        for node in self.nodes:
            self._makes(node)
            self._ranges(node)
        for node in self.nodes:
            self._asks(node)
        top = {id(one) for one in _at_once(self.tree)}
        for node in self.nodes:
            self._plain(node, id(node) in top)
            if isinstance(node, ast.Call):
                self._by_package(node)
        self._settings()
        return self.out

    def _add(self, name: object, node: ast.AST, required: bool, guard: str = "") -> None:
        if not isinstance(name, str) or not is_name(name):
            return
        line = getattr(node, "lineno", 1)
        required = required and name not in self.defaults
        self.out.reads.append(Read(name, self.path, line, required, LANGUAGE))
        if guard and required:
            self.out.guards.append(Guard(guard, self.path, line, (name,)))

    def _imports(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            for one in node.names:
                called = one.asname or one.name.split(".")[0]
                if one.name == "os":
                    self.os.add(called)
                if one.name in ("environ", "environs", "decouple"):
                    self.modules[called] = one.name
        elif isinstance(node, ast.ImportFrom):
            for one in node.names:
                self._import_from(node.module, one.name, one.asname or one.name)

    def _import_from(self, module: str | None, name: str, called: str) -> None:
        match module, name:
            case "os", "environ":
                self.environ.add(called)
            case "os", "getenv":
                self.getenv.add(called)
            case (("environs" | "environ"), "env"):
                self.envs[called] = "environs"
            case "decouple", "config":
                self.envs[called] = "decouple"
            case (
                (("environs" | "environ"), "Env")
                | ("starlette.config", "Config")
                | ("decouple", ("AutoConfig" | "Config"))
            ):
                self.makers.add(called)

    def _makes(self, node: ast.AST) -> None:
        """`env = Env()`: what is called like this reads the environment from then on."""
        if not isinstance(node, ast.Assign | ast.AnnAssign) or not isinstance(node.value, ast.Call):
            return
        call = node.value
        maker = call.func
        by_name = isinstance(maker, ast.Name) and maker.id in self.makers
        by_module = (
            isinstance(maker, ast.Attribute)
            and isinstance(maker.value, ast.Name)
            and maker.value.id in self.modules
            and maker.attr in ("Env", "FileAwareEnv", "AutoConfig", "Config")
        )
        if not (by_name or by_module):
            return
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            if isinstance(target, ast.Name):
                self.envs[target.id] = "environs"
        # django-environ: `Env(DEBUG=(bool, False))` gives a default.
        for keyword in call.keywords:
            value = keyword.value
            if keyword.arg and isinstance(value, ast.Tuple) and len(value.elts) > 1:
                self.defaults.add(keyword.arg)

    def _ranges(self, node: ast.AST) -> None:
        """Lines where a missing name is caught, and lines where names get a prefix."""
        if isinstance(node, ast.Try) and node.body and any(map(_forgives, node.handlers)):
            self.caught.update(range(node.body[0].lineno, (node.body[-1].end_lineno or 0) + 1))
        if isinstance(node, ast.With):
            if any(_suppresses(item.context_expr) for item in node.items):
                self.caught.update(range(node.lineno, (node.end_lineno or 0) + 1))
            prefix = "".join(_prefixed(item.context_expr) for item in node.items)[:LONGEST_NAME]
            for line in range(node.lineno, (node.end_lineno or 0) + 1) if prefix else ():
                self.prefixes[line] = self.prefixes.get(line, "") + prefix

    def _asks(self, node: ast.AST) -> None:
        """`if "X" in os.environ`: where the answer no is no reason to stop, X may be missing."""
        if isinstance(node, ast.If | ast.IfExp | ast.While):
            body = node.body if isinstance(node.body, list) else []
            stops = any(isinstance(one, ast.Raise) for one in body)
            for one in ast.walk(node.test):
                if (
                    isinstance(one, ast.Compare)
                    and any(map(self._is_environ, one.comparators))
                    and (name := _text(one.left))
                    and not (stops and isinstance(one.ops[0], ast.NotIn))
                ):
                    self.asked.add(name)
                if not stops and isinstance(one, ast.Call) and (name := self._soft(one)):
                    self.asked.add(name)
        # What the file sets by itself is not missing any more.
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            if self._is_environ(node.value) and (name := _text(node.slice)):
                self.asked.add(name)
        elif (
            isinstance(node, ast.Call)
            and _called(node.func, "setdefault")
            and (name := self._soft(node))
        ):
            self.asked.add(name)

    def _soft(self, node: ast.Call) -> str | None:
        """The name in `getenv("X")` or `environ.get("X")`, which do without."""
        called = node.func
        getenv = (isinstance(called, ast.Name) and called.id in self.getenv) or (
            isinstance(called, ast.Attribute)
            and called.attr == "getenv"
            and isinstance(called.value, ast.Name)
            and called.value.id in self.os
        )
        method = isinstance(called, ast.Attribute) and (
            called.attr in ("get", "pop", "setdefault") and self._is_environ(called.value)
        )
        return _text(node.args[0]) if node.args and (getenv or method) else None

    def _is_environ(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Name):
            return node.id in self.environ
        return (
            isinstance(node, ast.Attribute)
            and node.attr == "environ"
            and isinstance(node.value, ast.Name)
            and node.value.id in self.os
        )

    def _plain(self, node: ast.AST, at_once: bool) -> None:
        """`os.environ["X"]` must be there; `get`, `getenv` and `in` do without."""
        if isinstance(node, ast.Subscript) and self._is_environ(node.value):
            if isinstance(node.ctx, ast.Load):
                name = _text(node.slice)
                soft = name in self.asked or node.lineno in self.caught
                self._add(name, node, not soft, _AT_START if at_once else "")
        elif isinstance(node, ast.Compare) and any(map(self._is_environ, node.comparators)):
            self._add(_text(node.left), node, required=False)
        elif isinstance(node, ast.Call):
            self._add(self._soft(node), node, required=False)

    def _by_package(self, node: ast.Call) -> None:
        """`env("X")` and `env.int("X")` of environs and its kin: required without a default."""
        called = node.func
        if isinstance(called, ast.Name):
            package = self.envs.get(called.id)
        elif isinstance(called, ast.Attribute) and called.attr in _METHODS:
            package = self.envs.get(called.value.id) if isinstance(called.value, ast.Name) else None
        elif isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
            decouple = called.attr == "config" and self.modules.get(called.value.id) == "decouple"
            package = "decouple" if decouple else None
        else:
            package = None
        if package is None or not node.args:
            return
        default = any(one.arg in ("default", None) for one in node.keywords)
        # A second argument of env("X", "a") is the default; of decouple's it is too.
        required = not default and len(node.args) < 2
        name = _text(node.args[0])
        if name:
            self._add(self.prefixes.get(node.lineno, "") + name, node, required, package)

    def _settings(self) -> None:
        """The fields of pydantic's BaseSettings, with prefix and alias."""
        classes = {node.name: node for node in self.nodes if isinstance(node, ast.ClassDef)}
        for node in _settings_classes(classes):
            prefix = _prefix(node, classes)
            names = []
            for one in node.body:
                if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
                    names += list(self._field(one, prefix, classes))
            self.out.guards.append(Guard("pydantic-settings", self.path, node.lineno, tuple(names)))

    def _field(
        self, node: ast.AnnAssign, prefix: str, classes: dict[str, ast.ClassDef]
    ) -> Iterator[str]:
        assert isinstance(node.target, ast.Name)
        field_name = node.target.id
        kind = ast.unparse(node.annotation) if _shallow(node.annotation) else ""
        if field_name.startswith("_") or "ClassVar" in kind or field_name == "model_config":
            return
        required, aliases = _value(node.value)
        # None is fine in the older pydantic; a class of its own may come from several names.
        if re.search(r"\bOptional\b|\bNone\b", kind) or kind in classes:
            required = False
        names = aliases or ((prefix + field_name).upper(),)
        for name in names:
            needed = required and len(names) == 1
            self._add(name, node, needed)
            if needed and is_name(name):
                yield name


def _at_once(tree: ast.Module) -> Iterator[ast.AST]:
    """The nodes that run when the module is loaded: not the bodies of functions, nor after `if`."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(
            node,
            ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.If | ast.IfExp | ast.Try
            | ast.BoolOp,
        ):  # fmt: skip
            waiting += ast.iter_child_nodes(node)


def _forgives(handler: ast.ExceptHandler) -> bool:
    """Whether a handler goes on where a name is missing."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    catches = any(
        kind is None or (isinstance(kind, ast.Name) and kind.id in _CATCHES) for kind in kinds
    )
    return catches and not any(isinstance(one, ast.Raise) for one in handler.body)


def _text(node: ast.AST | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _shallow(node: ast.AST) -> bool:
    """Whether a piece of syntax is small enough to be written out."""
    return sum(1 for _, _ in zip(ast.walk(node), range(60), strict=False)) < 60


def _settings_classes(classes: dict[str, ast.ClassDef]) -> list[ast.ClassDef]:
    """The classes that are BaseSettings by one of those above them, in their order."""
    below: dict[str, list[str]] = {}
    for name, node in classes.items():
        for base in node.bases:
            called = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
            below.setdefault(called, []).append(name)
    found: set[str] = set()
    waiting = ["BaseSettings"]
    while waiting:
        new = [name for name in below.get(waiting.pop(), ()) if name not in found]
        found.update(new)
        waiting += new
    return [node for name, node in classes.items() if name in found]


def _suppresses(node: ast.expr) -> bool:
    """Whether `with suppress(KeyError)` goes on where a name is missing."""
    return (
        isinstance(node, ast.Call)
        and _called(node.func, "suppress")
        and any(isinstance(kind, ast.Name) and kind.id in _CATCHES for kind in node.args)
    )


def _prefixed(node: ast.expr) -> str:
    """The prefix that `env.prefixed("X_")` gives to the names inside."""
    if isinstance(node, ast.Call) and _called(node.func, "prefixed") and node.args:
        return _text(node.args[0]) or ""
    return ""


def _prefix_values(one: ast.stmt) -> Iterator[ast.expr]:
    """What a statement in a class gives as `env_prefix`."""
    match one:
        case ast.Assign(value=ast.Call(keywords=keywords)):
            yield from (each.value for each in keywords if each.arg == "env_prefix")
        case ast.Assign(value=ast.Dict(keys=keys, values=values)):
            pairs = zip(keys, values, strict=True)
            yield from (value for key, value in pairs if _text(key) == "env_prefix")
        case ast.ClassDef(name="Config", body=body):
            for line in body:
                if isinstance(line, ast.Assign) and any(
                    isinstance(target, ast.Name) and target.id == "env_prefix"
                    for target in line.targets
                ):
                    yield line.value


def _prefix(node: ast.ClassDef, classes: dict[str, ast.ClassDef], depth: int = 0) -> str:
    """`env_prefix` of `model_config` or `class Config`, here or in a class above."""
    here = next((value for one in node.body for value in _prefix_values(one)), None)
    if here is not None:
        return _text(here) or ""
    for base in node.bases:
        name = getattr(base, "id", "")
        if name in classes and depth < 10:
            return _prefix(classes[name], classes, depth + 1)
    return ""


def _value(node: ast.expr | None) -> tuple[bool, tuple[str, ...]]:
    """Whether a field of settings must be set, and the names that it has instead of its own."""
    if node is None or (isinstance(node, ast.Constant) and node.value is ...):
        return True, ()
    if not isinstance(node, ast.Call) or not _called(node.func, "Field"):
        return False, ()
    first = node.args[0] if node.args else None
    required = first is None or (isinstance(first, ast.Constant) and first.value is ...)
    aliases: tuple[str, ...] = ()
    for keyword in node.keywords:
        if keyword.arg in ("default", "default_factory"):
            given = keyword.value
            required = isinstance(given, ast.Constant) and given.value is ...
        if keyword.arg in ("alias", "validation_alias", "env"):
            value = keyword.value
            several = value.args if isinstance(value, ast.Call) else [value]
            several = value.elts if isinstance(value, ast.List | ast.Tuple) else several
            aliases = tuple(text for one in several if (text := _text(one)))
    return required, aliases


def _called(node: ast.expr, name: str) -> bool:
    return getattr(node, "id", getattr(node, "attr", "")) == name
