"""What is written once in a file comes back wherever it stood."""

import base64
import random
import re
import zlib

import pytest

from graphviz_backprop.web.packing import packed, repeats_told
from tests.support import saved

_RANDOM = random.Random(5)
_TAGS = ["<b>", "</b>", "<i data-x=1>", "π < 3", "", "<p>" + "long " * 30]
TEXTS = ["", "plain", "<", "a<b" * 200, *("".join(_RANDOM.choices(_TAGS, k=300)) for _ in range(40))]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_comes_back(text: str) -> None:
    assert saved.whole(repeats_told(text.encode())).decode() == text
    assert saved.unpacked(str(packed("markup", text))) == text


def test_a_page_that_is_there_again_costs_next_to_nothing() -> None:
    """Also where it stands further back than a browser's inflating looks."""
    page = "".join(f"<p>{_RANDOM.random()}</p>" for _ in range(5_000))
    once, twice = (len(packed("markup", page * times)) for times in (1, 2))
    assert len(page) > 2**16
    assert twice < once + 60
    assert len(base64.b85encode(zlib.compress((page * 2).encode(), 9))) > 1.9 * once


def test_nothing_in_it_means_anything_in_markup() -> None:
    noise = "".join(chr(_RANDOM.randrange(1, 50_000)) for _ in range(20_000))
    (digits,) = re.findall('data-packed="script">(.*)</script>', str(packed("script", noise)), re.DOTALL)
    assert not set(digits) & set("<>&\"'/")
