"""Python, as courses and libraries print it: read as a tree, statement by statement, and never run.

A name that is assigned again is another name of the program: the last one keeps its own, those before get a
number. ``def`` with one ``return`` is a function; a longer one is written out where it is called, and a loop
over a range as often as it runs. What was given to ``backward`` is the output, else what comes last.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.pasted import modules, placed
from graphviz_backprop.language.pasted.converted import Converted, Piece
from graphviz_backprop.language.pasted.elsewhere import apart
from graphviz_backprop.language.pasted.expressions import Expressions, Function, Naming, Version, Written
from graphviz_backprop.language.pasted.source import Source
from graphviz_backprop.language.pasted.tensors import Wholes

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
    steps: int = 0
    alike: list[set[str]] = field(default_factory=list)  # names of one value
    made: dict[Naming, ast.expr] = field(default_factory=dict)  # what names are given
    leaves: set[str] = field(init=False)

    def converted(self) -> Converted:
        self.expressions.inline = self._inline
        self.leaves = placed.leaves(self.source.statements)
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
                last = self._name(target, self.expressions.written(value), value)
                first = ast.copy_location(ast.Name(target.id, ast.Load()), target)
                given = value if _is_number(value) else first
        return last

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
                self.output = self.expressions.written(of)
                return None
            case ast.Call(func=ast.Attribute(attr=name)) if name in _IGNORED_METHODS:
                return None
            case ast.Call(func=ast.Name(id="print" | "draw_dot"), args=args):
                return self._printed(args)
        return self.expressions.written(value)

    def _printed(self, args: list[ast.expr]) -> Written | None:
        """What is printed may be the output: an expression alone, but no text and no gradient."""
        if len(args) != 1 or isinstance(args[0], (ast.Constant, ast.JoinedStr, ast.Attribute)):
            return None
        if any(_is_said(node) for node in ast.walk(args[0])):
            return None
        return self.expressions.written(args[0])

    def _loop(self, loop: ast.For) -> Written | None:
        if all(map(_is_passed_over, loop.body)):
            return None
        times = self.expressions.range(loop.iter)
        if not isinstance(loop.target, ast.Name) or loop.orelse or times is None:
            raise self._error("only loops over a range are read", loop, "as in for i in range(3):")
        last: Written | None = None
        for number in times:
            text = str(number) if number >= 0 else f"({number})"
            self.expressions.bind(loop.target.id, [Piece(text, self.source.span(loop.target))])
            found = self._body(loop.body)
            last = found if found is not None else last
        return last

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
