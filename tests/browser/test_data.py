"""A loss over many samples: sets, tables, columns that stand for variables, samples and their average."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import graphviz_backprop as gb
from graphviz_backprop.language.numerals import format_number
from tests.browser.test_page import query
from tests.support.axe import violations
from tests.support.widths import too_wide

OpenPage = Callable[..., Page]

LINE = "/?expr=(w*x%2Bb-y)^2&side=data"
PROGRAM = "(w*x+b-y)^2"
SHEET = "x\ty\n1\t2,5\n2\t4,5\n-3\t-5,25\n"
COLUMNS = {"x": np.array([1.0, 2.0, -3.0]), "y": np.array([2.5, 4.5, -5.25])}

# Pastes as a person does: the text is in the clipboard, and the box has the focus.
PASTE = """([id, text]) => {
  document.getElementById(id).focus();
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  if (document.activeElement.dispatchEvent(event)) document.execCommand("insertText", false, text);
}"""


def averages(
    program: str, columns: Mapping[str, np.ndarray], at: Mapping[str, float], seed: float = 1
) -> dict[str, str]:
    """Value and gradients as the page should show them: of every node the mean of its column."""
    run = gb.parse(program).evaluate(**columns, **at, seed=seed)
    count = len(next(iter(columns.values())))
    found = {}
    for name, xs in run.gradient.items():
        found[f"{name}.total"] = format_number(float(np.mean(np.broadcast_to(xs, count))))
    found[f"{run.graph.output.id}.value"] = format_number(float(np.mean(np.broadcast_to(run.value, count))))
    return found


def shows(page: Page, wanted: Mapping[str, str]) -> None:
    for field, text in wanted.items():
        # Steps are filled once they are shown.
        for place in page.locator(f'[data-field="{field}"]:not(.steps *)').all():
            expect(place).to_have_text(text)


def fault(page: Page) -> object:
    return expect(page.locator("[data-part=fault]"))


def choose_own(page: Page) -> None:
    page.goto(LINE)
    page.locator("#data-set").select_option("own")
    expect(page.locator("#data-text")).to_be_focused()


def test_a_set_is_picked_and_averaged(page: Page) -> None:
    page.goto(LINE)
    page.get_by_label("Samples", exact=True).select_option(label="Line with noise")
    shows(page, averages(PROGRAM, gb.data("line"), {"w": 1.0, "b": 1.0}))
    expect(page.locator("[data-part=status]")).to_have_text("200 samples, 2 columns.")
    expect(page.locator("[data-part=said]")).to_contain_text("Average: j = ")
    assert query(page)["data"] == "line,200,0,0.1"
    page.get_by_label("Noise").fill("0.5")
    page.get_by_label("How many", exact=True).fill("50")
    shows(page, averages(PROGRAM, gb.data("line", 50, noise=0.5), {"w": 1.0, "b": 1.0}))

    # Live as sliders move, each row's numbers, too.
    page.locator('input[name="set.w"]').fill("-2")
    columns = gb.data("line", 50, noise=0.5)
    shows(page, averages(PROGRAM, columns, {"w": -2.0, "b": 1.0}))
    run = gb.parse(PROGRAM).evaluate(**columns, w=-2.0, b=1.0)
    cells = page.locator('[data-picks="7"] td').all_text_contents()
    numbers = [columns["x"], columns["y"], run.value, run.gradient["w"], run.gradient["b"]]
    assert cells == [format_number(float(np.broadcast_to(xs, 50)[7])) for xs in numbers]


@pytest.mark.parametrize("name", ["xor", "moons", "circles", "spiral", "iris"])
def test_every_set(page: Page, name: str) -> None:
    program = "log(1 + e^(-(2y-1)*(w1*x1+w2*x2)))"
    page.goto(f"/?expr={program.replace('+', '%2B')}&side=data&at.w1=0.3&data={name}")
    shows(page, averages(program, gb.data(name), {"w1": 0.3, "w2": 1.0}))


def test_an_upstream_gradient_reaches_the_average(page: Page) -> None:
    page.goto(f"{LINE}&data=line&seed=-3")
    wanted = averages(PROGRAM, gb.data("line"), {"w": 1.0, "b": 1.0}, seed=-3.0)
    shows(page, wanted)
    expect(page.locator("[data-part=head]")).to_contain_text("∂L/∂w")


def test_a_spreadsheet_is_pasted(page: Page) -> None:
    choose_own(page)
    page.evaluate(PASTE, ["data-text", SHEET])
    expect(page.locator("#data-text")).to_have_value(SHEET)
    shows(page, averages(PROGRAM, COLUMNS, {"w": 1.0, "b": 1.0}))
    page.wait_for_function("() => location.search.includes('table=')")
    assert query(page)["table"] == SHEET
    page.reload()
    expect(page.locator("#data-text")).to_have_value(SHEET)
    shows(page, averages(PROGRAM, COLUMNS, {"w": 1.0, "b": 1.0}))


def test_a_table_is_typed(page: Page) -> None:
    choose_own(page)
    page.keyboard.type("x,y\n1,2.5\n2,4.5\n-3,-5.25")
    shows(page, averages(PROGRAM, COLUMNS, {"w": 1.0, "b": 1.0}))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_is_opened(page: Page, encoding: str) -> None:
    choose_own(page)
    file = {"name": "line.csv", "mimeType": "text/csv", "buffer": SHEET.replace("\t", ";").encode(encoding)}
    page.locator("[data-part=file]").set_input_files(file)
    shows(page, averages(PROGRAM, COLUMNS, {"w": 1.0, "b": 1.0}))
    expect(page.locator("#data-text")).to_have_value(SHEET.replace("\t", ";"))


def test_a_long_table_stays_in_the_tab(page: Page) -> None:
    choose_own(page)
    xs = np.arange(600.0)
    text = "x,y\n" + "".join(f"{x:.0f},{2 * x:.0f}\n" for x in xs)
    page.evaluate(PASTE, ["data-text", text])
    wanted = averages(PROGRAM, {"x": xs, "y": 2 * xs}, {"w": 1.0, "b": 1.0})
    shows(page, wanted)
    expect(page.locator("#data-kept")).to_contain_text("too many for a link. It stays in this tab")
    page.wait_for_function("() => location.search.includes('data=own')")
    assert "table" not in query(page)
    page.reload()
    shows(page, wanted)

    # Whoever has the link alone is told what is missing.
    page.evaluate("sessionStorage.clear()")
    page.reload()
    expect(page.locator("#data-kept")).to_contain_text("too long for the link")
    expect(page.locator("[data-part=bound]")).to_be_hidden()


def test_a_column_of_another_name(page: Page) -> None:
    choose_own(page)
    page.evaluate(PASTE, ["data-text", SHEET.replace("x\ty", "Size, m²: a\tPrice")])
    expect(page.locator("[data-part=status]")).to_contain_text("No column stands for a variable")
    expect(page.get_by_role("radio", name="average")).to_be_hidden()
    page.get_by_label("Size, m2: a").select_option("x")
    page.get_by_label("Price").select_option("y")
    expect(page.get_by_role("radio", name="average")).to_be_visible()
    shows(page, averages(PROGRAM, COLUMNS, {"w": 1.0, "b": 1.0}))
    expect(page.locator('[data-variable="y"] .held')).to_have_text("column Price of the data")
    page.wait_for_function("() => location.search.includes('Price')")
    page.reload()
    shows(page, averages(PROGRAM, COLUMNS, {"w": 1.0, "b": 1.0}))

    # One variable has one column: the other is set free.
    page.get_by_label("Size, m2: a").select_option("y")
    shows(page, averages(PROGRAM, {"y": COLUMNS["x"]}, {"w": 1.0, "b": 1.0, "x": 1.0}))
    expect(page.get_by_label("Price")).to_have_value("")
    expect(page.locator('input[name="set.x"]')).to_be_enabled()


def test_a_sample_shows_its_passes(page: Page) -> None:
    page.goto(f"{LINE}&data=line,120,3,0.2&at.w=0.5")
    columns = gb.data("line", 120, 3, 0.2)
    at = {name: float(xs[2]) for name, xs in columns.items()}
    expect(page.locator('input[name="set.x"]')).to_have_attribute("placeholder", "varies")
    page.locator("[data-part=body]").get_by_role("radio", name="3", exact=True).check()
    run = gb.parse(PROGRAM).evaluate(**at, w=0.5, b=1.0)
    shows(page, {f"{name}.total": format_number(x) for name, x in run.gradient.items()})
    shows(
        page,
        {f"{node.id}.value": format_number(x) for node, x in zip(run.graph.nodes, run.values, strict=True)},
    )
    for name in ("x", "y"):
        box = page.locator(f'input[name="set.{name}"]')
        expect(box).to_be_disabled()
        assert float(box.input_value()) == pytest.approx(at[name], rel=1e-14)
    expect(page.locator("[data-part=said]")).to_have_text(f"Sample 3 of 120: j = {format_number(run.value)}.")
    page.wait_for_function("() => location.search.includes('row=2')")

    # What explains a row does, and no longer speaks of averages.
    expect(page.locator(".one-sample:visible")).to_have_count(0)
    page.get_by_role("radio", name="average").check()
    shows(page, averages(PROGRAM, columns, {"w": 0.5, "b": 1.0}))
    page.wait_for_function("() => !location.search.includes('row=')")


def test_averages_explain_no_sample(page: Page) -> None:
    page.goto("/?expr=(w*x%2Bb-y)^2&data=line&panels=paths,nudge,forward&frame=4")
    shows(page, averages(PROGRAM, gb.data("line"), {"w": 1.0, "b": 1.0}))
    expect(page.locator("[data-panel] .one-sample:visible")).to_have_count(3)
    expect(page.locator(".stepper .one-sample")).to_be_visible()
    for hidden in (".paths", "#h", ".counts", ".steps"):
        expect(page.locator(hidden)).to_be_hidden()
    assert not any(page.locator('[data-field$=".partial"]:not(.steps *)').all_text_contents())
    page.locator("[data-panel=paths]").get_by_role("button", name="Pick sample 1").click()
    expect(page.locator(".paths")).to_be_visible()
    expect(page.locator(".steps")).to_be_visible()
    x = float(gb.data("line")["x"][0])
    expect(page.locator('[data-field="c.value"]').first).to_have_text(format_number(x))


def test_a_sample_that_spoils_the_average_is_named(page: Page) -> None:
    page.goto("/?expr=log(x)*w&data=own&table=x%0A1%0A2%0A-1%0A4")
    note = page.locator('[data-field="note.0.text"]')
    expect(note).to_contain_text("In sample 3 the output")
    page.locator(".notes").get_by_role("button", name="Pick sample 3").click()
    expect(note).to_contain_text("log")


BAD = {
    "ragged": ("x,y\n1,2\n3\n", "Row 3, column 2: 1 cell here, and 2 in the first row."),
    "text": ("x,y\n1,2\n3,four\n", "Row 3, column 2: four is not a number."),
    "missing": ("x,y\n1,\n3,4\n", "Row 2, column 2: a number is missing."),
    "quote": ('x,y\n1,2\n"3,4\n', "Row 3: a quotation mark"),
}


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_a_bad_table_says_where_and_loses_nothing(page: Page, text: str, message: str) -> None:
    choose_own(page)
    page.evaluate(PASTE, ["data-text", SHEET])
    wanted = averages(PROGRAM, COLUMNS, {"w": 1.0, "b": 1.0})
    shows(page, wanted)
    page.locator("#data-text").fill(text)
    alert = page.get_by_role("alert").filter(has_text=message)
    expect(alert).to_be_visible()
    expect(page.locator("#data-text")).to_have_value(text)
    expect(page.locator("#data-text")).to_have_attribute("aria-invalid", "true")
    shows(page, wanted)
    page.locator("#data-text").fill("x,y\n1,2\n3,5\n")
    expect(alert).to_have_count(0)
    shows(page, averages(PROGRAM, {"x": np.array([1.0, 3]), "y": np.array([2.0, 5])}, {"w": 1.0, "b": 1.0}))


IRIS = "x\tspecies\n1.4\tsetosa\n\tvirginica\n6\tvirginica\n"


def test_what_a_table_leaves_open_is_chosen_by_buttons(page: Page) -> None:
    choose_own(page)
    page.evaluate(PASTE, ["data-text", IRIS])
    expect(page.locator("[data-part=fault]")).to_contain_text("Row 2, column 2: setosa is not a number.")
    page.get_by_role("button", name="Read species as classes: 0 = setosa, 1 = virginica").click()
    expect(page.locator("[data-part=fault]")).to_contain_text("Row 3, column 1: a number is missing.")
    page.get_by_role("button", name="Leave out 1 incomplete sample").click()
    expect(page.locator("[data-part=fault]")).to_be_empty()
    said = page.locator("[data-part=status]")
    expect(said).to_contain_text("species: 0 = setosa, 1 = virginica. 1 incomplete sample left out.")
    page.wait_for_function("() => location.search.includes('missing')")
    page.get_by_label("species").select_option("y")
    wanted = averages(PROGRAM, {"x": np.array([1.4, 6.0]), "y": np.array([0.0, 1.0])}, {"w": 1.0, "b": 1.0})
    shows(page, wanted)
    page.wait_for_function("() => location.search.includes('bind')")
    page.reload()
    shows(page, wanted)
    assert page.get_by_role("group", name="Ways to read the table").get_by_role("button").count() == 0
    page.get_by_role("button", name="Read it without these choices").click()
    expect(page.locator("[data-part=fault]")).to_contain_text("setosa is not a number")
    assert violations(page) == []


def test_a_file_that_is_too_large_is_not_sent(page: Page, tmp_path: Path) -> None:
    choose_own(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(200_000_000)
    page.locator("[data-part=file]").set_input_files(large)
    expect(page.locator("[data-part=fault]")).to_contain_text("large.csv has 200 MB; up to 50 MB are read")
    assert [url for url in asked if "/api/" in url] == []


def test_too_many_samples_are_told(page: Page) -> None:
    choose_own(page)
    file = {"name": "long.csv", "mimeType": "text/csv", "buffer": b"x\n" + b"1\n" * 1_000_001}
    page.locator("[data-part=file]").set_input_files(file)
    expect(page.locator("[data-part=fault]")).to_contain_text("more than 1,000,000 samples", timeout=30_000)


def test_what_the_descent_moves_has_its_gradients_in_the_table(page: Page) -> None:
    page.goto(f"{LINE}&data=line&params=b")
    expect(page.locator("[data-part=head] th")).to_have_text(["Show", "x", "y", "j", "∂j/∂b"])


def test_a_hundred_thousand_samples_do_not_stop_the_page(page: Page) -> None:
    program = "(" + "+".join(f"tanh({at}*w*x)" for at in range(2, 14)) + "-y)^2"  # 64 nodes
    page.goto(f"/?expr={program.replace('+', '%2B')}&side=data&data=line,100000,0,0.1")
    shows(page, averages(program, gb.data("line", 100_000), {"w": 1.0}))
    assert page.locator("[data-part=body] tr").count() <= 51
    said = page.evaluate(
        """async () => {
          const slider = document.querySelector('[name="at.w"]');
          const said = [];
          for (let move = 0; move < 20; move++) {
            slider.value = String(move / 10);
            slider.dispatchEvent(new Event("input", { bubbles: true }));
            await new Promise(requestAnimationFrame);
            await new Promise(requestAnimationFrame);
            said.push(document.querySelector('[data-field="data.over"]').textContent);
          }
          return said;
        }"""
    )
    # Frames are painted while the average is under way: all rows at once would be there with the first one.
    assert all(text.startswith("Averaging") for text in said), said
    shows(page, averages(program, gb.data("line", 100_000), {"w": 1.9}))
    page.get_by_role("button", name="Last samples").click()
    expect(page.locator("[data-part=range]")).to_have_text("Samples 99,951 to 100,000 of 100,000")
    page.get_by_label("Sample", exact=True).fill("500")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=range]")).to_have_text("Samples 451 to 500 of 100,000")
    expect(page.get_by_role("radio", name="500", exact=True)).to_be_checked()


def test_another_program_keeps_the_data(page: Page) -> None:
    choose_own(page)
    page.evaluate(PASTE, ["data-text", SHEET])
    shows(page, averages(PROGRAM, COLUMNS, {"w": 1.0, "b": 1.0}))
    page.fill("#expr", "abs(w*x + c - y)")
    shows(page, averages("abs(w*x + c - y)", COLUMNS, {"w": 1.0, "c": 1.0}))
    expect(page.locator("#data-text")).to_have_value(SHEET)
    expect(page.locator("[data-part=columns] select").first).to_have_value("x")
    page.fill("#expr", "w^2")
    shows(page, {"w.total": "2"})
    expect(page.locator("[data-part=status]")).to_contain_text("No column stands for a variable")
    page.fill("#expr", PROGRAM)
    shows(page, averages(PROGRAM, COLUMNS, {"w": 1.0, "b": 1.0}))


def test_data_are_removed_and_the_history_brings_them_back(page: Page) -> None:
    page.goto(f"{LINE}&data=line,50,0,0.1&row=4")
    expect(page.locator('input[name="set.x"]')).to_be_disabled()
    page.get_by_role("button", name="Remove data").click()
    expect(page.locator('input[name="set.x"]')).to_be_enabled()
    expect(page.locator("[data-part=bound]")).to_be_hidden()
    expect(page.get_by_label("Samples", exact=True)).to_be_focused()
    page.wait_for_function("() => !/data=line|row=/.test(location.search)")
    page.go_back()
    expect(page.locator('input[name="set.x"]')).to_be_disabled()
    expect(page.get_by_role("radio", name="5", exact=True)).to_be_checked()


def test_examples_over_data(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Examples").click()
    page.get_by_text("Fit a line", exact=True).click()
    shows(page, averages("(w*x + b - y)^2", gb.data("line", 50), {"w": 0.5, "b": 0.0}))


def test_the_keyboard_picks_samples(page: Page) -> None:
    page.goto(f"{LINE}&data=line,50,0,0.1")
    average = page.get_by_role("radio", name="average")
    expect(average).to_be_checked()
    average.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="2", exact=True)).to_be_focused()
    expect(page.locator("[data-part=said]")).to_contain_text("Sample 2 of 50: j = ")
    page.keyboard.press("ArrowUp")
    expect(page.locator("[data-part=said]")).to_contain_text("Sample 1 of 50: j = ")


@pytest.mark.parametrize(
    "path",
    [f"{LINE}&data=moons&row=3", f"{LINE}&data=line", f"{LINE}&data=own&table=x%0Aone%0A2"],
    ids=["row", "average", "bad"],
)
def test_axe_finds_nothing(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.locator("[data-part=status], [data-part=fault]").filter(has_text="2").first).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 390, 1080])
def test_nothing_is_wider_than_the_screen(open_page: OpenPage, width: int) -> None:
    page = open_page(viewport={"width": width, "height": 844})
    # The data are behind a tab where the screen is small; the other tabs show what follows from them.
    for tab in ("program", "variables", "explain", "pane"):
        page.goto(f"{LINE}&data=line,100000,0,0.1&at.w=-0.000123456&tab={tab}")
        expect(page.locator("[data-part=bound]")).not_to_have_attribute("hidden", "")
        assert too_wide(page) == []
    expect(page.locator("[data-part=bound]")).to_be_visible()
    expect(page.locator("[data-part=body] tr").nth(1)).to_be_visible()
    assert too_wide(page) == []
