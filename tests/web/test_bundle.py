"""Bundles: what is served where they are built, and the font that they bring."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import unicodedata
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import brotli
import pytest
from flask.testing import FlaskClient
from fontTools.ttLib import TTFont

from graphviz_backprop.jobs.layout import Layout
from graphviz_backprop.language.ops import FUNCTIONS, OPERATORS
from graphviz_backprop.resources import ENTRIES, FILE_STYLES, LIBRARIES, STATIC, STYLES, TEMPLATES, VENDOR
from graphviz_backprop.web import create_app
from graphviz_backprop.web.shown.examples import GROUPS
from tools.font import CHARACTERS

UNPACKED = {"br": brotli.decompress, "gzip": gzip.decompress}
WHOLE = LIBRARIES / VENDOR["vendor/math.woff2"]


@pytest.fixture(scope="module")
def bundled(built: Path) -> Iterator[FlaskClient]:
    with pytest.MonkeyPatch.context() as patch, Layout() as layout:
        patch.setenv("BUNDLE", str(built))
        yield create_app(layout).test_client()


def files_of(page: str) -> list[str]:
    return re.findall(r'(?:src|href)="(/static/[^"]+)"', page)


def test_the_page_names_few_files(bundled: FlaskClient) -> None:
    named = files_of(bundled.get("/").text)
    assert {address.partition("-")[0].rpartition("/")[2] for address in named} == {
        "main",
        "chunk",
        "all",
        "icon",
        "later",
        "worker",
    }
    assert all(address.startswith("/static/built/") for address in named)


def test_the_service_worker_keeps_what_every_page_needs(bundled: FlaskClient) -> None:
    assert 'data-keeper="/sw.js"' in bundled.get("/").text
    reply = bundled.get("/sw.js")
    assert (reply.mimetype, reply.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    (listed,) = re.findall(r"^globalThis.kept = (.*);$", reply.text, re.M)
    files = json.loads(listed)["FILES"]
    assert set(files_of(bundled.get("/").text)) <= set(files)
    assert not [address for address in files if "stix" in address]


def test_the_page_itself_is_small(bundled: FlaskClient) -> None:
    # A sixth of it are the addresses of the examples; all that comes at once has its bound in tests/browser.
    assert len(bundled.get("/", headers={"Accept-Encoding": "br"}).data) < 23_000


@pytest.mark.parametrize(
    ("accepted", "coding"), [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("identity", None), (None, None)]
)
def test_files_come_as_they_lie_there(bundled: FlaskClient, accepted: str | None, coding: str | None) -> None:
    headers = {"Accept-Encoding": accepted} if accepted else {}
    for address in files_of(bundled.get("/").text):
        reply = bundled.get(address, headers=headers)
        assert reply.status_code == 200
        assert "immutable" in reply.headers["Cache-Control"]
        assert "Accept-Encoding" in reply.headers["Vary"]
        if not address.endswith(".svg"):
            assert reply.headers.get("Content-Encoding") == coding
        unpack = UNPACKED.get(reply.headers.get("Content-Encoding", ""), bytes)
        whole = bundled.get(address, headers={"Accept-Encoding": "identity"}).data
        again = bundled.get(address, headers={**headers, "If-None-Match": reply.headers["ETag"]})
        assert (unpack(reply.data), again.status_code) == (whole, 304)


def test_each_script_has_its_source_map(built: Path) -> None:
    scripts = [*built.glob("*.js"), *built.glob("*.css")]
    assert len(scripts) >= 5
    for script in scripts:
        (named,) = re.findall(r"sourceMappingURL=(\S+)", script.read_text("utf-8"))
        assert "static" in str(json.loads((built / named).read_text("utf-8"))["sources"])


def test_who_serves_may_read_what_another_user_has_built(built: Path, tmp_path: Path) -> None:
    """In the image root builds and nobody serves: what could not be read was left out without a word."""
    usual = tmp_path / "usual"
    usual.mkdir()
    assert built.stat().st_mode == usual.stat().st_mode


def test_every_script_that_a_page_names_is_joined(built: Path) -> None:
    named = {
        name
        for page in TEMPLATES.rglob("*.html")
        for name in re.findall(r"<script[^>]*asset\('([^']+)'\)", page.read_text("utf-8"))
    }
    assert named == set(ENTRIES)
    assert named <= json.loads((built / "manifest.json").read_text("utf-8"))["files"].keys()


def test_every_style_sheet_is_joined() -> None:
    assert {path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*.css")} == {*STYLES, *FILE_STYLES}


def test_what_was_made_of_other_files_is_not_served(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "built"
    shutil.copytree(built, other)
    manifest = json.loads((other / "manifest.json").read_text("utf-8"))
    (other / "manifest.json").write_text(json.dumps(manifest | {"sources": "other"}), "utf-8")
    for folder in (str(other), str(tmp_path / "nowhere"), "0"):
        monkeypatch.setenv("BUNDLE", folder)
        with Layout() as layout:
            client = create_app(layout).test_client()
            page = client.get("/").text
            assert client.get("/sw.js").status_code == 404
        assert "data-keeper" not in page
        assert "/main.js" in page
        assert "/static/built/" not in page


# The font


@pytest.fixture(scope="module")
def small(built: Path) -> TTFont:
    (path,) = built.glob("math-*.woff2")
    return TTFont(path)


def set_characters(page: str) -> set[str]:
    """The characters of formulas, names of one letter being set in italics as browsers do."""
    found: set[str] = set()
    for formula in re.findall(r"<math.*?</math>", page, re.S):
        for kind, text in re.findall(r"<(m[inots]|mtext)\b[^>]*>([^<]*)<", formula):
            plain = unescape(text).strip()
            found |= set(plain)
            if kind == "mi" and len(plain) == 1:
                found |= {italic(plain)}
    return found


def italic(letter: str) -> str:
    name = unicodedata.name(letter, "")
    for case in ("SMALL", "CAPITAL"):
        for script in ("LATIN", "GREEK"):
            if name.startswith(f"{script} {case} LETTER "):
                plain = name.removeprefix(f"{script} ").replace("LETTER ", "")
                return {"h": "ℎ"}.get(letter) or unicodedata.lookup(f"MATHEMATICAL ITALIC {plain}")
    return letter


def test_all_that_formulas_show_is_in_the_small_font(bundled: FlaskClient, small: TTFont) -> None:
    pages = [bundled.get(f"/?{example.query}").text for group in GROUPS for example in group.examples]
    pages.append(bundled.get("/rules").text)
    letters = "+".join(chr(code) for code in (*range(0x3B1, 0x3CA), *range(0x61, 0x7B)) if chr(code) != "e")
    pages.append(bundled.get("/", query_string={"expr": letters}).text)
    shown = set().union(*map(set_characters, pages)) - set("\N{ZERO WIDTH SPACE}\n")
    whole = TTFont(WHOLE).getBestCmap()
    missing = {letter for letter in shown if ord(letter) in whole and ord(letter) not in small.getBestCmap()}
    assert len(shown) > 100
    assert missing == set()


def test_the_rows_symbols_are_in_the_small_font(small: TTFont) -> None:
    whole = TTFont(WHOLE).getBestCmap()
    texts = "".join(f"{op.names}{op.value}{op.partials}{op.symbol}" for op in (*OPERATORS, *FUNCTIONS))
    for letter in set(texts):
        assert ord(letter) not in whole or ord(letter) in small.getBestCmap(), letter


def test_the_small_font_sets_math_as_the_whole_one(small: TTFont) -> None:
    """What stretches has all of its sizes and parts, and the constants are the same."""
    whole = TTFont(WHOLE)
    ours, theirs = small["MATH"].table, whole["MATH"].table
    constants = [name for name in vars(theirs.MathConstants) if not name.startswith("_")]
    assert len(constants) > 50
    for name in constants:
        mine, other = getattr(ours.MathConstants, name), getattr(theirs.MathConstants, name)
        assert getattr(mine, "Value", mine) == getattr(other, "Value", other)
    for letter in "()[]{}|‖√⌈⌉⌊⌋⟨⟩":
        sizes, parts = stretched(small, letter)
        assert (sizes, parts) == stretched(whole, letter)
        assert len(sizes) > 3 or parts


def stretched(font: TTFont, letter: str) -> tuple[list[int], list[int]]:
    """How high a letter can be, and how long the parts are that it is put together of beyond that."""
    found = font["MATH"].table.MathVariants
    at = found.VertGlyphCoverage.glyphs.index(font.getBestCmap()[ord(letter)])
    row = found.VertGlyphConstruction[at]
    sizes = [record.AdvanceMeasurement for record in row.MathGlyphVariantRecord]
    assembly = row.GlyphAssembly
    return sizes, [part.FullAdvance for part in assembly.PartRecords] if assembly else []


def test_each_character_is_in_one_of_both_faces(built: Path) -> None:
    (style,) = built.glob("all-*.css")
    faces = re.findall(r"@font-face\{[^}]*unicode-range:([^;}]+)", style.read_text("utf-8"))
    small, rest = (
        [
            tuple(int(end, 16) for end in (part.split("-") * 2)[:2])
            for part in re.findall(r"U\+([\w-]+)", face)
        ]
        for face in faces
    )
    assert {code for first, last in small for code in range(first, last + 1)} == CHARACTERS
    assert sum(last + 1 - first for first, last in [*small, *rest]) == 0x110000 - 0x20
    assert not [one for one in rest if any(one[0] <= code <= one[1] for code in CHARACTERS)]
