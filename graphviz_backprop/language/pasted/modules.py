"""What frameworks wrap around a computation, written out: PyTorch's modules, TensorFlow's tape, optimizers.

Trees become trees: a module is what it holds, as names, and a function of what it is called with. The reader
of Python sees statements alone.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import TypeVar

from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.pasted import library
from graphviz_backprop.language.pasted.tensors import Wholes

Error = Callable[..., ExpressionError]
_Node = TypeVar("_Node", bound=ast.AST)
_Statement = TypeVar("_Statement", bound=ast.stmt)

FUNCTIONS: Mapping[str, str] = {
    **{"ReLU": "relu", "Tanh": "tanh", "Sigmoid": "sigmoid", "GELU": "gelu", "SiLU": "silu", "ELU": "elu"},
    **{"LeakyReLU": "leaky_relu", "Softplus": "softplus", "ReLU6": "relu6", "Hardtanh": "hardtanh"},
    **{"Softmax": "softmax", "LogSoftmax": "log_softmax", "SELU": "selu", "Mish": "mish"},
    **{"MaxPool2d": "max_pool2d", "Flatten": "flat_rows"},
    **{"MSELoss": "mse_loss", "L1Loss": "l1_loss", "CrossEntropyLoss": "cross_entropy"},
    **{"BCELoss": "binary_cross_entropy", "BCEWithLogitsLoss": "binary_cross_entropy_with_logits"},
}
"""Modules that hold nothing, by the function that they are."""
_OF_TWO = frozenset("MSELoss L1Loss CrossEntropyLoss BCELoss BCEWithLogitsLoss".split())
TAPE = "gradient of a tape"
"""The method that stands for it: other than those of ``backward``, its gradients do not add up."""
_PASSED_OVER = frozenset("step train eval manual_seed seed watch".split())
"""Methods that change nothing that is computed here."""
LAYERS = 50
"""How many modules one may hold."""


def written_out(statements: Sequence[ast.stmt], error: Error) -> list[ast.stmt]:
    """The same statements without modules, tapes and optimizers. Raises ExpressionError."""
    whole = Wholes(statements).of
    for statement in statements:
        _replace(statement, _plain)
        _replace(statement, lambda node: library.written(node, whole))
    return [*_defined(statements), *_Writer(statements, error).body(statements)]


def _defined(statements: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The definitions of what a text uses, and does not define."""
    nodes = [node for statement in statements for node in ast.walk(statement)]
    own = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    for name, text in library.DEFINITIONS.items():
        modules = [module for module, function in FUNCTIONS.items() if function == name]
        used = [node for node in nodes if isinstance(node, ast.Call) and _made(node) in (name, *modules)]
        if used and name not in own:
            definition = ast.parse(text.format(name)).body[0]
            for node in ast.walk(definition):
                ast.copy_location(node, used[0])
            yield definition


def _plain(node: ast.expr) -> ast.expr:
    """A call as the language has it: ``nn.MSELoss()(a, b)``, ``linspace``, NumPy's random numbers."""
    match node:
        case ast.Call(func=ast.Call() as module, args=args) if _made(module) in FUNCTIONS:
            return _called(module, args)
        case ast.Call(func=ast.Attribute(value=of, attr="to" | "cuda" | "cpu")):
            return of
        case ast.Call(func=ast.Attribute(attr=name) as function) if name in library.DEFINITIONS:
            return _at(node, ast.Call(_name(name, function), node.args, node.keywords))
        case ast.Call(
            func=ast.Attribute(attr="linspace"),
            args=[start, stop, ast.Constant(value=int() as count)],
            keywords=words,
        ) if all(word.arg in ("dtype", "device", "requires_grad") for word in words):
            return _linspace(node, start, stop, count)
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="random") as of, attr=name), args=args):
            sizes = [*args, *(word.value for word in node.keywords if word.arg == "size")]
            return _random(node, of, name, sizes)
    return node


def _linspace(node: ast.expr, start: ast.expr, stop: ast.expr, count: int) -> ast.expr:
    """``arange(5) * 0.25 + 0``, where both ends are numbers."""
    first, last = _number(start), _number(stop)
    if first is None or last is None or count < 2:
        return node
    whole = _at(node, ast.Call(_attribute(_name("np", node), "arange"), [_constant(count, node)], []))
    steps = _at(node, ast.BinOp(whole, ast.Mult(), _constant((last - first) / (count - 1), node)))
    return _at(node, ast.BinOp(steps, ast.Add(), _constant(first, node)))


def _random(node: ast.expr, of: ast.expr, name: str, args: list[ast.expr]) -> ast.expr:
    """NumPy's random numbers by those that are here: even ones from 0 to 1, normal ones."""
    if name in ("random", "random_sample", "standard_normal") and len(args) == 1:
        return _drawn(node, of, "randn" if name == "standard_normal" else "rand", args[0])
    numbers = [_number(arg) for arg in args[:2]]
    if name not in ("uniform", "normal") or len(args) != 3 or None in numbers:
        return node
    first, second = (number or 0.0 for number in numbers)
    drawn = _drawn(node, of, "rand" if name == "uniform" else "randn", args[2])
    width = second - first if name == "uniform" else second
    scaled = _at(node, ast.BinOp(drawn, ast.Mult(), _constant(width, node)))
    return _at(node, ast.BinOp(scaled, ast.Add(), _constant(first, node)))


