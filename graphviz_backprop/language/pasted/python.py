"""Python, as courses and libraries print it: read as a tree, statement by statement, and never run.

A name that is assigned again is another name of the program: the last one keeps its own, those before get a
number. ``def`` with one ``return`` is a function; a longer one is written out where it is called, and a loop
over a range as often as it runs. What was given to ``backward`` is the output, else what comes last.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.pasted import library, modules, placed
from graphviz_backprop.language.pasted.converted import Converted, Piece
from graphviz_backprop.language.pasted.elsewhere import apart
from graphviz_backprop.language.pasted.expressions import Expressions, Function, Naming, Version, Written
from graphviz_backprop.language.pasted.source import Source
from graphviz_backprop.language.pasted.tensors import LISTED, Wholes

STATEMENTS = 5_000
"""Statements that are written out, of loops and functions too."""

_MODULES = "np|numpy|torch|math|F|jnp|jax|tf|nn|scipy"
_MARKS = re.compile(
    rf"""(?mx)
    \b(?:{_MODULES})\.[A-Za-z]                 # np.exp
    | ^[ \t]*(?:import|from)\s+\w
    | ^[ \t]*def\s+\w+\s*\(
    | ^[ \t]*for\s+\w+\s+in\s
    | ^>>>\s
    | \blambda\b[^\n]*:
    | [\w)\]]\.[A-Za-z_]\w*\(                  # x.tanh()
    | (?:^|;)[ \t]*\w+\s*(?:[-+*/]|\*\*)=      # c += 1
    | (?:^|;)[ \t]*\w+\[[^\n;=]*\]\s*(?:[-+*/]|\*\*)?=(?!=)      # x[0] = 1
    | \bif\b[^\n]+\belse\b
    | \b(?:and|or|not)\b
    | \b(?:Value|print)\(
    | \brequires_grad\b
    """
)
_AGAIN = re.compile(r"(?m)(?:^|;)[ \t]*(\w+)[ \t]*=[^=;\n]*\b\1\b")
_IGNORED_TARGETS = frozenset(("requires_grad", "label", "grad", "_op"))
_IGNORED_METHODS = frozenset(("_backward", "retain_grad", "zero_grad", "zero_", "requires_grad_"))
_HINTS = {
    ast.If: "write x if c else y, or where(c, x, y)",
    ast.While: "loops over a range are read: for i in range(3)",
    ast.ClassDef: "paste what is computed with it",
    ast.With: "paste what stands inside it",
    ast.Return: "a return stands in a function: def f(x): return x**2",
    ast.Try: "paste what stands inside it",
}


def recognise(text: str) -> bool:
    """Whether the text, which is no program of the language, has what only Python has."""
    return _MARKS.search(text) is not None or _assigns_again(text)


def _assigns_again(text: str) -> bool:
    """Whether a name is given a value made of its own, x = x*3, after it has one."""
    if not _AGAIN.search(text):
        return False
    try:
        statements = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    known: set[str] = set()
    for one in statements:
        if not isinstance(one, ast.Assign) or not isinstance(one.targets[0], ast.Name):
            continue
        name = one.targets[0].id
        if name in known and any(
            isinstance(part, ast.Name) and part.id == name for part in ast.walk(one.value)
        ):
            return True
        known.add(name)
    return False


def convert(text: str) -> Converted:
    """The program that the text computes. Raises ExpressionError at what can't be read."""
    source = Source(text)
    source.statements = modules.written_out(source.statements, source.error)
    return _Reader(source, Expressions(source)).converted()


def wholes(text: str) -> Mapping[str, int]:
    """The plain whole numbers that names are given in a text: ``n = batch_size = 32``."""
    return Wholes(Source(text).statements).known


@dataclass
class _Reader:
    source: Source
    expressions: Expressions
    lines: list[Written] = field(default_factory=list)
    output: Written | None = None  # what backward was called on
    held: set[Naming | str] = field(default_factory=set)  # what has gradients, to which another backward adds
    steps: int = 0
    alike: list[set[str]] = field(default_factory=list)  # names of one value
    made: dict[Naming, ast.expr] = field(default_factory=dict)  # what names are given
    leaves: set[str] = field(init=False)
    appended: set[str] = field(init=False)  # names of lists that something is appended to
    lists: dict[str, list[ast.expr]] = field(default_factory=dict)  # of values that are appended

    def converted(self) -> Converted:
        self.expressions.inline = self._inline
        self.leaves = placed.leaves(self.source.statements)
        self.appended = set(_appended(self.source.statements))
        last = self._body(self.source.statements)
        functions = [one for one in self.source.statements if isinstance(one, ast.FunctionDef)]
        if self._is_empty() and functions:
            last = self._alone(functions[-1])
        output = self.output or last
        if output is not None and (not self.lines or self.lines[-1] is not output):
            self._write(output)
        return Converted(self.expressions.resolved(self.lines))

    def _is_empty(self) -> bool:
        """Whether all statements only define functions."""
        ignored = (ast.FunctionDef, ast.Import, ast.ImportFrom)
        return self.output is None and all(
            isinstance(one, ignored) or (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
            for one in self.source.statements
        )

    def _write(self, line: Written) -> None:
        self.lines.append(line)
        if len(self.lines) > STATEMENTS:
            raise ExpressionError(f"this is more than {STATEMENTS:,} statements", *line[0].span)

    # Statements

    def _body(self, statements: list[ast.stmt]) -> Written | None:
        """Writes statements; what the last of them is, if it is a value. A return ends them."""
        last: Written | None = None
        for statement in statements:
            self.steps += 1
            if self.steps > STATEMENTS:
                raise self._error(f"this is more than {STATEMENTS:,} statements", statement)
            found = self._statement(statement)
            last = found if found is not None else last
        return last

    def _statement(self, statement: ast.stmt) -> Written | None:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.List(elts=elts)) if name in self.appended:
                self.lists[name] = []
                for one in elts:
                    self._append(name, one)
                return None
            case ast.Expr(value=ast.Call(func=ast.Attribute(ast.Name(id=name), "append"), args=[value])) if (
                name in self.lists
            ):
                self._append(name, value)
                return None
        if self.lists and not isinstance(statement, (ast.For, ast.FunctionDef)):
            statement = modules.with_lists(statement, self.lists)
        match statement:
            case ast.Import() | ast.ImportFrom():
                self.expressions.imports(statement)
            case ast.Assert() | ast.Pass() | ast.Global() | ast.Nonlocal():
                pass
            case ast.FunctionDef():
                self._define(statement, statement.name, Function.of(statement, self._error))
            case ast.Assign(value=ast.Call() as value) if _is_generator(value):
                pass
            case ast.Assign(targets=targets, value=value):
                return self._assign(statement, targets, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                return self._assign(statement, [target], value)
            case ast.AugAssign(target=ast.Name() as target, op=op, value=value):
                self._refuse_changed(statement, target.id)
                old = ast.copy_location(ast.Name(target.id, ast.Load()), target)
                new = ast.copy_location(ast.BinOp(old, op, value), statement)
                return self._assign(statement, [target], new)
            case ast.AugAssign(target=ast.Subscript() as target, op=op, value=value):
                return self._place(statement, target, op, value)
            case ast.Expr(value=value):
                return self._value(value)
            case ast.For():
                return self._loop(statement)
            case _:
                word = type(statement).__name__.lower()
                hint = next((hint for kind, hint in _HINTS.items() if isinstance(statement, kind)), "")
                raise self._error(f"this {word} can't be read here", statement, hint)
        return None

    def _assign(self, statement: ast.stmt, targets: list[ast.expr], value: ast.expr) -> Written | None:
        last: Written | None = None
        given = value
        for target in targets:
            value = given
            if isinstance(target, ast.Attribute) and target.attr in _IGNORED_TARGETS:
                self.held = set() if target.attr == "grad" else self.held
                continue
            if isinstance(target, (ast.Tuple, ast.List)):
                last = self._unpack(statement, target.elts, value)
            elif isinstance(target, ast.Subscript):
                last = self._place(statement, target, None, value)
            elif not isinstance(target, ast.Name):
                raise self._error("only a name can be given a value here", target)
            elif layer := self.expressions.linear(value):
                self._layer(target, *layer)
            elif isinstance(value, ast.Lambda):
                self._define(value, target.id, Function.of_lambda(value, self._error))
            else:
                self.lists.pop(target.id, None)
                last = self._name(target, self.expressions.written(value), value)
                first = ast.copy_location(ast.Name(target.id, ast.Load()), target)
                given = value if _is_number(value) else first
        return last

    def _append(self, name: str, value: ast.expr) -> None:
        """``hs.append(h)``: the value has a name of its own, since h may be another one later."""
        number = len(self.lists[name])
        own = ast.copy_location(ast.Name(self.expressions.free(f"{name}_{number}"), ast.Load()), value)
        value = modules.with_lists(ast.copy_location(ast.Expr(value), value), self.lists).value
        self._name(own, self.expressions.written(value), value)
        self.lists[name].append(own)

    def _place(
        self, statement: ast.stmt, target: ast.Subscript, op: ast.operator | None, value: ast.expr
    ) -> Written:
        """``x[at] = v``: the name is another tensor from there on."""
        if not isinstance(target.value, ast.Name):
            raise self._error("only cells of a name are given a value here", target)
        name = target.value.id
        naming = self.expressions.naming(name)
        if naming is None or naming not in self.made:
            hint = f"write {name} = {name} + 0 above it, for a tensor of its own"
            raise self._error(f"this changes {name}, which was made elsewhere", target, hint)
        self._refuse_changed(statement, name)
        if placed.requires(self.made[naming]) or (name in self.leaves and naming.number == 1):
            message = f"PyTorch changes no cell of {name}, which requires a gradient"
            raise self._error(message, target, f"write y = {name} + 0 above it, and y[…] here")
        if placed.cuts(self.made[naming], op, value):
            hint = "write its numbers with a point: 1.0"
            raise self._error(f"{name} has whole numbers there, and cuts off what is between", target, hint)
        values = [(one.name, made) for one, made in self.made.items()]
        written = placed.Place(self.expressions, target, values).given(op, value)
        return self._name(target.value, written, ast.BinOp(target, op or ast.Add(), value))

    def _refuse_changed(self, statement: ast.stmt, name: str) -> None:
        """``y += 1`` changes what all names of that tensor stand for."""
        others = next((names - {name} for names in self.alike if name in names), None)
        if others and self.expressions.has_tensors:
            message = f"{name} and {min(others)} are one tensor, and this changes both"
            raise self._error(message, statement, f"write {name} = {name} + … for a new one")

    def _remember(self, name: str, value: ast.expr) -> None:
        """Which names stand for one value, or for cells of one."""
        shared = placed.sharing(self.expressions, value)
        for names in self.alike:
            names.difference_update({name} - shared)
        for other in shared - {name}:
            known = next((names for names in self.alike if other in names), None)
            if known is None:
                self.alike.append({other, name})
            else:
                known.add(name)
        self.alike = [names for names in self.alike if len(names) > 1]

    def _layer(self, target: ast.Name, inputs: int, outputs: int, bias: bool) -> None:
        """Writes the weights of ``nn.Linear``, and its bias, as variables."""
        drawn = self.expressions.drawn
        weight = self._parameter(f"{target.id}_weight", drawn((outputs, inputs), inputs), target)
        shift = self._parameter(f"{target.id}_bias", drawn((outputs,), inputs), target) if bias else None
        self.expressions.layers[target.id] = weight, shift

    def _parameter(self, name: str, start: str, target: ast.Name) -> Naming:
        span = self.source.span(target)
        naming = self.expressions.assign(name)
        self._write([Version(naming, span), Piece(" = ", span), Piece(start, span)])
        return naming

    def _unpack(self, statement: ast.stmt, targets: list[ast.expr], value: ast.expr) -> Written | None:
        sizes = self.expressions.unpacked(value, len(targets))
        parts = library.apart(value, len(targets)) if self.expressions.has_tensors else None
        if parts is None and sizes is None and self._is_tensor(value):
            parts = library.rows(value, len(targets))
        if parts is not None:
            value = ast.copy_location(ast.Tuple(parts, ast.Load()), value)
        if isinstance(value, ast.Call) and len(targets) == 2 and self.expressions.is_pair(value):
            names = (one.id if isinstance(one, ast.Name) else "_" for one in targets)
            raise self._error("this gives values and indices there", statement, apart(value, *names))
        if sizes is not None:
            value = ast.copy_location(ast.Tuple([value] * len(sizes), ast.Load()), value)
        if not isinstance(value, (ast.Tuple, ast.List)) or len(value.elts) != len(targets):
            raise self._error("as many names as values are needed", statement, "write a, b = 1, 2")
        found = sizes or [self.expressions.written(one) for one in value.elts]
        last: Written | None = None
        for target, one, written in zip(targets, value.elts, found, strict=True):
            if not isinstance(target, ast.Name):
                raise self._error("only a name can be given a value here", target)
            last = self._name(target, written, one)
        return last

    def _is_tensor(self, value: ast.expr) -> bool:
        """Whether it is the name of a value that may be a tensor, whose rows several names are given."""
        if not isinstance(value, ast.Name) or not self.expressions.has_tensors:
            return False
        return self.expressions.naming(value.id) in self.made

    def _name(self, target: ast.Name, written: Written, value: ast.expr) -> Written:
        """Writes ``target = written``; the value by its new name."""
        span = self.source.span(target)
        detached = self.expressions.is_detached(value)
        version = self.expressions.assign(target.id)
        self._remember(target.id, value)
        self.made[version] = value
        if detached:
            self.expressions.detached.add(version)
        if self._stays(value):
            written = [Piece("(", span), *written, Piece(")", span)]
        self._write([Version(version, span), Piece(" = ", span), *written])
        return [Version(version, span)]

    def _stays(self, value: ast.expr) -> bool:
        """Whether it is a tensor in parentheses, as the language writes a constant: y = ([0, 2, 1])."""
        match value:
            case ast.List() | ast.Call(func=ast.Name()):
                return self.source.is_bracketed(value)
        return False

    def _value(self, value: ast.expr) -> Written | None:
        """A value that is given no name: the output, if it is the last."""
        match value:
            case ast.Constant(value=str()):
                return None
            case ast.Call(func=ast.Attribute(value=of, attr="backward")):
                self._backward(value, of)
                return None
            case ast.Call(func=ast.Attribute(value=of, attr=modules.TAPE)):
                self.output = self.expressions.written(of)
                return None
            case ast.Call(func=ast.Attribute(attr="zero_grad" | "zero_")):
                self.held = set()
                return None
            case ast.Call(func=ast.Attribute(attr=name)) if name in _IGNORED_METHODS:
                return None
            case ast.Call(func=ast.Name(id="print" | "draw_dot"), args=args):
                return self._printed(args)
        return self.expressions.written(value)

    def _backward(self, call: ast.Call, of: ast.expr) -> None:
        """What it is called on is the output, times the gradient that it is given."""
        self.output = self.expressions.written(of)
        reached = self._reached(self.output)
        if self.held & reached:
            hint = "call it once, on the sum of what it is called on"
            raise self._error("backward is called twice, and its gradients add up", call, hint)
        self.held |= reached
        given = [*call.args[:1], *(one.value for one in call.keywords if one.arg in ("gradient", "grad"))]
        if not given or _is_one(given[0]):
            return
        span = self.source.span(call)
        head, tail = ("sum((", "))") if self.expressions.has_tensors else ("(", ")")
        factor = self.expressions.written(given[0])
        self.output = [Piece(head, span), *self.output, Piece(") * (", span), *factor, Piece(tail, span)]

    def _reached(self, output: Written) -> set[Naming | str]:
        """The leaves that a value depends on: those that require a gradient, where the text says which."""
        made = {line[0].naming: line[2:] for line in self.lines if isinstance(line[0], Version)}
        found: set[Naming | str] = set()
        seen: set[Naming] = set()
        todo = [output]
        while todo:
            for part in todo.pop():
                if isinstance(part, Piece):
                    found |= {part.text} if part.text.isidentifier() else set()
                elif part.naming not in seen:
                    seen.add(part.naming)
                    value = made.get(part.naming, [])
                    todo.append(value)
                    found |= set() if any(isinstance(one, Version) for one in value) else {part.naming}
        names = {one: one if isinstance(one, str) else one.name for one in found}
        return {one for one in found if not self.leaves or names[one] in self.leaves}

    def _printed(self, args: list[ast.expr]) -> Written | None:
        """What is printed may be the output: an expression alone, but no text and no gradient."""
        if len(args) != 1 or isinstance(args[0], (ast.Constant, ast.JoinedStr, ast.Attribute)):
            return None
        if any(_is_said(node) for node in ast.walk(args[0])):
            return None
        return self.expressions.written(args[0])

    def _loop(self, loop: ast.For) -> Written | None:
        if all(map(_is_passed_over, loop.body)):
            self.held = set() if any(map(_clears, loop.body)) else self.held
            return None
        rounds = self._rounds(loop)
        if loop.orelse or rounds is None:
            raise self._error("only loops over a range are read", loop, "as in for i in range(3):")
        last: Written | None = None
        for targets in rounds:
            for target, value in targets:
                self._set(target, value)
            found = self._body(loop.body)
            last = found if found is not None else last
        return last

    def _set(self, target: ast.Name, value: int | ast.expr) -> None:
        """What a loop counts with, or goes through."""
        if isinstance(value, int):
            text = str(value) if value >= 0 else f"({value})"
            self.expressions.bind(target.id, [Piece(text, self.source.span(target))])
        else:
            self._name(target, self.expressions.written(value), value)

    def _rounds(self, loop: ast.For) -> list[list[tuple[ast.Name, int | ast.expr]]] | None:
        """The names of a loop and what they are in each round: of a range, a list, a tensor that is written
        out, or one of these that ``enumerate`` counts; None for another loop."""
        match loop:
            case ast.For(
                target=ast.Tuple(elts=[ast.Name() as counter, ast.Name() as target]),
                iter=ast.Call(func=ast.Name(id="enumerate"), args=[of], keywords=[]),
            ) if (each := self._values(of)) is not None:
                return [[(counter, number), (target, value)] for number, value in enumerate(each)]
            case ast.For(
                target=ast.Tuple(elts=names),
                iter=ast.Call(func=ast.Name(id="zip"), args=several, keywords=[]),
            ):
                columns = [self._values(one) for one in several]
                targets = [one for one in names if isinstance(one, ast.Name)]
                if None in columns or not len(targets) == len(names) == len(columns):
                    return None
                rows = zip(*(column for column in columns if column is not None), strict=False)
                return [list(zip(targets, row, strict=True)) for row in rows]
            case ast.For(target=ast.Name() as target, iter=of):
                times = self.expressions.range(of)
                values = self._values(of) if times is None else times
                return None if values is None else [[(target, value)] for value in values]
        return None

    def _values(self, of: ast.expr) -> list[ast.expr] | None:
        """What a loop goes through; None where it is not known how many there are."""
        if isinstance(of, ast.Name) and of.id in self.lists:
            return [*self.lists[of.id]]
        if not isinstance(of, ast.Name) or not self._is_tensor(of):
            return None
        naming = self.expressions.naming(of.id)
        match self.made[naming] if naming else None:
            case ast.List(elts=elts):
                return library.rows(of, len(elts))
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=[ast.List(elts=elts)]):
                return library.rows(of, len(elts)) if name in LISTED else None
        return None

    # Functions

    def _define(self, node: ast.AST, name: str, function: Function) -> None:
        span = self.source.span(node)
        version = self.expressions.assign(name)
        self.expressions.functions[version] = function
        body = self.expressions.body_of(function)
        if body is None:
            return
        head: Written = [Version(version, span), Piece("(", span)]
        for at, param in enumerate(function.params):
            head += [Piece(", ", span)] if at else []
            head.append(Piece(self.expressions.own(param), span))
        self.expressions.simple.add(version)
        self._write([*head, Piece(") = ", span), *body])

    def _inline(self, function: Function, args: list[Written], call: ast.AST) -> Written:
        """The value of a call of a function of several statements, which are written before it."""
        with self.expressions.local(function, call) as scope:
            for param, arg in zip(function.params, args, strict=True):
                if len(arg) == 1:
                    scope[param] = arg
                    continue
                version = self.expressions.assign(param)
                span = self.source.span(call)
                self._write([Version(version, span), Piece(" = (", span), *arg, Piece(")", span)])
            return self._returned(function, call)

    def _returned(self, function: Function, call: ast.AST) -> Written:
        self._body(function.body)
        if function.result is None:
            raise self._error("this function returns nothing", call)
        return self.expressions.written(function.result)

    def _alone(self, definition: ast.FunctionDef) -> Written | None:
        """A function that nobody calls: a program of its own, its arguments are variables."""
        function = Function.of(definition, self._error)
        if self.lines and self.expressions.body_of(function) is not None and not function.defaults:
            return None  # written already, as the last statement
        with self.expressions.local(function, definition) as scope:
            for param in function.params:
                default = function.defaults.get(param)
                span = self.source.span(definition)
                if default is None:
                    scope[param] = [Piece(self.expressions.own(param), span)]
                else:
                    version = self.expressions.assign(param)
                    self._write(
                        [Version(version, span), Piece(" = ", span), *self.expressions.written(default)]
                    )
            last = self._body(function.body)
            return last if function.result is None else self.expressions.written(function.result)

    def _error(self, message: str, node: ast.AST, hint: str = "") -> ExpressionError:
        return ExpressionError(message, *self.source.span(node), hint)


def _is_passed_over(statement: ast.stmt) -> bool:
    """Whether nothing is computed: ``p.requires_grad = True``, ``t.retain_grad()``."""
    match statement:
        case ast.Assign(targets=[ast.Attribute(attr=name)]):
            return name in _IGNORED_TARGETS
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name))):
            return name in _IGNORED_METHODS
    return isinstance(statement, ast.Pass)


