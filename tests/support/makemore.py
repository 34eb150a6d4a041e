"""The twenty forward lines of the notebook "makemore, part 4: becoming a backprop ninja", exercise 1.

``python -m tests.support.makemore``, where PyTorch is installed, computes the reference in makemore.json: of
each intermediate gradient its first cell, a weighted sum and its length, on the same numbers, in double
precision.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

REFERENCE = Path(__file__).with_name("makemore.json")

Xb = [[(7 * i + 3 * j * j + i * j) % 27 for j in range(3)] for i in range(32)]
Yb = [(5 * i * i + 11) % 27 for i in range(32)]

PROGRAM = f"""\
C = randn(27, 10, seed=1)
W1 = 0.3 * randn(30, 64, seed=2); b1 = 0.1 * randn(64, seed=3)
W2 = 0.1 * randn(64, 27, seed=4); b2 = 0.1 * randn(27, seed=5)
bngain = 1 + 0.1 * randn(1, 64, seed=6); bnbias = 0.1 * randn(1, 64, seed=7)
Xb = ({Xb}); Yb = ({Yb})
emb = C[Xb]
embcat = reshape(emb, 32, -1)
hprebn = embcat @ W1 + b1
bnmeani = 1/32 * sum(hprebn, axis=0, keepdim=True)
bndiff = hprebn - bnmeani
bndiff2 = bndiff^2
bnvar = 1/31 * sum(bndiff2, axis=0, keepdim=True)
bnvar_inv = (bnvar + 1e-5)^-0.5
bnraw = bndiff * bnvar_inv
hpreact = bngain * bnraw + bnbias
h = tanh(hpreact)
logits = h @ W2 + b2
logit_maxes = max(logits, axis=1, keepdim=True)
norm_logits = logits - logit_maxes
counts = exp(norm_logits)
counts_sum = sum(counts, axis=1, keepdim=True)
counts_sum_inv = counts_sum^-1
probs = counts * counts_sum_inv
logprobs = ln(probs)
loss = -mean(logprobs[arange(32), Yb])
"""

NAMES = """logprobs probs counts_sum_inv counts_sum counts norm_logits logit_maxes logits h W2 b2 hpreact
bngain bnbias bnraw bnvar_inv bnvar bndiff2 bndiff bnmeani hprebn embcat W1 b1 emb C""".split()
"""The 26 intermediates, in the notebook's order."""


def told(gradient: Any) -> list[float]:
    """A gradient in three numbers that change with any of its cells."""
    flat = np.ravel(gradient)
    return [float(flat[0]), float(flat @ np.cos(np.arange(len(flat)))), float(np.linalg.norm(flat))]


def reference(start: dict[str, Any]) -> dict[str, Any]:
    """The same in PyTorch, from the numbers that the program starts with."""
    import torch

    given = {name: torch.tensor(x, dtype=torch.float64, requires_grad=True) for name, x in start.items()}
    C, W1, b1, W2, b2 = (given[name] for name in ("C", "W1", "b1", "W2", "b2"))
    n, X, Y = 32, torch.tensor(Xb), torch.tensor(Yb)
    emb = C[X]
    embcat = emb.view(emb.shape[0], -1)
    hprebn = embcat @ W1 + b1
    bnmeani = 1 / n * hprebn.sum(0, keepdim=True)
    bndiff = hprebn - bnmeani
    bndiff2 = bndiff**2
    bnvar = 1 / (n - 1) * (bndiff2).sum(0, keepdim=True)
    bnvar_inv = (bnvar + 1e-5) ** -0.5
    bnraw = bndiff * bnvar_inv
    hpreact = given["bngain"] * bnraw + given["bnbias"]
    h = torch.tanh(hpreact)
    logits = h @ W2 + b2
    logit_maxes = logits.max(1, keepdim=True).values
    norm_logits = logits - logit_maxes
    counts = norm_logits.exp()
    counts_sum = counts.sum(1, keepdims=True)
    counts_sum_inv = counts_sum**-1
    probs = counts * counts_sum_inv
    logprobs = probs.log()
    loss = -logprobs[range(n), Y].mean()
    made = {**given, **{name: x for name, x in locals().items() if name in NAMES}}
    for x in made.values():
        x.retain_grad()
    loss.backward()
    return {"loss": loss.item()} | {name: told(made[name].grad.numpy()) for name in NAMES}


if __name__ == "__main__":
    from graphviz_backprop.engine.tensors.point import array
    from graphviz_backprop.language.parser import parse

    start = {name: array(x) for name, x in parse(PROGRAM).start.items()}  # type: ignore[arg-type]
    text = json.dumps(reference(start), indent=1)
    REFERENCE.write_text(text + "\n")