def _drawn(node: ast.expr, of: ast.expr, name: str, size: ast.expr) -> ast.expr:
    sizes = size.elts if isinstance(size, (ast.Tuple, ast.List)) else [size]
    return _at(node, ast.Call(_attribute(of, name), [*sizes], []))


def _number(node: ast.expr) -> float | None:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return float(number) if abs(number) < 1e300 else None
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            size = _number(inner)
            return None if size is None else -size
    return None


def _constant(number: float, place: ast.AST) -> ast.expr:
    found = ast.copy_location(ast.Constant(abs(number)), place)
    return found if number >= 0 else _at(place, ast.UnaryOp(ast.USub(), found))


class _Writer:
    def __init__(self, statements: Sequence[ast.stmt], error: Error) -> None:
        self.error = error
        self.classes: dict[str, ast.ClassDef] = {}
        self.used: list[ast.ClassDef] = []
        self.tapes: set[str] = set()
        nodes = [node for statement in statements for node in ast.walk(statement)]
        self.taken = {node.id for node in nodes if isinstance(node, ast.Name)}

    def body(self, statements: Sequence[ast.stmt]) -> list[ast.stmt]:
        return [found for statement in statements for found in self._statement(statement)]

    def _statement(self, statement: ast.stmt) -> Iterator[ast.stmt]:
        match statement:
            case ast.ClassDef(name=name) if _method(statement, "forward"):
                self.classes[name] = statement
            case ast.With(items=[ast.withitem(tape, ast.Name(id=name))]) if _made(tape) == "GradientTape":
                self.tapes.add(name)
                yield from self.body(statement.body)
            case ast.Assign(
                value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="gradient"), args=[of, *_])
            ) if name in self.tapes:
                yield _at(statement, ast.Expr(_at(of, ast.Call(_attribute(of, TAPE), [], []))))
            case ast.Assign(targets=[ast.Name(id="device")], value=value) if _has_words(value):
                return
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield from self._assigned(statement, name, value)
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name))) if name in _PASSED_OVER:
                return
            case ast.For():
                loop = ast.For(statement.target, statement.iter, self.body(statement.body), statement.orelse)
                yield _at(statement, loop)
            case _:
                yield statement

    def _assigned(self, statement: ast.Assign, name: str, value: ast.expr) -> Iterator[ast.stmt]:
        kind = _made(value)
        if isinstance(value, ast.Call) and kind == "Sequential":
            yield from self._sequential(name, value)
        elif isinstance(value, ast.Call) and kind in self.classes:
            yield from self._instance(name, self.classes[kind], value)
        elif isinstance(value, ast.Call) and kind in FUNCTIONS:
            params = ["x", "y"] if kind in _OF_TWO else ["x"]
            called = _called(value, [_name(param, value) for param in params])
            yield _function(name, params, [_at(value, ast.Return(called))], value)
        elif not _is_optimizer(value):
            yield statement

    def _sequential(self, name: str, value: ast.Call) -> Iterator[ast.stmt]:
        if len(value.args) > LAYERS:
            raise self.error(f"this has more than {LAYERS} modules", value)
        body: list[ast.stmt] = []
        for at, module in enumerate(value.args):
            argument: list[ast.expr] = [_name("x", module)]
            if isinstance(module, ast.Call) and _made(module) in FUNCTIONS:
                called = _called(module, argument)
            else:
                held = _name(f"{name}_{at}", module)
                yield from self._assigned(_assign(held.id, module), held.id, module)
                called = _at(module, ast.Call(held, argument, []))
            body.append(_assign("x", called))
        yield _function(name, ["x"], [*body, _at(value, ast.Return(_name("x", value)))], value)

    def _instance(self, name: str, kind: ast.ClassDef, value: ast.Call) -> Iterator[ast.stmt]:
        """``net = Net()``: what it holds, each by a name, and its forward pass as a function."""
        if kind in self.used:
            raise self.error(f"{kind.name} is made twice: one of each class is read", value)
        self.used.append(kind)
        made, forward = _method(kind, "__init__"), _method(kind, "forward")
        assert forward
        params = [arg.arg for arg in made.args.args[1:]] if made else []
        given = dict(zip(params, value.args, strict=False))
        given |= {word.arg: word.value for word in value.keywords if word.arg}
        if made:
            defaults = made.args.defaults
            given = {**dict(zip(params[len(params) - len(defaults) :], defaults, strict=True)), **given}
        if set(given) != set(params):
            raise self.error(f"{kind.name} is made of {len(params)} arguments", value)
        held: dict[str, str] = {}
        for one in made.body if made else []:
            for own, what in self._held(one):
                held[own] = own if own not in self.taken else f"{name}_{own}"
                self.taken.add(held[own])
                assigned = _assign(held[own], what)
                _replace(assigned, _inside(held, given))
                yield from self._assigned(assigned, held[own], assigned.value)
        for one in forward.body:
            _replace(one, _inside(held, {}))
        yield _function(name, [arg.arg for arg in forward.args.args[1:]], forward.body, value)

    def _held(self, statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
        """What a line of ``__init__`` gives a name of the instance."""
        match statement:
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=own)], value=what):
                yield own, what
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr="register_buffer"), args=[name, what, *_])):
                yield str(getattr(name, "value", "buffer")), what
            case ast.Expr():
                return  # super().__init__(), and texts
            case _:
                raise self.error("only self.name = … is read here", statement)


