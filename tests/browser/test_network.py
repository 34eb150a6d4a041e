"""A network built, clicked, derived and trained in Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from graphviz_backprop.api import network
from graphviz_backprop.network.builder import PRESETS
from tests.support.axe import violations
from tests.support.panes import show
from tests.support.widths import too_wide

OpenPage = Callable[..., Page]

XOR = "x1,x2,y1\n0,0,0\n0,1,1\n1,0,1\n1,1,0"


def address(name: str, **more: str) -> str:
    preset = PRESETS[name]
    at = {f"at.{key}": str(number) for key, number in (preset.initial | dict(preset.at)).items()}
    state = {"expr": preset.program, "view": "graph", "panes": "network,training", **at, **more}
    return "/?" + urlencode(state)


def visit(page: Page, name: str, **more: str) -> None:
    """Opens a network, and waits until its picture answers."""
    page.goto(address(name, **more))
    expect(page.locator("#wire-words")).not_to_be_empty()


def on_line(page: Page, name: str) -> tuple[float, float]:
    """A place in the window where a weight's line is not covered by anything."""
    line = page.locator(f'#sheet .edge[data-weight="{name}"]')
    expect(line.locator(".hit")).to_have_count(1)
    x, y = line.evaluate(
        """(edge) => {
            const [hit, length] = [edge.querySelector(".hit"), edge.querySelector(".hit").getTotalLength()];
            const free = [];
            for (let part = 0.05; part < 1; part += 0.01) {
                const at = hit.getPointAtLength(part * length).matrixTransform(hit.getScreenCTM());
                const found = document.elementFromPoint(at.x, at.y);
                if (found?.closest("[data-weight]") === edge) free.push([at.x, at.y]);
            }
            return free[Math.floor(free.length / 2)] ?? [0, 0];
        }"""
    )
    return x, y


def click_weight(page: Page, name: str) -> None:
    page.mouse.click(*on_line(page, name))


def numbers(page: Page) -> str:
    """The derivation's first line of numbers."""
    return page.locator(".derived > .equations .numbers").first.inner_text()


def total(page: Page, name: str) -> Locator:
    return page.locator(f'.variable[data-variable="{name}"] [data-field="{name}.total"]')


def test_a_network_is_built(page: Page) -> None:
    page.goto("/?panes=network,training")
    page.locator('.pane-note [popovertarget="builder"]').click()
    expect(page.locator("[data-builder] [data-count]")).to_have_text("9 parameters")
    page.get_by_label("Start from").select_option(label="Two hidden layers")
    expect(page.locator("[data-builder] [data-count]")).to_have_text("25 parameters")
    page.get_by_role("button", name="Hidden layer").click()
    page.get_by_role("button", name="Remove this layer").first.click()
    page.get_by_label("Number of inputs").fill("3")
    page.get_by_role("button", name="Build", exact=True).click()
    expect(page.locator("#expr")).to_have_value(re.compile("^# layer 2: 3 neurons"))
    expect(page.locator('#sheet [data-neuron="x3"]')).to_be_visible()
    expect(page.locator('[name="at.w2_13"]')).to_be_visible()
    assert parse_qs(urlsplit(page.url).query)["panes"] == ["network,training"]


def test_what_cannot_be_built_is_told_and_kept(page: Page) -> None:
    page.goto("/?panes=network,training")
    page.locator('.pane-note [popovertarget="builder"]').click()
    expect(page.locator("[data-builder] [data-count]")).to_have_text("9 parameters")
    page.get_by_label("Number of inputs").fill("99")
    page.get_by_role("button", name="Build", exact=True).click()
    expect(page.locator("[data-builder] [data-fault]")).to_contain_text("99 inputs")
    expect(page.get_by_label("Number of inputs")).to_have_value("99")
    expect(page.locator("#expr")).to_have_value("(4*x+1)^2")


