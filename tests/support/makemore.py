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

NOTEBOOK = f"""\
import torch
import torch.nn.functional as F
vocab_size = 27
block_size = 3
n_embd = 10 # the dimensionality of the character embedding vectors
n_hidden = 64 # the number of neurons in the hidden layer of the MLP

g = torch.Generator().manual_seed(2147483647) # for reproducibility
C  = torch.randn((vocab_size, n_embd),            generator=g)
# Layer 1
W1 = torch.randn((n_embd * block_size, n_hidden), generator=g) * (5/3)/((n_embd * block_size)**0.5)
b1 = torch.randn(n_hidden,                        generator=g) * 0.1
# Layer 2
W2 = torch.randn((n_hidden, vocab_size),          generator=g) * 0.1
b2 = torch.randn(vocab_size,                      generator=g) * 0.1
# BatchNorm parameters
bngain = torch.randn((1, n_hidden))*0.1 + 1.0
bnbias = torch.randn((1, n_hidden))*0.1

parameters = [C, W1, b1, W2, b2, bngain, bnbias]
print(sum(p.nelement() for p in parameters)) # number of parameters in total
for p in parameters:
  p.requires_grad = True

batch_size = 32
n = batch_size # a shorter variable also, for convenience
Xb = torch.tensor({Xb})
Yb = torch.tensor({Yb})

emb = C[Xb] # embed the characters into vectors
embcat = emb.view(emb.shape[0], -1) # concatenate the vectors
# Linear layer 1
hprebn = embcat @ W1 + b1 # hidden layer pre-activation
# BatchNorm layer
bnmeani = 1/n*hprebn.sum(0, keepdim=True)
bndiff = hprebn - bnmeani
bndiff2 = bndiff**2
bnvar = 1/(n-1)*(bndiff2).sum(0, keepdim=True)
bnvar_inv = (bnvar + 1e-5)**-0.5
bnraw = bndiff * bnvar_inv
hpreact = bngain * bnraw + bnbias
# Non-linearity
h = torch.tanh(hpreact) # hidden layer
# Linear layer 2
logits = h @ W2 + b2 # output layer
# cross entropy loss (same as F.cross_entropy(logits, Yb))
logit_maxes = logits.max(1, keepdim=True).values
norm_logits = logits - logit_maxes # subtract max for numerical stability
counts = norm_logits.exp()
counts_sum = counts.sum(1, keepdims=True)
counts_sum_inv = counts_sum**-1
probs = counts * counts_sum_inv
logprobs = probs.log()
loss = -logprobs[range(n), Yb].mean()

# PyTorch backward pass
for p in parameters:
  p.grad = None
for t in [logprobs, probs, counts, counts_sum, counts_sum_inv,
          norm_logits, logit_maxes, logits, h, hpreact, bnraw,
         bnvar_inv, bnvar, bndiff2, bndiff, hprebn, bnmeani,
         embcat, emb]:
  t.retain_grad()
loss.backward()
loss
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


def by_hand(x: dict[str, Any]) -> dict[str, Any]:
    """All 26 gradients, step by step, from the values of the forward pass; and the short forms of two."""
    n, rows, d = 32, np.arange(32), {}
    d["logprobs"] = np.zeros((32, 27))
    d["logprobs"][rows, Yb] = -1 / n
    d["probs"] = d["logprobs"] / x["probs"]
    d["counts_sum_inv"] = (x["counts"] * d["probs"]).sum(1, keepdims=True)
    d["counts_sum"] = -(x["counts_sum"] ** -2.0) * d["counts_sum_inv"]
    d["counts"] = x["counts_sum_inv"] * d["probs"] + d["counts_sum"]
    d["norm_logits"] = x["counts"] * d["counts"]
    d["logit_maxes"] = -d["norm_logits"].sum(1, keepdims=True)
    d["logits"] = d["norm_logits"] + (x["logits"] == x["logit_maxes"]) * d["logit_maxes"]
    d["h"], d["W2"], d["b2"] = d["logits"] @ x["W2"].T, x["h"].T @ d["logits"], d["logits"].sum(0)
    d["hpreact"] = (1 - x["h"] ** 2) * d["h"]
    d["bngain"] = (x["bnraw"] * d["hpreact"]).sum(0, keepdims=True)
    d["bnbias"] = d["hpreact"].sum(0, keepdims=True)
    d["bnraw"] = x["bngain"] * d["hpreact"]
    d["bnvar_inv"] = (x["bndiff"] * d["bnraw"]).sum(0, keepdims=True)
    d["bnvar"] = -0.5 * (x["bnvar"] + 1e-5) ** -1.5 * d["bnvar_inv"]
    d["bndiff2"] = np.ones((32, 1)) / (n - 1) * d["bnvar"]
    d["bndiff"] = x["bnvar_inv"] * d["bnraw"] + 2 * x["bndiff"] * d["bndiff2"]
    d["bnmeani"] = -d["bndiff"].sum(0, keepdims=True)
    d["hprebn"] = d["bndiff"] + d["bnmeani"] / n
    d["embcat"], d["W1"] = d["hprebn"] @ x["W1"].T, x["embcat"].T @ d["hprebn"]
    d["b1"], d["emb"] = d["hprebn"].sum(0), d["embcat"].reshape(32, 3, 10)
    d["C"] = np.zeros((27, 10))
    np.add.at(d["C"], np.array(Xb), d["emb"])
    d["logits, in short"] = (x["probs"] - np.eye(27)[Yb]) / n
    G, raw = d["hpreact"], x["bnraw"]
    whole = n * G - G.sum(0) - n / (n - 1) * raw * (G * raw).sum(0)
    d["hprebn, in short"] = x["bngain"] * x["bnvar_inv"] / n * whole
    return d


if __name__ == "__main__":
    from graphviz_backprop.engine.tensors.point import array
    from graphviz_backprop.language.parser import parse

    start = {name: array(x) for name, x in parse(PROGRAM).start.items()}  # type: ignore[arg-type]
    text = json.dumps(reference(start), indent=1)
    REFERENCE.write_text(text + "\n")