def _appended(statements: list[ast.stmt]) -> Iterator[str]:
    """Names of lists that grow: ``hs.append(h)``."""
    for node in (node for statement in statements for node in ast.walk(statement)):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append")):
                yield name


def _clears(statement: ast.stmt) -> bool:
    """Whether it takes gradients away: ``p.grad = None``, ``x.grad.zero_()``."""
    match statement:
        case ast.Assign(targets=[ast.Attribute(attr="grad")]):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="zero_grad" | "zero_"))):
            return True
    return False


def _is_one(node: ast.expr) -> bool:
    """Whether a gradient that is given changes nothing: None, ``torch.tensor([1.0, 1.0])``, ``ones(3)``."""
    match node:
        case ast.Constant(value=given):
            return given is None or given == 1
        case ast.List(elts=cells) | ast.Tuple(elts=cells):
            return all(map(_is_one, cells))
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=args):
            made = name in ("tensor", "Tensor", "FloatTensor", "array", "as_tensor")
            return name in ("ones", "ones_like") or (made and all(map(_is_one, args[:1])))
    return False


def _is_number(node: ast.expr) -> bool:
    """Whether it is a plain number: two names that are given it move by themselves."""
    inner = node.operand if isinstance(node, ast.UnaryOp) else node
    return isinstance(inner, ast.Constant)


def _is_said(node: ast.AST) -> bool:
    """Whether it is a text, a list that is counted through, or what a value holds besides itself."""
    if isinstance(node, (ast.GeneratorExp, ast.ListComp)):
        return True
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    return isinstance(node, ast.Attribute) and node.attr in ("grad", "data", "shape", "dtype")


def _is_generator(node: ast.expr) -> bool:
    """``torch.Generator().manual_seed(7)``, which draws numbers and is none."""
    while isinstance(node, (ast.Call, ast.Attribute)):
        if isinstance(node, ast.Attribute) and node.attr in ("Generator", "default_rng", "RandomState"):
            return True
        node = node.func if isinstance(node, ast.Call) else node.value
    return False
