"""The plot, in Chromium: what it draws is what the graph says."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.support.axe import violations
from tests.support.widths import too_wide

OpenPage = Callable[..., Page]
MAIN = '[data-plot="main"]'
SLOPE = '[data-plot="slope"]'


def visit(page: Page, expr: str, **more: str | float) -> None:
    page.goto("/?" + urlencode({"expr": expr, "side": "plot", **more}))
    page.wait_for_selector(f"{MAIN} .point[visibility]", state="attached")


def path(page: Page, name: str, svg: str = MAIN) -> str:
    return page.locator(f"{svg} .{name}").get_attribute("d") or ""


def runs(d: str) -> list[list[tuple[float, float]]]:
    """The connected parts of a path."""
    found = []
    for run in re.findall(r"M([^M]*)", d):
        pairs = run.replace("h0", "").rstrip("Z").split("L")
        found.append([(float(x), float(y)) for x, y in (pair.split(",") for pair in pairs)])
    return found


class Scales:
    """Pixels of the SVG to numbers, by what its axes show."""

    def __init__(self, page: Page, svg: str = MAIN) -> None:
        element = page.locator(svg)
        shown, box = element.get_attribute("data-window") or "", element.get_attribute("data-box") or ""
        self.left, self.right, self.bottom, self.top = map(float, shown.split(","))
        self.box = [float(pixel) for pixel in box.split(",")]
        area = element.bounding_box()
        assert area is not None
        self.corner = (area["x"], area["y"])

    def x(self, pixel: float) -> float:
        left, right, *_ = self.box
        return self.left + (pixel - left) / (right - left) * (self.right - self.left)

    def y(self, pixel: float) -> float:
        *_, bottom, top = self.box
        return self.bottom + (pixel - bottom) / (top - bottom) * (self.top - self.bottom)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where on the page the numbers are."""
        left, right, bottom, top = self.box
        across = left + (x - self.left) / (self.right - self.left) * (right - left)
        down = bottom + (y - self.bottom) / (self.top - self.bottom) * (top - bottom)
        return self.corner[0] + across, self.corner[1] + down


def value(page: Page, name: str) -> float:
    return float(page.locator(f'input[name="set.{name}"]').input_value())


def query(page: Page) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(page.url).query).items()}


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=6)
    page.mouse.up()
    settled(page)


# What a hand did is painted with the next frame.
_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def settled(page: Page) -> None:
    page.evaluate(_FRAMES)


@pytest.mark.parametrize(
    ("expr", "x", "slope"),
    [("(4*x+1)^2", 1, 40), ("sin(x)", 2, -0.4161), ("1/x", 0.5, -4), ("1e6*x", 1, 1e6), ("3+0*x", 1, 0)],
)
def test_the_tangent_has_the_slope_of_the_gradient(page: Page, expr: str, x: float, slope: float) -> None:
    visit(page, expr, **{"at.x": x})
    gradient = page.locator('[data-field="x.total"]').first.text_content()
    assert float(gradient or "") == slope
    scales = Scales(page)
    [[a, b]] = runs(path(page, "tangent"))
    found = (scales.y(b[1]) - scales.y(a[1])) / (scales.x(b[0]) - scales.x(a[0]))
    assert found == pytest.approx(slope, rel=1e-3, abs=1e-9)


def test_the_tangent_follows_the_slider(page: Page) -> None:
    visit(page, "x^2")
    page.fill('input[name="set.x"]', "-3")
    page.wait_for_function("() => document.querySelector('#plot-words').textContent.includes('the slope -6')")
    scales = Scales(page)
    [[a, b]] = runs(path(page, "tangent"))
    assert (scales.y(b[1]) - scales.y(a[1])) / (scales.x(b[0]) - scales.x(a[0])) == pytest.approx(-6, 1e-3)


def test_nothing_crosses_a_pole(page: Page) -> None:
    visit(page, "1/x")
    scales = Scales(page)
    for run in runs(path(page, "course")):
        places = [scales.x(x) for x, _ in run]
        assert max(places) < 0.005 or min(places) > -0.005
    visit(page, "tan(x)")
    assert len(runs(path(page, "course"))) == 5


def test_a_jump_is_no_line(page: Page) -> None:
    visit(page, "step(x-0.123)", panels="slope")
    for run in runs(path(page, "course")):
        assert len({y for _, y in run}) == 1