def test_a_weight_is_clicked_and_derived(page: Page) -> None:
    visit(page, "deep")
    click_weight(page, "w2_12")
    expect(page.locator("[data-derive]")).to_have_value("w2_12")
    expect(page.locator("#wire-words")).to_contain_text("w12(2) = ")
    gradient = total(page, "w2_12").inner_text()
    assert numbers(page).replace("−", "-").split("=")[-1].strip() == gradient
    page.get_by_role("button", name="Unfold everything").click()
    # One block for each neuron between the weight and the loss.
    expect(page.locator(".unfolded")).to_have_count(4)
    expect(page.locator('.unfolded[data-block="a3_2"]')).to_be_visible()
    page.locator('[data-fold="a3_2"]').click()
    expect(page.locator(".unfolded")).to_have_count(3)


@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize("output", ["sigmoid", "softmax"])
def test_no_line_of_a_derivation_is_wider_than_its_column(
    open_page: OpenPage, width: int, output: str
) -> None:
    loss = {"softmax": "categorical_cross_entropy"}.get(output, "squared")
    text = network([2, 3, 3], output=output, loss=loss).text
    page = open_page(viewport={"width": width, "height": 800})
    for weight in ("w2_11", "w3_11"):
        state = {"expr": text, "panes": "network", "weight": weight, "unfold": "all", "tab": "explain"}
        page.goto(f"/?{urlencode(state)}")
        expect(page.locator(".derivation .equations").first).to_be_visible()
        cut = "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.textContent)"
        assert page.locator(".derivation .equations, .terms li").evaluate_all(cut) == []


def test_the_derivation_follows_a_slider(page: Page) -> None:
    visit(page, "deep", weight="w2_12")
    before = numbers(page)
    page.locator('[name="at.x2"]').press("ArrowRight")
    expect(page.locator(".derived > .equations .numbers").first).not_to_have_text(before)
    assert numbers(page).split("=")[-1].strip() == total(page, "w2_12").inner_text()
    matrix = page.locator(".matrices[open] [data-field='w2_12.total']").first
    assert matrix.text_content() == total(page, "w2_12").inner_text()
    products = page.locator(".matrices[open] .equations")
    assert products.evaluate("part => part.scrollWidth <= part.clientWidth"), "nothing to scroll sideways"


@pytest.mark.parametrize("size", [6, 8])
def test_wide_matrices_need_no_scrolling_sideways(page: Page, size: int) -> None:
    """Rows of more than four numbers stand in several lines, each of their numbers once."""
    page.set_viewport_size({"width": 1366, "height": 768})
    built = network([size, size, 1], activation="tanh", init="xavier", seed=0)
    at = {f"at.{name}": f"{value:.4g}" for name, value in built.start.items()}
    page.goto("/?" + urlencode({"expr": built.text, "panes": "network", "weight": "w2_12", **at}))
    products = page.locator(".matrices[open] .equations")
    weights = products.locator("p").first.locator("mtable").first
    expect(weights.locator("mtr")).to_have_count(2 * size)
    expect(weights.locator("mtd")).to_have_count(size * size)
    expect(weights.locator("mn").last).not_to_be_empty()
    assert products.evaluate("part => part.scrollWidth <= part.clientWidth"), "nothing to scroll sideways"
    expect(page.locator(".matrices[open] .shapes")).to_contain_text("stands in several lines")


def test_a_term_lights_its_nodes(page: Page) -> None:
    visit(page, "deep", weight="w2_12", unfold="a2_1", inspector="open")
    page.locator(".unfolded .terms li").nth(1).hover()
    expect(page.locator('#sheet [data-neuron="a3_2"]')).to_have_class(re.compile(r"\blit\b"))
    expect(page.locator('#sheet .edge[data-weight="w3_21"]')).to_have_class(re.compile(r"\blit\b"))
    expect(page.locator('#sheet [data-neuron="a3_1"]')).not_to_have_class(re.compile(r"\blit\b"))


