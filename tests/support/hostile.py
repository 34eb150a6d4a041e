"""Requests as nobody means them: mutated programs in every parameter of every address that the API describes.

`python -m tests.support.hostile COUNT SEED` sends so many, in one process, and tells what came back.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient

from graphviz_backprop.web import create_app
from graphviz_backprop.web.asked.packed import packed
from graphviz_backprop.web.openapi import document
from graphviz_backprop.web.shown.examples import GROUPS

PROGRAMS = [example.program for group in GROUPS for example in group.examples] + [
    "f(x) = x*x; f(f(f(x)))",
    "where(x > 0, log(x), 0)",
    r"\frac{1}{1+e^{-x}}",
    "np.exp(-x**2)",
    "=A1*2",
    "|x|",
    "x = -2; y = 5; (x + y)*y",
    "# a\nx\n# b\nx^2",
    "sin²x",
    "⅔x₁ + α^β",
    "W = [[1, 2], [3, 4]]; sum(W @ [x, y])",
    "W = randn(2, 3, seed=7); x = [1, 2, 3]; sum(sigmoid(W @ x))",
    "Q = randn(3, 4, seed=1); K = randn(3, 4, seed=2); sum(softmax(Q @ K.T, axis=1))",
    "A = ones(2, 3); sum(einsum('ij->j', A) * A[0, :])",
    "x = zeros(5); w = [1, 0, -1]; sum(conv(x, w)^2)",
    "A = [[1, 2], [3, 4]]; sum((A.T)^2 + A.T @ reshape(A, 2, 2))",
    "s = 0\nfor i in range(3):\n    for j in range(2):\n        s += x*i\ns",
]
PIECES = [
    "",
    "x",
    "y",
    "e",
    "pi",
    "0",
    "1e308",
    "1e-320",
    "9" * 300,
    "9^9^9^9",
    "-",
    "+",
    "*",
    "/",
    "^",
    "**",
    "(",
    ")",
    "((((((((",
    "[",
    "]",
    "|",
    "=",
    ";",
    "\n",
    "#",
    ",",
    ".",
    "..",
    "_",
    "x" * 199,
    "sin",
    "log(",
    "max(",
    "where(",
    "@",
    "<script>",
    "</textarea>",
    "{{7*7}}",
    "${7}",
    '"',
    "'",
    "&",
    "\x00",
    "\ud800",
    "\u202e",
    "\u2028",
    "𝒙",
    "é",
    "\\input{/etc/passwd}",
    "\\frac{",
    "__import__('os')",
    "lambda:0",
    "=cmd|' /C calc'!A0",
    "%s%n",
    "../../etc/passwd",
    "NaN",
    "Infinity",
    "null",
    "true",
    "reshape(",
    "sum(",
    ".T",
    ".T^2",
    "for i in range(2):\n ",
    "1, ",
    "x[0]",
    "x[9999999999]",
    "zeros(99999, 99999)",
    "randn(2, 3, seed=7)",
    "softmax(",
    "one_hot(",
]
VALUES = [
    "",
    "0",
    "-1",
    "1",
    "1e999",
    "-Infinity",
    "NaN",
    "999999",
    "1,2,3",
    "a,b,c",
    "c",
    "x",
    "x.y",
    "a:b,c:d",
    "all",
    "-",
    ",,,,",
    "moons,200,0,0.1",
    "own",
    "a,b\n1,2\n",
    "missing:drop",
    "2-2-1",
    "9-9-9-9-9",
    "0-1",
    "tree",
    "graph",
    "up",
    "adam,gd",
    "beta1:2",
    "[[1, 2], [3, 4]]",
    "[1, [2], 3]",
    "[" * 400,
    "x.total",
    "c.gradient",
    "c.0.flow",
    "z~0",
    "gradients,partials,values",
    "10*x",
    "1/3",
]
MOST = 15_000  # characters of a program


_MORE = {
    "/embed": None,
    "/network": ["sizes", "activation", "output", "loss", "bias", "init", "seed"],
    "/lessons": ["answer"],
    "/lessons/the-chain-rule/2": ["answer"],
    "/api/hunt": ["level", "seed", "wrong", "bug", "solution"],
}
"""Addresses that the API does not describe in full, and what they read; None is the page's own parameters."""


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: str
    body: bytes
    kind: str

    def send(self, client: FlaskClient) -> Any:
        return client.open(
            self.path,
            method=self.method,
            query_string=self.query,
            data=self.body or None,
            content_type=self.kind or None,
        )


def requests(seed: int) -> Iterator[Request]:
    """Others for each seed, without an end."""
    chance = random.Random(seed)
    operations = [
        (path, method.upper(), operation)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
        if path not in ("/healthz", "/readyz")
    ]
    page = document()["paths"]["/"]["get"]
    for path, names in _MORE.items():
        read = page["parameters"] if names is None else [{"name": name, "schema": {}} for name in names]
        operations.append((path, "GET", {"parameters": read}))
    while True:
        path, method, operation = chance.choice(operations)
        parameters = {each["name"]: each["schema"] for each in operation["parameters"]}
        chosen = chance.sample(sorted(parameters), min(len(parameters), chance.choice([1, 2, 3, 8])))
        pairs = [(name, _value(chance, name, parameters[name])) for name in chosen]
        if "expr" in parameters:
            pairs.append(("expr", program(chance)))
            pairs += [("at.W", _value(chance, "at.W", {}))] if chance.random() < 0.1 else []
        pairs += (
            [("earlier", f"{_value(chance, '', {})}:{_value(chance, '', {})}")] if "judge" in path else []
        )
        query = _query(chance, urlencode(pairs, errors="surrogatepass"))
        kinds = list(operation.get("requestBody", {}).get("content", {}))
        kind = chance.choice(kinds) if kinds else ""
        yield Request(method, path, query, _body(chance, kind, path), kind)