def test_log_has_nothing_left_of_zero(page: Page) -> None:
    visit(page, "log(x)")
    scales = Scales(page)
    assert min(scales.x(x) for run in runs(path(page, "course")) for x, _ in run) > -0.02
    page.fill('input[name="set.x"]', "-1")
    expect(page.locator("#plot-words")).to_contain_text("At x = -1 it is not defined.")
    assert path(page, "tangent") == ""


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_a_point_that_is_no_number_is_no_trouble(page: Page, number: str) -> None:
    visit(page, "x^2", **{"at.x": number})
    assert path(page, "tangent") == ""
    assert len(runs(path(page, "course"))) == 1


def test_the_slope_has_its_own_curve(page: Page) -> None:
    visit(page, "abs(x)")
    expect(page.locator(SLOPE)).to_be_hidden()
    page.locator('[data-toggle="slope"]').check()
    expect(page.locator(SLOPE)).to_be_visible()
    scales = Scales(page, SLOPE)
    heights = {round(scales.y(y), 2) for run in runs(path(page, "course", SLOPE)) for _, y in run}
    assert heights <= {-1, 0, 1}
    page.wait_for_url(re.compile("slope"))


def test_the_point_is_dragged_along_the_curve(page: Page) -> None:
    visit(page, "x^2")
    scales = Scales(page)
    drag(page, scales.at(1, 1), scales.at(-3, 20))
    assert value(page, "x") == -3
    assert page.locator('[data-field="x.total"]').first.text_content() == "-6"
    page.wait_for_url(re.compile("at.x=-3"))


def test_the_point_is_dragged_over_the_plane(page: Page) -> None:
    visit(page, "x^2+x*y+y^2", plot="x,y")
    scales = Scales(page)
    drag(page, scales.at(1, 1), scales.at(-2, 3))
    assert (value(page, "x"), value(page, "y")) == (-2, 3)
    assert path(page, "arrow")


def test_a_locked_variable_is_moved_by_nothing(page: Page) -> None:
    visit(page, "(x-3)^2+(y-1)^2", plot="x,y", lock="x", rate="0.1")
    scales = Scales(page)
    drag(page, scales.at(1, 1), scales.at(-2, 3))
    assert (value(page, "x"), value(page, "y")) == (1, 3)
    point = page.locator(f"{MAIN} .point")
    point.press("ArrowRight")
    point.press("ArrowUp")
    expect(page.locator('input[name="set.y"]')).to_have_value("3.1")
    for control in ("input[name='set.x']", "input[name='at.x']", "[data-pin=x]", "[aria-label='Sweep x']"):
        expect(page.locator(control)).to_be_disabled()
    expect(page.locator("[data-moves=x]")).to_be_disabled()
    expect(page.locator("[data-moves=x]")).not_to_be_checked()
    page.locator("[data-descent=step]").click()
    expect(page.locator('[data-field="descent.now.k"]').first).to_have_text("Step 1")
    expect(page.locator('input[name="set.y"]')).to_have_value(re.compile(r"^2\.68"))
    assert value(page, "x") == 1
    assert "at.x" not in query(page)


def test_the_point_moves_by_keys(page: Page) -> None:
    visit(page, "x^2+y", plot="x,y")
    point = page.locator(f"{MAIN} .point")
    point.press("ArrowRight")
    point.press("Shift+ArrowUp")
    expect(page.locator('input[name="set.x"]')).to_have_value("1.1")
    expect(page.locator('input[name="set.y"]')).to_have_value("2")
    expect(point).to_have_attribute("aria-valuenow", "1.1")
    point.press("Home")
    expect(page.locator('input[name="set.x"]')).to_have_value("-5")
    assert "x = -5, y = 2 the value is 27" in (point.get_attribute("aria-valuetext") or "")


def test_the_zoom_is_in_the_address_and_comes_back(page: Page) -> None:
    visit(page, "x^3")
    page.locator(MAIN).hover()
    page.mouse.wheel(0, -300)
    page.wait_for_url(re.compile("box="))
    shown = page.locator(MAIN).get_attribute("data-window")
    left, right, *_ = map(float, (shown or "").split(","))
    assert right - left < 9
    page.reload()
    expect(page.locator(MAIN)).to_have_attribute("data-window", shown or "")
    page.get_by_role("button", name="Ranges of the sliders").click()
    page.wait_for_function("() => !location.search.includes('box=')")
    assert Scales(page).right == 5


def test_pan_by_mouse_and_keys(page: Page) -> None:
    visit(page, "x^2")
    scales = Scales(page)
    drag(page, scales.at(-2, 20), scales.at(-1, 20))
    assert Scales(page).left == pytest.approx(-6, abs=0.05)
    page.locator(MAIN).press("ArrowRight")
    settled(page)
    assert Scales(page).left > -5.5
    page.locator(MAIN).press("+")
    settled(page)
    now = Scales(page)
    assert now.right - now.left == pytest.approx(7, abs=0.01)
    page.locator(MAIN).press("0")
    settled(page)
    assert Scales(page).left == -5