def test_the_order_of_indices(page: Page) -> None:
    visit(page, "pair", weight="w2_13", inspector="open")
    symbols = page.locator(".derived .symbols").first
    expect(symbols).to_contain_text("13")
    page.locator('label:has([data-index][value="kj"])').click()
    expect(symbols).to_contain_text("31")
    page.get_by_label("L, L−1").check()
    expect(symbols).to_contain_text("L")
    assert parse_qs(urlsplit(page.url).query)["index"] == ["kjL"]


def test_from_the_picture_to_the_graph_and_back(page: Page) -> None:
    visit(page, "xor", weight="a2_1", inspector="open")
    page.get_by_role("button", name="Show it in the graph").click()
    node = page.locator('#sheet [data-node="z3_1"]')
    expect(node).to_be_visible()
    node.click()
    expect(page.locator("[data-derive]")).to_have_value("a3_1")
    page.locator('#sheet [data-node="z2_2"]').click()
    expect(page.locator("[data-derive]")).to_have_value("a2_2")
    show(page, "network", instead_of="graph")
    expect(page.locator('#sheet [data-neuron="a2_2"]')).to_be_visible()


def test_large_layers_open(page: Page) -> None:
    page.goto("/network?sizes=2-12-1&activation=relu")
    expect(page.locator("#wire-words")).not_to_be_empty()
    expect(page.locator('#sheet [data-block="2"]')).to_be_visible()
    page.locator('#sheet [data-block="2"]').click()
    expect(page.locator('#sheet [data-neuron="a2_12"]')).to_be_visible()
    close = page.get_by_role("button", name="Close layer 2")
    close.focus()
    page.keyboard.press("Enter")
    expect(page.locator('#sheet [data-block="2"]')).to_be_visible()


def test_lines_are_as_thick_as_weights_are_large(page: Page) -> None:
    visit(page, "neuron")
    wire = page.locator('#sheet .edge[data-weight="w2_11"]')
    page.locator('[name="set.w2_11"]').fill("4")
    expect(wire).to_have_attribute("data-sign", "plus")
    expect(wire).to_have_attribute("style", re.compile("--thick: 5.00px"))
    page.locator('[name="set.w2_11"]').fill("-4")
    expect(wire).to_have_attribute("data-sign", "minus")


def test_xor_is_learned(page: Page) -> None:
    visit(page, "xor")
    page.get_by_role("button", name="Take them").click()
    expect(page.locator('[data-training="words"]')).to_contain_text("4 samples")
    expect(page.locator(".stepper .one-sample")).to_be_visible()
    page.locator("[data-choose=speed]").select_option(index=3)
    page.locator("[data-descent=run]").click()
    expect(page.locator('[data-field="descent.now.k"]')).to_have_text("Step 100", timeout=30_000)
    loss = page.locator('[data-field="descent.now.loss"]').first
    last = loss.inner_text()
    assert float(last) < 0.05
    expect(page.locator('[data-training="histories"]')).to_be_visible()
    page.locator("[data-descent=back]").click()
    expect(loss).not_to_have_text(last)
    page.locator("[data-descent=step]").click()
    expect(loss).to_have_text(last)


def test_one_sample_can_be_stepped_through(page: Page) -> None:
    visit(page, "xor", data="own", table=XOR, inspector="open")
    expect(page.locator("#board")).to_have_attribute("data-averaged", "")
    page.locator(".derivation .one-sample [data-pick]").click()
    expect(page.locator("#board")).not_to_have_attribute("data-averaged", "")
    page.get_by_role("button", name="Next step").click()
    expect(page.locator(".steps .place:visible")).to_contain_text("Forward")


def run_to_the_end(page: Page, k: int) -> None:
    page.locator("[data-choose=speed]").select_option(index=3)
    page.locator("[data-descent=run]").click()
    expect(page.locator('[data-field="descent.now.k"]')).to_have_text(f"Step {k}", timeout=30_000)