def with_lists(statement: _Statement, lists: Mapping[str, Sequence[ast.expr]]) -> _Statement:
    """A statement with the values of lists in the place of their names."""

    def meant(node: ast.expr) -> ast.expr:
        match node:
            case ast.Name(id=name, ctx=ast.Load()) if name in lists:
                return _at(node, ast.List([*lists[name]], ast.Load()))
            case ast.Subscript(value=ast.List(elts=elts), slice=at) if (
                number := library.number(at)
            ) is not None and -len(elts) <= number < len(elts):
                return elts[number]
            case ast.Call(func=ast.Name(id="len"), args=[ast.List(elts=elts)]):
                return _at(node, ast.Constant(len(elts)))
        return node

    found = deepcopy(statement)
    _replace(found, meant)
    return found


def _called(module: ast.Call, args: Sequence[ast.expr]) -> ast.expr:
    """What a module that holds nothing gives: ``nn.Softmax(dim=1)(x)`` is ``F.softmax(x, dim=1)``."""
    name = FUNCTIONS[_made(module)]
    function = _name(name, module) if name in library.DEFINITIONS else _attribute(_name("F", module), name)
    return _at(module, ast.Call(function, [*args, *module.args], module.keywords))


def _replace(root: ast.AST, meant: Callable[[ast.expr], ast.expr]) -> None:
    """Puts what is meant in the place of each expression, from the leaves up, however deep the tree is."""
    for node in reversed([*ast.walk(root)]):
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                setattr(node, name, meant(value))
            elif isinstance(value, list):
                value[:] = [meant(one) if isinstance(one, ast.expr) else one for one in value]


def _inside(held: Mapping[str, str], given: Mapping[str, ast.expr]) -> Callable[[ast.expr], ast.expr]:
    """What a method means outside: ``self.fc1`` by its name, an argument by what is given for it."""

    def meant(node: ast.expr) -> ast.expr:
        match node:
            case ast.Attribute(value=ast.Name(id="self"), attr=name) if name in held:
                return _name(held[name], node)
            case ast.Name(id=name):
                return given.get(name, node)
        return node

    return meant


def _method(kind: ast.ClassDef, name: str) -> ast.FunctionDef | None:
    found = [one for one in kind.body if isinstance(one, ast.FunctionDef) and one.name == name]
    return found[-1] if found else None


def _made(value: ast.expr) -> str:
    """The last word of what is called: Linear for ``torch.nn.Linear(2, 3)``."""
    match value:
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
            return name
    return ""


def _is_optimizer(value: ast.expr) -> bool:
    """Whether it is ``torch.optim.SGD(…)``, or is given ``model.parameters()`` first."""
    if not isinstance(value, ast.Call):
        return False
    words = {getattr(node, "attr", getattr(node, "id", "")) for node in ast.walk(value.func)}
    return "optim" in words or (bool(value.args) and _made(value.args[0]) == "parameters")


def _has_words(value: ast.expr) -> bool:
    """Whether there are texts in it, as in ``"cuda" if torch.cuda.is_available() else "cpu"``."""
    return any(isinstance(node, ast.Constant) and isinstance(node.value, str) for node in ast.walk(value))


def _at(place: ast.AST, node: _Node) -> _Node:
    return ast.copy_location(node, place)


def _name(name: str, place: ast.AST) -> ast.Name:
    return ast.copy_location(ast.Name(name, ast.Load()), place)


def _attribute(of: ast.expr, name: str) -> ast.Attribute:
    return ast.copy_location(ast.Attribute(of, name, ast.Load()), of)


def _assign(name: str, value: ast.expr) -> ast.Assign:
    target = ast.copy_location(ast.Name(name, ast.Store()), value)
    return ast.copy_location(ast.Assign([target], value), value)


def _function(name: str, params: Sequence[str], body: list[ast.stmt], place: ast.AST) -> ast.FunctionDef:
    args = [ast.copy_location(ast.arg(param), place) for param in params]
    arguments = ast.arguments([], args, None, [], [], None, [])
    return ast.copy_location(ast.FunctionDef(name, arguments, body, [], None), place)