def test_the_range_follows_the_point(page: Page) -> None:
    visit(page, "x^2", box="0,2,0,4", panels="follow")
    page.fill('input[name="set.x"]', "4")
    settled(page)
    scales = Scales(page)
    assert scales.left < 4 < scales.right
    assert scales.right - scales.left == pytest.approx(2)


def test_variables_are_chosen(page: Page) -> None:
    visit(page, "x^2+3*y")
    assert path(page, "course")
    page.get_by_label("Second variable of the plot").select_option("y")
    page.wait_for_selector(f"{MAIN} .arrow", state="attached")
    assert query(page)["plot"] == "x,y"
    page.get_by_label("Plot against").select_option("y")
    page.wait_for_function("() => decodeURIComponent(location.search).includes('plot=y,x')")
    page.get_by_label("Second variable of the plot").select_option("")
    page.wait_for_selector(f"{MAIN} .course", state="attached")
    expect(page.locator("#plot-words")).to_contain_text("against y from -5 to 5")


def test_another_program_is_another_plot(page: Page) -> None:
    visit(page, "x^2", box="0,1,0,1")
    page.fill("#expr", "t^3+u")
    expect(page.locator("#plot-words")).to_contain_text("against t from -5 to 5")
    page.fill("#expr", "2+3")
    expect(page.locator('[data-fragment="plot"]')).to_contain_text("nothing to plot against")
    page.fill("#expr", "sni(x)")
    page.fill("#expr", "sin(x)")
    expect(page.locator("#plot-words")).to_contain_text("against x from -5 to 5")


def test_contours_become_fine_once_the_numbers_rest(page: Page) -> None:
    visit(page, "(1-x)^2+100*(y-x^2)^2", plot="x,y")
    expect(page.locator('[data-fragment="plot"]')).to_have_attribute("aria-busy", "false")
    texts = page.locator(f"{MAIN} .legend-scale text").all_text_contents()
    numbers = [float(text) for text in texts]
    assert numbers == sorted(numbers)
    assert numbers[-1] / numbers[0] > 1e3


@pytest.mark.parametrize("plot", ["x", "x,y"])
def test_it_is_saved_as_svg_and_png(page: Page, plot: str) -> None:
    visit(page, "x^2+y^2", plot=plot, panels="slope")
    with page.expect_download() as download:
        page.get_by_role("button", name="Plot as SVG").click()
    assert download.value.suggested_filename == "plot.svg"
    text = download.value.path().read_text()
    root = ElementTree.fromstring(text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert " g " in (root.findtext("{http://www.w3.org/2000/svg}desc") or "")
    assert "var(" not in text
    assert "NaN" not in text
    with page.expect_download() as download:
        page.get_by_role("button", name="Plot as PNG").click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("plot", ["x", "x,y"])
def test_axe_finds_nothing_in_the_plot(page: Page, plot: str) -> None:
    visit(page, "x^2+y^2", plot=plot, panels="slope,follow")
    assert [found for found in violations(page) if "plot" in found] == []


@pytest.mark.parametrize("width", [320, 390, 768])
def test_it_is_no_wider_than_the_screen(open_page: OpenPage, width: int) -> None:
    page = open_page(viewport={"width": width, "height": 844})
    visit(page, "x_long_name^2+y^2", plot="x_long_name,y", tab="pane")
    card = page.locator('[data-fragment="plot"]').bounding_box()
    assert card is not None
    assert card["x"] + card["width"] <= width
    assert page.evaluate("document.querySelector('[data-fragment=plot]').scrollWidth") <= card["width"]
    assert too_wide(page) == []


def test_fingers_zoom_the_plot_and_drag_its_point(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True)
    visit(page, "x^2", tab="pane")
    page.locator(MAIN).scroll_into_view_if_needed()
    scales = Scales(page)
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(places)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    x, y = scales.at(1, 1)
    touch("touchStart", (x, y))
    for move in range(1, 6):
        touch("touchMove", (x + 10 * move, y - 10 * move))
    touch("touchEnd")
    settled(page)
    assert value(page, "x") > 2
    x, y = scales.at(0, 15)
    touch("touchStart", (x - 40, y))
    touch("touchStart", (x - 40, y), (x + 40, y))
    for move in range(1, 6):
        touch("touchMove", (x - 40 - 8 * move, y), (x + 40 + 8 * move, y))
    touch("touchEnd")
    settled(page)
    now = Scales(page)
    assert now.right - now.left == pytest.approx(5, abs=0.3)