def test_scrubbing_there_and_back_gives_the_same_numbers(page: Page) -> None:
    visit(page, "xor", data="own", table=XOR, steps="30")
    run_to_the_end(page, 30)
    slider = page.get_by_role("slider", name="Step that is shown")
    gradient = page.locator('.derivation .one-sample [data-field="w3_11.total"]')
    seen = []
    for k in (12, 25, 12):
        slider.fill(str(k))
        expect(page.locator('[data-field="descent.now.k"]')).to_have_text(f"Step {k}")
        page.wait_for_url(re.compile(f"[?&]k={k}(&|$)"))
        seen.append((gradient.inner_text(), page.locator('[data-training="norms-names"]').inner_text()))
    assert seen[0] == seen[2] != seen[1]


def test_the_chosen_weight_stands_out_of_its_layer(page: Page) -> None:
    visit(page, "xor", data="own", table=XOR, steps="10")
    run_to_the_end(page, 10)
    lines = page.locator('svg[data-training="weights"] .series path')
    expect(lines).to_have_count(6)
    expect(page.locator('svg[data-training="weights"] .series [data-faint]')).to_have_count(0)
    click_weight(page, "w2_21")
    expect(page.locator('[data-training="weights-words"]')).to_have_text("w₂₁⁽²⁾ stands out.")
    expect(page.locator('svg[data-training="weights"] .series [data-faint]')).to_have_count(5)
    expect(lines.last).to_have_attribute("data-series", "0")


def test_numbers_beside_the_gradients_stand_apart(page: Page) -> None:
    visit(page, "xor", data="own", table=XOR, steps="40")
    run_to_the_end(page, 40)
    texts = page.locator('svg[data-training="norms"] .y-ticks text')
    boxes = sorted((box["y"], box["height"]) for text in texts.all() if (box := text.bounding_box()))
    assert len(boxes) > 1
    assert all(y + height <= below + 1 for (y, height), (below, _) in pairwise(boxes))


def test_samples_keep_the_program_and_the_weights(page: Page) -> None:
    visit(page, "xor")
    program = page.locator("#expr").input_value()
    page.locator('[name="set.w2_11"]').fill("0.75")
    page.get_by_role("button", name="Take them").click()
    expect(page.locator('[data-training="words"]')).to_contain_text("4 samples")
    expect(page.locator('[name="set.w2_11"]')).to_have_value("0.75")
    expect(page.locator("#expr")).to_have_value(program)


def test_the_surface_is_that_of_the_program_there_is(page: Page) -> None:
    visit(page, "xor")
    words = page.locator('[data-training="words"]')
    expect(words).to_have_text("a₁⁽³⁾ over x₁ and x₂.")
    surface = page.locator('[data-training="surface"]')
    before = surface.inner_html()
    program = page.locator("#expr").input_value()
    page.locator("#expr").fill(program.replace("tanh", "relu"))
    expect(page.locator("#sheet .note", has_text="relu")).to_be_attached()
    page.wait_for_function(
        """before => document.querySelector('[data-training="surface"]').innerHTML !== before""", arg=before
    )


def test_each_output_has_its_surface(page: Page) -> None:
    table = "x1,x2,y1,y2,y3\n0,1,1,0,0\n1,0,0,1,0\n1,1,0,0,1"
    visit(page, "classes", data="own", table=table)
    words = page.locator('[data-training="words"]')
    expect(words).to_contain_text("squares where y₁ is above 0.5")
    page.locator('[data-training="output"]').select_option("a₃⁽³⁾")
    expect(words).to_contain_text("a₃⁽³⁾ over x₁ and x₂. 3 samples are marked: squares where y₃")


