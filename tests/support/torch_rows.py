"""The operations as PyTorch has them, by the row's name, on tensors of one double."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch.nn import functional

Tensor = Any


def number(x: float) -> Tensor:
    return torch.tensor(x, dtype=torch.float64)


def _stacked(function: Callable[[Tensor], Tensor]) -> Callable[..., Tensor]:
    return lambda *xs: function(torch.stack(xs))


def _flag(condition: Tensor) -> Tensor:
    return condition.double()


ROWS: Mapping[str, Callable[..., Tensor]] = {
    "add": torch.add,
    "sub": torch.sub,
    "mul": torch.mul,
    "div": torch.div,
    "pow": torch.pow,
    "neg": torch.neg,
    "less": lambda x, y: _flag(x < y),
    "less_equal": lambda x, y: _flag(x <= y),
    "greater": lambda x, y: _flag(x > y),
    "greater_equal": lambda x, y: _flag(x >= y),
    "equal": lambda x, y: _flag(x == y),
    "not_equal": lambda x, y: _flag(x != y),
    "where": lambda c, x, y: torch.where(c != 0, x, y),
    "log_base": lambda x, b: torch.log(x) / torch.log(b),
    "cbrt": lambda x: torch.sign(x) * torch.abs(x) ** (1 / 3),
    "step": lambda x: _flag(x > 0),
    "max": _stacked(torch.amax),
    "min": _stacked(torch.amin),
    "sum": _stacked(torch.sum),
    "mean": _stacked(torch.mean),
    "logsumexp": _stacked(lambda xs: torch.logsumexp(xs, 0)),
    "sec": lambda x: 1 / torch.cos(x),
    "csc": lambda x: 1 / torch.sin(x),
    "cot": lambda x: torch.cos(x) / torch.sin(x),
    "mod": torch.remainder,
    "leaky_relu": functional.leaky_relu,
    "leaky_relu_slope": lambda x, a: torch.where(x > 0, x, a * x),
    "softplus": lambda x: functional.softplus(x, threshold=1e9),  # it is x from 20 on, if not told otherwise
    "smooth_l1": lambda x: functional.smooth_l1_loss(x, torch.zeros_like(x), reduction="sum"),
    "log_sigmoid": functional.logsigmoid,
    "elu": functional.elu,
    "selu": functional.selu,
    "gelu": functional.gelu,
    "silu": functional.silu,
    "mish": functional.mish,
    "relu": functional.relu,
    "relu6": functional.relu6,
    "hardtanh": functional.hardtanh,
    "softsign": functional.softsign,
    **{
        name: getattr(torch, name)
        for name in (
            "exp expm1 log log1p log2 log10 sqrt sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh"
            " atanh abs sign hypot erf erfc erfinv sigmoid logaddexp square rsqrt clamp logit"
        ).split()
    },
}
