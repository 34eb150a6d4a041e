"""Descending as a student does, in Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import graphviz_backprop as gb
from graphviz_backprop.descent.optimizers import OPTIMIZERS
from graphviz_backprop.language.numerals import format_number
from tests.support.axe import violations
from tests.support.widths import too_wide

OpenPage = Callable[..., Page]

BOWL = "(4*x+1)^2"
VALLEY = "(1-x)^2 + 100*(y-x^2)^2"


def address(**state: object) -> str:
    return "/?" + urlencode({"side": "plot"} | {name.replace("__", "."): str(x) for name, x in state.items()})


def visit(page: Page, **state: object) -> None:
    """Opens the page, and waits until the controls of the descent do something."""
    page.goto(address(**state))
    expect(page.locator("[data-descent=reset][aria-disabled]")).to_be_visible()


def field(page: Page, name: str) -> str:
    return page.locator(f'[data-field="{name}"]').first.text_content() or ""


def press(page: Page, act: str) -> None:
    page.locator(f"[data-descent={act}]").click()


def expect_step(page: Page, k: int) -> None:
    """Step k is shown, and all four stages have been."""
    expect(page.locator('[data-field="descent.now.k"]')).to_have_text(
        f"Step {k}" if k >= 0 else "At the start"
    )
    expect(page.locator("#board")).not_to_have_attribute("data-lit", re.compile(".*"))
    page.wait_for_function("k => (new URLSearchParams(location.search).get('k') ?? '-1') === k", arg=str(k))


def said(page: Page) -> str:
    return page.locator("[data-said]").inner_text()


def value(page: Page, name: str) -> float:
    """The exact value in the address."""
    return float(parse_qs(urlsplit(page.url).query).get(f"at.{name}", ["1"])[0])


def shown(page: Page) -> tuple[str, ...]:
    names = ("loss", "steepness", "update")
    return (*(field(page, f"descent.now.{name}") for name in names), page.url)


def run_to_the_end(page: Page, k: int) -> None:
    page.locator("[data-choose=speed]").select_option("300")
    press(page, "run")
    expect_step(page, k)
    expect(page.locator("[data-descent=run]")).to_have_attribute("aria-pressed", "false")


def test_a_step_shows_the_engines_numbers(page: Page) -> None:
    found = gb.descend(gb.parse(BOWL), start={"x": 1}, rate=0.01, steps=5)
    visit(page, rate=0.01, steps=5)
    expect(page.locator('[data-field="descent.now.loss"]')).to_have_text("25")
    expect(page.locator('[data-field="descent.now.update"]')).to_have_text("x = 0.6")
    for k in range(1, 6):
        press(page, "step")
        expect_step(page, k)
        assert value(page, "x") == found.points["x"][k]
        assert field(page, "descent.now.loss") == format_number(found.losses[k])
        assert field(page, "descent.now.steepness") == format_number(abs(found.gradients["x"][k]))
        assert field(page, "g.value") == format_number(found.losses[k])
        assert said(page).startswith(f"Step {k} of 5: loss {format_number(found.losses[k])}, x = ")


def test_the_stages_light_in_turn(page: Page) -> None:
    visit(page)
    page.evaluate(
        """() => {
          window.lit = [];
          const board = document.getElementById("board");
          const seen = () => { if (board.dataset.lit) window.lit.push(board.dataset.lit); };
          new MutationObserver(seen).observe(board, { attributeFilter: ["data-lit"] });
        }"""
    )
    press(page, "step")
    expect_step(page, 1)
    assert page.evaluate("window.lit") == ["forward", "loss", "backward", "update"]


def test_who_wants_no_motion_gets_the_step_at_once(open_page: OpenPage) -> None:
    page = open_page(reduced_motion="reduce")
    visit(page, rate=0.01)
    press(page, "step")
    expect_step(page, 1)
    assert value(page, "x") == 0.6


def test_running_to_the_end_back_and_reset(page: Page) -> None:
    found = gb.descend(gb.parse(BOWL), start={"x": 1}, rate=0.01, steps=60)
    visit(page, rate=0.01, steps=60)
    run_to_the_end(page, 60)
    assert value(page, "x") == found.points["x"][60]
    press(page, "back")
    expect_step(page, 59)
    assert value(page, "x") == found.points["x"][59]
    press(page, "reset")
    expect_step(page, -1)
    assert value(page, "x") == 1
    assert said(page) == "Back at the start."


def test_run_goes_on_after_the_end(page: Page) -> None:
    found = gb.descend(gb.parse(BOWL), start={"x": 1}, rate=0.001, steps=40)
    visit(page, rate=0.001, steps=20)
    run_to_the_end(page, 20)
    run_to_the_end(page, 40)
    assert value(page, "x") == found.points["x"][40]


def test_pause_stays_where_it_is(page: Page) -> None:
    visit(page, rate=0.0001, steps=2000)
    press(page, "run")
    expect(page.locator('[data-field="descent.now.k"]')).not_to_have_text(re.compile("start|Step [0-2]$"))
    press(page, "run")
    expect(page.locator("[data-descent=run]")).to_have_attribute("aria-pressed", "false")
    k = int(field(page, "descent.now.k").removeprefix("Step "))
    expect_step(page, k)
    assert said(page).startswith(f"Step {k} of 2000")


def test_a_slow_run_lights_the_stages_until_a_step_takes_over(page: Page) -> None:
    visit(page, rate=0.001, steps=50)
    page.locator("[data-choose=speed]").select_option("1")
    press(page, "run")
    page.wait_for_function("() => document.getElementById('board').dataset.lit === 'backward'")
    press(page, "step")
    expect(page.locator("[data-said]")).to_have_text(re.compile(r"^Step \d of 50"))
    expect(page.locator("[data-descent=run]")).to_have_attribute("aria-pressed", "false")
    expect_step(page, int(said(page).split()[1]))


def test_scrubbing_there_and_back_gives_the_same_numbers(page: Page) -> None:
    visit(page, expr=VALLEY, optimizer="adam", rate=0.05, steps=50, k=20, from__x=-1, from__y=2)
    expect_step(page, 20)
    expect(page.locator('[data-field="descent.now.of"]')).to_have_text(" of 50")
    slider = page.get_by_role("slider", name="Step that is shown")
    page.wait_for_function("() => location.search.includes('at.x')")
    before = shown(page)
    for k in (37, 3, 50, 20):
        slider.fill(str(k))
        expect_step(page, k)
    assert shown(page) == before


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_formulas_numbers_are_the_engines(page: Page, optimizer: str) -> None:
    row, k = OPTIMIZERS[optimizer], 3
    found = gb.descend(gb.parse(BOWL), start={"x": 1}, optimizer=optimizer, rate=0.02, steps=6)
    visit(page, optimizer=optimizer, rate=0.02, steps=6, k=k)
    expect_step(page, k)
    expect(page.locator('[data-field="descent.now.of"]')).to_have_text(" of 6")
    state = {name: found.states[name]["x"][k] for name in row.state}
    lines = row.work(found.points["x"][k], found.gradients["x"][k], state, found.settings)
    for at, (_, read, result) in enumerate(lines):
        for name, number in read.items():
            place = page.locator(f'.updates [data-field="(update.{optimizer}.{at}.{name})"]').first
            text = format_number(number)
            expect(place).to_have_text(f"({text})" if text.startswith("-") else text)
        expect(page.locator(f'[data-field="update.{optimizer}.{at}.next"]')).to_have_text(
            format_number(result)
        )
    expect(page.locator(f'[data-update="{optimizer}"]')).to_be_visible()


def test_divergence_is_told_and_stops(page: Page) -> None:
    found = gb.descend(gb.parse("x^2"), start={"x": 3}, rate=1.1)
    visit(page, expr="x^2", at__x=3, rate=1.1)
    run_to_the_end(page, found.steps)
    expect(page.locator("[data-said]")).to_contain_text(f"Stopped at step {found.steps}: {found.stopped}.")
    press(page, "reset")
    expect_step(page, -1)
    assert "max.x" not in page.url


def test_leaving_the_domain_is_told(page: Page) -> None:
    visit(page, expr="log(x)", at__x=0.3, rate=0.1)
    run_to_the_end(page, 1)
    expect(page.locator("[data-said]")).to_contain_text("led out of where the function is defined")


def test_a_race(page: Page) -> None:
    names = ["gd", "adam"]
    found = {
        name: gb.descend(gb.parse(VALLEY), {"x": -1, "y": 2}, optimizer=name, rate=0.001, steps=30)
        for name in names
    }
    visit(page, expr=VALLEY, plot="x,y", rate=0.001, steps=30, at__x=-1, at__y=2)
    page.locator("[data-choose=racer]").select_option("adam")
    run_to_the_end(page, 30)
    expect(page.locator("[data-racer]:visible")).to_have_count(2)
    expect(page.locator(".curve .series path")).to_have_count(2)
    for name, descent in found.items():
        expect(page.locator(f'[data-field="race.{name}.loss"]')).to_have_text(
            f"loss {format_number(descent.losses[30])}"
        )
    assert value(page, "x") == found["gd"].points["x"][30]
    page.get_by_role("button", name="Adam", exact=True).click()
    page.wait_for_function("() => location.search.includes('adam,gd')")
    page.wait_for_function("x => location.search.includes(x)", arg=f"at.x={found['adam'].points['x'][30]}")
    page.get_by_role("button", name="Remove Gradient descent").click()
    expect(page.locator("[data-racer]:visible")).to_have_count(1)


def test_another_rate_descends_anew_from_the_same_start(page: Page) -> None:
    visit(page, rate=0.01, steps=20, k=5)
    expect_step(page, 5)
    page.get_by_label("Rate").fill("0.02")
    found = gb.descend(gb.parse(BOWL), start={"x": 1}, rate=0.02, steps=20)
    expect(page.locator('[data-field="descent.now.loss"]')).to_have_text(format_number(found.losses[5]))
    expect_step(page, 5)


def test_moving_a_slider_begins_anew(page: Page) -> None:
    visit(page, rate=0.01, steps=20, k=5)
    expect_step(page, 5)
    expect(page.locator('[data-field="descent.now.of"]')).to_have_text(" of 20")
    page.get_by_label("Value of x").fill("2")
    expect_step(page, -1)
    expect(page.locator("[data-said]")).to_contain_text("a new descent starts here")
    press(page, "step")
    expect_step(page, 1)
    assert value(page, "x") == gb.descend(gb.parse(BOWL), {"x": 2}, rate=0.01, steps=1).points["x"][1]


def test_the_first_run_arrives(page: Page) -> None:
    found = gb.descend(gb.parse(BOWL), start={"x": 1})
    visit(page)
    expect(page.get_by_label("Rate")).to_have_attribute("placeholder", format_number(found.settings["rate"]))
    expect(page.locator("[data-said]")).to_contain_text("1 over the largest curvature at the start")
    expect(page.locator('[data-field="descent.now.update"]')).to_have_text(
        f"x = {format_number(found.points['x'][1])}"
    )
    run_to_the_end(page, 100)
    assert value(page, "x") == found.points["x"][100]
    expect(page.locator("[data-said]")).to_contain_text("Arrived: |∇L| fell from 40 to ")


def test_the_server_is_not_asked_to_descend(page: Page) -> None:
    visit(page, expr="(w*x + b - y)^2", data="line,20,0,0.1", steps=30, batch=5, rate=0.1)
    expect(page.get_by_label("batch size")).to_be_visible()
    press(page, "step")  # the worker is there
    expect_step(page, 1)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    run_to_the_end(page, 30)
    page.get_by_role("slider", name="Step that is shown").fill("7")
    expect_step(page, 7)
    page.locator("[data-choose=racer]").select_option("adam")
    expect(page.locator('[data-field="race.adam.end"]')).to_have_text(re.compile("after 30"))
    assert [url for url in asked if "/static/" not in url] == []  # Chromium looks for the page's icon


def test_where_it_diverges_a_smaller_rate_is_one_click_away(page: Page) -> None:
    visit(page, rate=0.1)
    again = page.get_by_role("button", name="Try rate")
    expect(again).to_be_hidden()
    run_to_the_end(page, gb.descend(gb.parse(BOWL), {"x": 1}, rate=0.1).steps)
    expect(again).to_have_text("Try rate 0.01")
    again.click()
    found = gb.descend(gb.parse(BOWL), {"x": 1}, rate=0.01)
    expect_step(page, 100)
    assert value(page, "x") == found.points["x"][100]
    assert "rate=0.01" in page.url
    expect(again).to_be_hidden()


def test_a_neurons_inputs_and_target_stay(page: Page) -> None:
    program = "a = sigmoid(w1*x1 + w2*x2)\n(a - y)^2"
    visit(page, expr=program, at__y=1)
    for summary in page.locator(".moving-group summary").all():
        summary.click()
    for name, moves in {"w1": True, "x1": False, "w2": True, "x2": False, "y": False}.items():
        expect(page.get_by_role("checkbox", name=name, exact=True)).to_be_checked(checked=moves)
    press(page, "step")
    expect_step(page, 1)
    assert (value(page, "x1"), value(page, "x2"), value(page, "y")) == (1, 1, 1)
    assert value(page, "w1") > 1
    page.get_by_role("checkbox", name="y", exact=True).check()
    expect_step(page, -1)
    press(page, "step")
    expect_step(page, 1)
    assert value(page, "y") < 1


def test_what_does_not_move_stays(page: Page) -> None:
    visit(page, expr="(w*x + b)^2", at__w=2, at__b=3, rate=0.05)
    page.get_by_role("checkbox", name="b", exact=True).uncheck()
    press(page, "step")
    expect_step(page, 1)
    assert (value(page, "x"), value(page, "b")) == (1, 3)
    assert value(page, "w") == 1.5
    page.get_by_role("checkbox", name="w", exact=True).uncheck()
    press(page, "step")
    expect(page.get_by_role("alert").filter(has_text="Nothing can move")).to_be_visible()


def test_a_mistake_is_told_and_the_descent_stays(page: Page) -> None:
    visit(page, optimizer="adam", steps=10, k=4)
    expect_step(page, 4)
    expect(page.locator('[data-field="descent.now.of"]')).to_have_text(" of 10")
    before = field(page, "descent.now.loss")
    page.get_by_label("beta1").fill("1")
    expect(page.get_by_role("alert").filter(has_text="beta1 is 1")).to_be_visible()
    assert field(page, "descent.now.loss") == before
    page.get_by_label("beta1").fill("0.5")
    found = gb.descend(gb.parse(BOWL), {"x": 1}, optimizer="adam", steps=10, beta1=0.5)
    expect(page.locator('[data-field="descent.now.loss"]')).to_have_text(format_number(found.losses[4]))
    expect(page.locator(".descent [data-fault]")).to_be_hidden()


def test_the_address_restores_the_step(page: Page) -> None:
    found = gb.descend(gb.parse(VALLEY), {"x": -1, "y": 2}, optimizer="momentum", rate=0.0005, steps=30)
    visit(page, expr=VALLEY, optimizer="momentum", rate=0.0005, steps=30, k=12, from__x=-1, from__y=2)
    expect_step(page, 12)
    expect(page.locator('[data-field="descent.now.loss"]')).to_have_text(format_number(found.losses[12]))
    page.wait_for_function("x => location.search.includes(x)", arg=f"at.x={found.points['x'][12]}")
    page.reload()
    expect_step(page, 12)
    expect(page.locator('[data-field="descent.now.loss"]')).to_have_text(format_number(found.losses[12]))


def test_another_program_begins_anew(page: Page) -> None:
    visit(page, k=3)
    expect_step(page, 3)
    expect(page.locator('[data-field="descent.now.of"]')).to_have_text(re.compile(r"of \d+"))
    page.locator("#expr").fill("x^4")
    expect_step(page, -1)


def test_epochs_with_data(page: Page) -> None:
    data = gb.data("line", n=20)
    start = {"w": 0.0, "b": 0.0}
    graph = gb.parse("(w*x + b - y)^2")
    found = gb.descend(graph, start, optimizer="adam", steps=12, data=data, batch=5)
    visit(
        page,
        expr="(w*x + b - y)^2",
        data="line,20,0,0.1",
        optimizer="adam",
        steps=12,
        batch=5,
        at__w=0,
        at__b=0,
    )
    expect(page.get_by_label("batch size")).to_be_visible()
    for k in range(1, 7):
        press(page, "step")
        expect_step(page, k)
    expect(page.locator('[data-field="descent.now.epoch"]')).to_have_text("epoch 2 of 3, batch 3 of 4")
    assert field(page, "descent.now.loss") == format_number(found.losses[6])
    assert value(page, "w") == found.points["w"][6]


def test_another_view_of_the_same_program_and_data_keeps_the_descent(page: Page) -> None:
    visit(page, expr="(w*x + b - y)^2", data="line,20,0,0.1", steps=12, k=5, from__w=0, from__b=0)
    expect_step(page, 5)
    expect(page.locator('[data-field="descent.now.of"]')).to_have_text(" of 12")
    with page.expect_response("**/fragments*"):
        page.locator(".switch span", has_text="Graph").click()
    expect(page.locator("[data-said]")).to_contain_text("Step 5 of 12")
    page.locator("[data-descent=step]").click()
    expect_step(page, 6)


def test_the_keyboard_alone(page: Page) -> None:
    visit(page, rate=0.01, steps=8)
    page.locator("[data-descent=step]").focus()
    page.keyboard.press("Enter")
    expect_step(page, 1)
    page.keyboard.press("Space")
    expect_step(page, 2)
    page.get_by_role("slider", name="Step that is shown").focus()
    page.keyboard.press("End")
    expect_step(page, 8)
    page.locator(".curve [role=slider]").focus()
    page.keyboard.press("ArrowLeft")
    expect_step(page, 7)
    page.locator("[data-descent=reset]").focus()
    page.keyboard.press("Enter")
    expect_step(page, -1)


def test_the_last_steps_as_a_table(page: Page) -> None:
    found = gb.descend(gb.parse(BOWL), start={"x": 1}, rate=0.01, steps=20)
    visit(page, rate=0.01, steps=20, k=2)
    expect_step(page, 2)
    page.locator("summary", has_text="The last steps").click()
    rows = page.locator(".last-steps tbody tr:visible")
    expect(rows).to_have_count(3)
    wanted = [
        str(2),
        *(format_number(x) for x in (found.losses[2], found.points["x"][2], abs(found.gradients["x"][2]))),
    ]
    expect(rows.first.locator(":is(th, td):visible")).to_have_text(wanted)


def test_axe_finds_nothing(page: Page) -> None:
    visit(page, expr="x^2", at__x=3, rate=1.1, optimizer="adam,gd", k=5, steps=10, from__x=3)
    expect_step(page, 5)
    page.locator("summary", has_text="The last steps").click()
    assert violations(page) == []


def test_axe_finds_nothing_on_a_phone(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True)
    visit(page, expr=VALLEY, optimizer="adamw", k=5, steps=10, tab="pane")  # the panes take turns there
    expect_step(page, 5)
    assert violations(page) == []
    assert too_wide(page) == []


def test_samples_held_out_have_a_curve_and_words(page: Page) -> None:
    """What is told is the loss of the very samples that nothing was learned from, at the shown step."""
    page.goto(
        "/?" + urlencode({"expr": "(w*x + b - y)^2", "panes": "data,training", "data": "line", "rate": "0.1"})
    )
    expect(page.locator("[data-part=status]")).to_contain_text("200 samples")
    page.get_by_label("Hold out").fill("20")
    page.get_by_label("Hold out").press("Enter")
    expect(page.locator("[data-part=status]")).to_contain_text(
        "160 samples, 2 columns. 40 more are held out."
    )
    page.wait_for_url(re.compile("hold=20"))
    expect(page.locator("[data-kinds]")).to_be_hidden()
    expect(page.locator("[data-descent=reset][aria-disabled]")).to_be_visible()
    press(page, "step")
    kept, held = gb.hold_out(gb.data("line"), 20)
    found = gb.descend(gb.parse("(w*x + b - y)^2"), {"w": 1, "b": 1}, data=kept, rate=0.1, steps=1)
    at = {name: xs[1] for name, xs in found.points.items()}
    loss = gb.parse("(w*x + b - y)^2").evaluate(at, **held).value.mean()
    words = page.locator("[data-held-out]")
    expect(words).to_have_text(f"The loss of 40 samples held out is {format_number(loss)}.")
    expect(page.locator("[data-lines] path[data-dashed]")).to_have_count(1)
    expect(page.locator("[data-kinds]")).to_be_visible()
    label = f"held out {format_number(loss)}"
    expect(page.locator("[data-lines] .cursor")).to_have_attribute(
        "aria-valuetext", re.compile(re.escape(label))
    )
    assert violations(page) == []


def test_a_network_in_numbers_tells_how_many_are_right(page: Page) -> None:
    program = "a = sigmoid(w1*x1 + w2*x2 + b); C = -(y*log(a) + (1 - y)*log(1 - a))"
    state = {"expr": program, "panes": "training", "data": "iris,150,0,0", "hold": "20", "rate": "0.1"}
    page.goto("/?" + urlencode(state))
    expect(page.locator("[data-descent=reset][aria-disabled]")).to_be_visible()
    expect(page.locator("[data-variable=y] .held")).to_contain_text("column y")
    press(page, "step")
    kept, held = gb.hold_out(gb.data("iris", 150), 20)
    graph = gb.parse(program)
    found = gb.descend(graph, {"w1": 1, "w2": 1, "b": 1}, data=kept, rate=0.1, steps=1)
    run = graph.evaluate({name: xs[1] for name, xs in found.points.items()}, **held)
    right = int(((np.asarray(run.values[graph.positions["a"]]) > 0.5) == (held["y"] > 0.5)).sum())
    words = f"{right} of 30 samples held out are right: {right * 1000 // 30 / 10:g} %."
    expect(page.locator("[data-held-out]")).to_contain_text(words)


def test_a_network_learns_as_the_tensors_that_it_says(page: Page) -> None:
    """The page takes them from the server, and comes to where Python does."""
    graph = gb.network([2, 3, 1], "tanh", "sigmoid", "binary_cross_entropy")
    at = {f"at.{name}": repr(x) for name, x in graph.start.items()}
    state = {
        "expr": graph.text,
        "panes": "training",
        "data": "moons",
        "bind": "y:y1",
        "rate": "0.1",
        "steps": "30",
    }
    with page.expect_response("**/trained") as reply:  # which a page at rest asks for before it is needed
        page.goto("/?" + urlencode({**state, **at}))
        expect(page.locator("[data-descent=reset][aria-disabled]")).to_be_visible()
        expect(page.locator("[data-variable=y1] .held")).to_contain_text("column y")
        page.locator("[data-choose=speed]").select_option("300")
        press(page, "run")
    assert reply.value.json()["cells"]["w2_12"] == ["W2~", 1]
    expect_step(page, 30)
    moons = gb.data("moons")
    data = {"x1": moons["x1"], "x2": moons["x2"], "y1": moons["y"]}
    found = gb.descend(graph, graph.start, data=data, rate=0.1, steps=30)
    expect(page.locator('[data-field="descent.now.loss"]')).to_have_text(format_number(found.losses[30]))