def test_a_network_without_targets(page: Page) -> None:
    program = "a2_1 = tanh(w2_11*x1 + w2_12*x2)"
    state = {"expr": program, "panes": "network,training"}
    page.goto("/?" + urlencode(state | {"data": "own", "table": "x1,x2\n0,1\n1,0"}))
    words = page.locator('[data-training="words"]')
    expect(words).to_have_text("a₁⁽²⁾ over x₁ and x₂. 2 samples are marked.")


def test_what_is_shown_in_the_graph_comes_into_sight(page: Page) -> None:
    visit(page, "deep", weight="w4_12", inspector="open")
    page.locator("#viewport").focus()
    for _ in range(3):
        page.keyboard.press("+")
    page.get_by_role("button", name="Show it in the graph").click()
    leaf = page.locator("#sheet [data-node].var").filter(has_text="w4_12")
    expect(leaf).to_have_class(re.compile(r"\bchosen\b"))
    expect(leaf).to_be_in_viewport()


def test_a_large_network_by_the_keyboard_alone(page: Page) -> None:
    page.goto("/network?sizes=2-16-16-1&activation=tanh")
    page.get_by_role("button", name="Inspector").press("Enter")
    expect(page.locator("#wire-words")).not_to_be_empty()
    expect(page.locator("#sheet [data-block]")).to_have_count(2)
    page.get_by_role("button", name="Open layer 2").press("Enter")
    expect(page.locator('#sheet [data-neuron="a2_16"]')).to_be_visible()
    page.locator("[data-derive]").focus()
    page.locator("[data-derive]").press("Home")
    expect(page.locator(".derived .symbols").first).to_contain_text("w")
    page.get_by_role("button", name="Unfold everything").press("Enter")
    expect(page.locator(".unfolded").first).to_be_visible()


def test_the_address_restores_what_is_seen(page: Page) -> None:
    visit(page, "deep")
    click_weight(page, "w2_12")
    page.get_by_role("button", name="Unfold ∂C₀/∂a₁⁽²⁾").click()
    page.get_by_label("L, L−1").check()
    page.wait_for_url(re.compile("index=jkL"))
    expect(page.locator(".unfolded")).to_have_count(1)
    before = numbers(page)
    page.reload()
    expect(page.locator("#wire-words")).to_contain_text("w12(2) = ")
    expect(page.locator(".unfolded")).to_have_count(1)
    assert numbers(page) == before
    page.go_back()
    expect(page.get_by_label("L, L−1")).not_to_be_checked()


def test_heat_shows_gradients_as_thickness(page: Page) -> None:
    visit(page, "deep")
    wires = page.locator("#sheet .edge[data-weight]")
    before = [wire.get_attribute("style") for wire in wires.all()]
    page.get_by_label("Heat").check()
    expect(wires.first).not_to_have_attribute("style", before[0] or "")
    sign = wires.first.get_attribute("data-sign")
    gradient = total(page, wires.first.get_attribute("data-weight") or "").inner_text()
    assert sign == ("minus" if gradient.startswith("-") else "plus")


def test_pause_while_it_learns(page: Page) -> None:
    visit(page, "xor", data="own", table=XOR, steps="2000", rate="0.01")
    run = page.locator("[data-descent=run]")
    run.click()
    expect(page.locator('[data-field="descent.now.k"]')).to_have_text(re.compile(r"Step [3-9]|Step \d\d"))
    run.click()
    expect(run).to_have_attribute("aria-pressed", "false")
    expect(page.locator('[data-training="histories"]')).to_be_visible()


def test_who_runs_before_the_samples_are_there_runs_over_them(page: Page) -> None:
    """The run was forgotten when they came, as if someone had chosen others."""
    waiting: list[Route] = []
    page.route("**/data/side.js*", lambda route: waiting.append(route))
    visit(page, "xor", data="own", table=XOR, steps="2000", rate="0.01")
    run = page.locator("[data-descent=run]")
    run.click()
    expect(page.locator('[data-field="descent.now.k"]')).to_have_text(re.compile(r"Step \d"))
    assert waiting
    for route in waiting:
        route.continue_()
    expect(page.locator('[data-training="surface"] .samples path').first).to_have_attribute(
        "d", re.compile("^M")
    )
    expect(page.locator('[data-field="descent.now.k"]')).to_have_text(re.compile(r"Step \d"))
    expect(run).to_have_attribute("aria-pressed", "true")