def _query(chance: random.Random, query: str) -> str:
    """As it is, or as a short link has it, in which a letter may be another one."""
    if chance.random() > 0.1:
        return query
    text = packed(query)
    if chance.random() < 0.5:
        at = chance.randint(0, len(text))
        text = text[:at] + chance.choice(["", "A", "_", "=", text]) + text[at + 1 :]
    return urlencode({"z": text})


def program(chance: random.Random) -> str:
    """A good one, with a few pieces that do not belong there."""
    text = chance.choice(PROGRAMS)
    for _ in range(chance.choice([0, 0, 1, 1, 2, 20])):
        at, end = sorted(chance.randint(0, len(text)) for _ in range(2))
        piece = chance.choice([*PIECES, text[at:end], chance.choice(PROGRAMS)])
        how = chance.random()
        end = at if how < 0.4 else end
        text = text[:at] + piece * (chance.choice([2, 30, 300]) if how > 0.97 else 1) + text[end:]
        text = text[:MOST]
    return text


def _value(chance: random.Random, name: str, schema: dict[str, Any]) -> str:
    """Half of them as they should be."""
    if name == "expr":
        return program(chance)
    if chance.random() < 0.5:
        if "enum" in schema:
            return str(chance.choice(schema["enum"]))
        if schema.get("type") in ("number", "integer"):
            return chance.choice(["0", "1", "2", "3", "7", "25"])
    return chance.choice([*VALUES, *VALUES, chance.choice(PIECES), program(chance)])


def _body(chance: random.Random, kind: str, path: str) -> bytes:
    if not kind:
        return b""
    if kind == "text/csv":
        lines = [
            ",".join(chance.choice(PIECES + VALUES) for _ in range(chance.randint(0, 5)))
            for _ in range(chance.randint(0, 20))
        ]
        return "\n".join(lines).encode(errors="replace")
    members = {"expr": program(chance)} | {
        name: _value(chance, name, {}) for name in chance.sample(["at.x", "view", "seed", "open"], 2)
    }
    if path == "/api/descend":
        members = (
            {"expr": program(chance)}
            | {name: _odd(chance) for name in chance.sample(_DESCENT, 3)}
            | {"steps": chance.choice([0, 3, 50])}
        )
    if kind == "application/json":
        text = json.dumps(members)
        if chance.random() < 0.1:
            at = chance.randint(0, len(text))
            text = text[:at] + chance.choice(PIECES) + text[at:]
        return text.encode(errors="replace")
    return urlencode([(name, str(value)) for name, value in members.items()], errors="surrogatepass").encode()


_DESCENT = [
    "view",
    "start",
    "parameters",
    "optimizer",
    "rate",
    "settings",
    "data",
    "held",
    "bind",
    "batch",
    "shuffle",
    "seed",
]


def _odd(chance: random.Random) -> Any:
    return chance.choice(
        [
            None,
            True,
            -1,
            0,
            1,
            0.1,
            1e308,
            10**400,
            "",
            "gd",
            "adam",
            "tree",
            [],
            ["x"],
            {},
            {"x": 1},
            {"x": "1"},
            {"x": None},
            {"set": "line", "n": 20},
            {"set": "moons", "n": 5, "noise": -1},
            {"columns": {"x": [1, 2, 3], "y": [1, 2]}},
            {"columns": {"x": [1, 2, 3], "y": [1, None, 3]}},
            {"columns": {"x": "abc"}},
            chance.choice(PIECES),
            [[[[]]]],
        ]
    )


def faulty(status: int) -> bool:
    """An answer that no request should get."""
    return status >= 500 and status not in (501, 503)


def main(count: int, seed: int) -> None:
    client = create_app().test_client()
    statuses: Counter[int] = Counter()
    slow: list[tuple[float, str]] = []
    begun = time.monotonic()
    for number, request in zip(range(count), requests(seed), strict=False):
        start, cpu = time.perf_counter(), time.thread_time()
        reply = request.send(client)
        reply.get_data()
        seconds, cpu = time.perf_counter() - start, time.thread_time() - cpu
        statuses[reply.status_code] += 1
        if faulty(reply.status_code) or cpu > 1 or seconds > 3:
            print(
                f"{number}: {reply.status_code}, {seconds:.1f} s, {cpu:.1f} s of CPU: {request!r}"[:600],
                flush=True,
            )
        slow.append((cpu, request.path))
        slow = sorted(slow, reverse=True)[:3]
    told = ", ".join(f"{status}: {number:,}" for status, number in sorted(statuses.items()))
    print(f"{count:,} requests of seed {seed} in {time.monotonic() - begun:.0f} s; {told}; most CPU {slow}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
