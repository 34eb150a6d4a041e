"""The math font, cut down to what the page shows as a rule; all else comes from the whole one when it is met.

Both are told apart by `unicode-range`: a browser fetches the whole font for a page that has a letter of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

_RANGES = (
    (0x20, 0x7E),  # ASCII
    (0xA0, 0xFF),  # Latin-1: ½ × · ²
    (0x131, 0x131),
    (0x237, 0x237),
    (0x2B0, 0x2B8),  # ˣ
    (0x300, 0x308),
    (0x391, 0x3F6),  # Greek
    (0x1D62, 0x1D6A),  # ᵢ, ᵣ …
    (0x2000, 0x206F),  # spaces, dashes, quotation marks, …, ′, the invisible operators
    (0x2070, 0x209C),  # ⁻¹, ₀
    (0x210E, 0x210E),  # italic h
    (0x2150, 0x215E),  # ⅓
    (0x2190, 0x2194),
    (0x21A6, 0x21A6),
    (0x2200, 0x220B),  # operators
    (0x220F, 0x221E),
    (0x2223, 0x222B),
    (0x2234, 0x223C),
    (0x2248, 0x2248),
    (0x2260, 0x2265),
    (0x226A, 0x226B),
    (0x2295, 0x2299),
    (0x22A4, 0x22A5),
    (0x22C0, 0x22C6),
    (0x22EE, 0x22F1),
    (0x2308, 0x230B),
    (0x2C7C, 0x2C7C),  # ⱼ
    (0x27E8, 0x27E9),
    (0x1D434, 0x1D467),  # italic letters, which a browser takes for names of one letter
    (0x1D6E2, 0x1D71B),
)
CHARACTERS = frozenset(code for first, last in _RANGES for code in range(first, last + 1))
"""The code points that are in the small font, as far as they are in the whole one."""

# Smaller letters in exponents, accents in their place: what formulas need of the font's abilities. Kerning of
# words is 3 kB, and formulas have few.
_FEATURES = ["ssty", "dtls", "flac", "ccmp", "mark", "mkmk"]

_FACE = """\
@font-face {{
  font-family: "Page Math";
  src: local("STIX Two Math"), url("{file}") format("woff2");
  font-display: swap;
  unicode-range: {ranges};
}}
"""


def cut(whole: Path, small: Path) -> None:
    """Writes the small font. What stretches keeps all of its sizes, as the MATH table has them."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options(flavor="woff2", layout_features=_FEATURES, hinting=False, notdef_outline=True)
    options.name_IDs = ["*"]  # whose font it is, and under which licence
    font = TTFont(whole)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=CHARACTERS)
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(small)


def faces(small: Path, whole: Path) -> str:
    """The style sheet that has both."""
    others = (code for code in range(0x20, 0x110000) if code not in CHARACTERS)
    return face(small) + _FACE.format(file=whole.as_posix(), ranges=_ranges(others))


def face(small: Path) -> str:
    """The style sheet that has the small one alone."""
    return _FACE.format(file=small.as_posix(), ranges=_ranges(CHARACTERS))


def _ranges(codes: Iterable[int]) -> str:
    runs: list[list[int]] = []
    for code in sorted(codes):
        if runs and runs[-1][1] == code - 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return ", ".join(f"U+{first:X}" if first == last else f"U+{first:X}-{last:X}" for first, last in runs)