def test_a_layer_moves_or_stays_as_a_whole(page: Page) -> None:
    visit(page, "deep")
    layer = page.get_by_role("checkbox", name="Layer 2", exact=True)
    expect(layer).to_be_checked()
    expect(page.get_by_role("checkbox", name="Inputs", exact=True)).not_to_be_checked()
    expect(page.get_by_role("checkbox", name="w2_11", exact=True)).to_be_hidden()
    page.locator(".moving-group summary").nth(1).click()
    page.get_by_role("checkbox", name="w2_11", exact=True).uncheck()
    expect(layer).to_have_js_property("indeterminate", True)
    layer.check()
    expect(page.get_by_role("checkbox", name="w2_11", exact=True)).to_be_checked()
    layer.uncheck()
    expect(page.get_by_role("checkbox", name="w2_11", exact=True)).not_to_be_checked()
    page.wait_for_url(re.compile("params="))
    assert "w2_11" not in page.url.partition("params=")[2].partition("&")[0]


def test_a_line_is_predicted(page: Page) -> None:
    page.goto("/network?sizes=1-3-1&activation=tanh&output=linear")
    expect(page.locator('[data-training="surface"] .course')).to_have_attribute("d", re.compile("^M"))
    page.get_by_role("button", name="Take them").click()
    expect(page.locator('[data-training="words"]')).to_contain_text("samples are marked")
    expect(page.locator('[data-training="surface"] .samples path').first).to_have_attribute(
        "d", re.compile("^M")
    )


def test_a_program_that_is_no_network_any_more(page: Page) -> None:
    visit(page, "xor")
    program = page.locator("#expr").input_value()
    page.locator("#expr").fill(program.replace("w2_12*x2", "w2_12*x1"))
    expect(page.locator(".pane-note")).to_contain_text("w₁₂⁽²⁾ is multiplied by x₁")
    page.locator("#expr").fill(program)
    expect(page.locator('#sheet [data-neuron="a2_1"]')).to_be_visible()


def test_a_pane_has_the_whole_window(page: Page) -> None:
    visit(page, "deep")
    narrow = page.locator("#viewport").bounding_box()
    page.locator("#viewport").press("f")
    expect(page.locator("#expr")).to_be_hidden()
    wide = page.locator("#viewport").bounding_box()
    assert narrow and wide and wide["width"] > 2 * narrow["width"]
    page.wait_for_url(re.compile("full=network"))
    page.reload()
    expect(page.locator("#expr")).to_be_hidden()
    page.locator("#viewport").press("Escape")
    expect(page.locator("#expr")).to_be_visible()


@pytest.mark.parametrize(
    "more", [{"weight": "w2_11", "unfold": "all"}, {"data": "own", "table": XOR, "k": "5"}]
)
def test_axe_finds_nothing(page: Page, more: dict[str, str]) -> None:
    visit(page, "xor", **more)
    page.get_by_role("button", name="Build …").click()
    assert violations(page) == []


@pytest.mark.parametrize(
    ("name", "more"),
    [("deep", {"weight": "w2_12", "unfold": "all"}), ("xor", {"data": "own", "table": XOR, "k": "5"})],
)
def test_on_a_phone(open_page: OpenPage, name: str, more: dict[str, str]) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    visit(page, name, **more)
    assert too_wide(page) == []


