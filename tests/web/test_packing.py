"""What is written once in a file comes back wherever it stood."""

import base64
import random
import re
import zlib

import pytest

from graphviz_backprop.web.packing import Packing, packed
from tests.support import saved

_RANDOM = random.Random(5)
_TAGS = ["<b>", "</b>", "<i data-x=1>", "π < 3", "", "<p>" + "long " * 30]
TEXTS = ["", "plain", "<", "a<b" * 200, *("".join(_RANDOM.choices(_TAGS, k=300)) for _ in range(40))]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_comes_back(text: str) -> None:
    assert saved.unpacked(str(packed("markup", text))) == text


@pytest.mark.parametrize("text", TEXTS)
def test_it_may_come_in_pieces(text: str) -> None:
    packing, size = Packing(), len(packed("markup", ""))
    for at in range(0, len(text), 500):
        size += packing.add(text[at : at + 500])
    written = str(packing.packed("markup"))
    assert saved.unpacked(written) == text
    assert len(written) <= size


def test_a_page_that_is_there_again_costs_next_to_nothing() -> None:
    """Also where it stands further back than a browser's inflating looks."""
    page = "".join(f"<p>{_RANDOM.random()}</p>" for _ in range(5_000))
    once, twice = (len(packed("markup", page * times)) for times in (1, 2))
    assert len(page) > 2**16
    assert twice < once + 60
    assert len(base64.b85encode(zlib.compress((page * 2).encode(), 9))) > 1.9 * once


def test_what_does_not_fit_is_left_out() -> None:
    packing, noise = Packing(), "".join(f"<i>{_RANDOM.random()}</i>" for _ in range(200))
    packing.add("<b>1</b>")
    assert packing.add(noise, 500) > 500
    assert packing.add(noise[:400], 500) <= 500
    assert saved.unpacked(str(packing.packed("markup"))) == "<b>1</b>" + noise[:400]


def test_nothing_in_it_means_anything_in_markup() -> None:
    noise = "".join(chr(_RANDOM.randrange(1, 50_000)) for _ in range(20_000))
    (digits,) = re.findall('data-packed="script">(.*)</script>', str(packed("script", noise)), re.DOTALL)
    assert not set(digits) & set("<>&\"'/")