def test_back_to_the_network_after_a_reload(page: Page) -> None:
    """A page that was loaded with other panes has nothing of the network yet."""
    page.goto(address("xor", weight="w2_11", panes="network"))
    expect(page.locator("[data-derive]")).to_have_value("w2_11")
    show(page, "graph", instead_of="network")
    page.wait_for_url(lambda url: "panes=" not in url)
    page.reload()
    expect(page.locator('[data-fragment="network"] > *')).to_have_count(0)
    page.go_back()
    expect(page.locator("[data-derive]")).to_have_value("w2_11")


def test_the_player_tells_no_number_of_the_network_too_early(page: Page) -> None:
    visit(page, "deep", weight="w2_12")
    page.get_by_role("button", name="Next step").click()
    expect(page.locator(".steps .place:visible")).to_contain_text("Forward 1 of")
    gradient = page.locator('#sheet .texts[data-weight="w2_12"] [data-field="w2_12.total"]')
    result = page.locator(".derived > .equations .numbers [data-field='w2_12.total']").first
    matrix = page.locator(".matrices[open] [data-field='w2_12.total']").first
    for element in (gradient, result, matrix, total(page, "w2_12")):
        expect(element).to_have_text("")
    expect(page.locator("#wire-words")).not_to_contain_text("∂")
    expect(page.locator('[name="at.w2_12"]')).not_to_have_attribute("aria-valuetext", re.compile("gradient"))
    page.get_by_role("button", name="Last step").click()
    for element in (gradient, result, matrix, total(page, "w2_12")):
        expect(element).not_to_have_text("")
    expect(page.locator("#wire-words")).to_contain_text("∂C0/∂w12(2) = ")


def test_the_builder_opens_on_the_network_that_is_there(page: Page) -> None:
    visit(page, "deep")
    page.get_by_role("button", name="Build …").click()
    sizes = page.locator('[data-builder] [data-layer="size"]')
    assert [size.input_value() for size in sizes.all()] == ["2", "3", "3", "1"]
    expect(page.locator("[data-builder] [data-count]")).to_have_text("25 parameters")
    weight = page.locator('input[name="set.w2_12"]').input_value()
    page.locator('[data-builder] [data-layer="activation"]').first.select_option("relu")
    page.get_by_role("button", name="Change it").click()
    expect(page.locator("#expr")).to_have_value(re.compile("relu"))
    expect(page.locator('input[name="set.w2_12"]')).to_have_value(weight)  # what stays keeps its weights


def test_the_builder_asks_before_it_replaces_what_someone_wrote(page: Page) -> None:
    page.goto("/?expr=sin(x)*y&panes=network,training")
    page.locator('.pane-note [popovertarget="builder"]').click()
    page.get_by_role("button", name="Build", exact=True).click()
    expect(page.locator("[data-builder] [data-asks]")).to_be_visible()
    expect(page.locator("#expr")).to_have_value("sin(x)*y")
    page.get_by_role("button", name="Replace it").click()
    expect(page.locator("#expr")).to_have_value(re.compile("^# layer 2"))


def test_what_stays_of_a_network_keeps_its_numbers_unless_they_are_drawn_anew(page: Page) -> None:
    visit(page, "deep")
    page.locator('[name="set.w2_12"]').fill("0.75")
    page.locator('[name="set.x2"]').fill("0.5")
    for name, box, kept in (
        ("neurons", '[data-layer="size"] >> nth=1', True),
        ("seed", '[data-build="seed"]', False),
    ):
        page.get_by_role("button", name="Build …").click()
        page.locator(f"[data-builder] {box}").fill("4")
        page.get_by_role("button", name="Change it").click()
        expect(page.locator('#sheet [data-neuron="a2_4"]'), name).to_be_attached()
        if kept:
            expect(page.locator('[name="set.w2_12"]')).to_have_value("0.75")
        else:
            expect(page.locator('[name="set.w2_12"]')).not_to_have_value("0.75")
        expect(page.locator('[name="set.x2"]')).to_have_value("0.5")
    expect(page.locator("[data-builder]")).to_be_hidden()
