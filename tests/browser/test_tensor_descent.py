"""Training a program with tensors on the page, in Chromium."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlencode

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

import graphviz_backprop as gb
from graphviz_backprop.data import datasets
from graphviz_backprop.language.numerals import format_number
from tests.browser.test_descent import expect_step, field, press, run_to_the_end
from tests.descent.test_tensors import BATCH, SOFTMAX
from tests.test_trained import EXAMPLES

STEPS = 12


def visit(page: Page, program: str) -> None:
    """Opens training beside data, and waits until the samples are bound."""
    state = {
        "expr": program,
        "panes": "data,training",
        "data": "iris,60,0",
        "optimizer": "adam",
        "steps": STEPS,
    }
    page.goto("/?" + urlencode(state))
    expect(page.locator("[data-descent=reset][aria-disabled]")).to_be_visible()
    expect(page.locator("[data-part=columns] select").last).to_have_value("y")


def full(cell: Locator) -> float:
    """A cell's number, of which its field shows some digits."""
    return float(cell.get_attribute("data-full") or "nan")


@pytest.mark.parametrize("program", [SOFTMAX, BATCH])
def test_training_on_samples(page: Page, program: str) -> None:
    found = gb.descend(gb.parse(program), {}, optimizer="adam", steps=STEPS, data=gb.data("iris", 60, 0))
    visit(page, program)
    columns = [select.input_value() for select in page.locator("[data-part=columns] select").all()]
    assert columns == (["x", "x", "y"] if program == SOFTMAX else ["X", "X", "y"])
    run_to_the_end(page, STEPS)
    assert field(page, "descent.now.loss") == format_number(found.losses[STEPS])
    first = format_number(found.points["W"][STEPS].ravel()[0])
    expect(page.locator(".descent-said")).to_contain_text(f"W[0, 0] = {first}")
    cell = page.locator('[data-tensor="W"] [data-cell="0,0"]')
    assert full(cell) == pytest.approx(found.points["W"][STEPS].ravel()[0], rel=1e-10)
    lengths = np.linalg.norm(found.gradients["W"][STEPS])
    expect(page.locator("[data-weights=names]")).to_contain_text(f"W: {format_number(float(lengths))}")
    expect(page.locator("[data-weights=pictures] canvas")).to_have_count(2)

    # The address holds the step, and no weight: it is computed again.
    assert "at.W" not in page.url
    page.reload()
    expect_step(page, STEPS)
    assert field(page, "descent.now.loss") == format_number(found.losses[STEPS])

    # Who changes a cell leaves the descent where it is: from now on the address has the weights.
    cell.fill("0.5")
    cell.press("Tab")
    expect_step(page, -1)
    expect(cell).to_have_value("0.5")
    other = page.locator('[data-tensor="W"] [data-cell="0,1"]')
    assert full(other) == pytest.approx(found.points["W"][STEPS].ravel()[1], rel=1e-10)


def test_held_out_samples_have_their_loss_told_where_each_goes_alone(page: Page) -> None:
    """scatter_add takes no axis of samples: there was a curve, and no words."""
    program = "w = [1, 2, 3]; x = [1, 2]; i = [0, 2]; y = 0; sum((scatter_add(x, i, shape=(3,)) * w - y)^2)"
    graph = gb.parse(program)
    kept, held = gb.hold_out(gb.data("iris", 60, 0), 0)[0], datasets.held("iris", 60, 0)
    found = gb.descend(graph, {}, ["w"], rate=0.01, steps=5, data=kept)
    rows = zip(held["x1"], held["x2"], held["y"], strict=True)
    losses = [graph.evaluate(w=found.points["w"][-1], x=[a, b], y=y).value for a, b, y in rows]
    state = {"expr": program, "panes": "data,training", "data": "iris,60,0", "rate": "0.01", "steps": 5}
    page.goto("/?" + urlencode(state))
    expect(page.locator("[data-descent=reset][aria-disabled]")).to_be_visible()
    expect(page.locator("[data-part=columns] select").last).to_have_value("y")
    run_to_the_end(page, 5)
    words = f"The loss of {len(losses)} samples held out is {format_number(float(np.mean(losses)))}."
    expect(page.locator("[data-held-out]")).to_have_text(words)


def test_reset_goes_back_to_where_the_program_starts(page: Page) -> None:
    visit(page, SOFTMAX)
    cell = page.locator('[data-tensor="W"] [data-cell="0,0"]')
    start = cell.input_value()
    press(page, "step")
    expect_step(page, 1)
    expect(cell).not_to_have_value(start)
    press(page, "reset")
    expect(cell).to_have_value(start)


def test_a_network_is_turned_into_tensors_and_stays_drawn(page: Page) -> None:
    graph = gb.network([2, 2, 1])
    state = {"expr": graph.text, "panes": "network,training", "at.w2_11": "0.25", "at.x1": "3"}
    page.goto("/?" + urlencode(state))
    expect(page.locator("[data-descent=reset][aria-disabled]")).to_be_visible()
    page.locator(".graph .of-network[popovertarget]").click()
    expect(page.locator("[data-make]")).to_be_enabled()
    expect(page.locator("[data-build=form]")).to_have_value("numbers")
    page.locator("[data-build=form]").select_option("tensors")
    page.locator("[data-make]").click()
    expect(page.locator("textarea[name=expr]")).to_have_value(
        re.compile(r"W2 = \[\[0\.25, .*z2 = W2 @ x", re.S)
    )
    expect(page.locator("textarea[name=expr]")).to_have_value(re.compile(r"x = \[3, "))
    expect(page.locator('[data-weight="w2_11"]').first).to_be_attached()
    expect(page.locator('[data-variable="w2_11"] input.value')).to_have_value("0.25")
    press(page, "step")
    expect_step(page, 1)


def test_digits_are_learned_on_the_page(page: Page) -> None:
    """As the example opens: 150 steps, and at least 95 % of the samples that were held out."""
    state = EXAMPLES["Reading handwritten digits"]
    page.goto("/?" + state.query(()))
    expect(page.locator("[data-descent=reset][aria-disabled]")).to_be_visible()
    expect(page.locator("[data-batches]")).to_be_visible()  # the samples are bound
    page.locator("[data-choose=speed]").select_option("300")
    press(page, "run")
    expect(page.locator('[data-field="descent.now.k"]')).to_have_text("Step 150", timeout=120_000)
    words = page.locator("[data-held-out]")
    expect(words).to_contain_text("of 250 samples held out are right")
    assert int((words.text_content() or "0").split()[0]) >= 0.95 * 250


def test_held_out_samples_have_their_loss_told_whatever_it_is(page: Page) -> None:
    """Here a logistic regression's, which is the mean over the 30 flowers that nothing was learned from."""
    state = replace(EXAMPLES["Logistic regression on irises"], steps=20)
    graph = gb.parse(state.expr)
    start = {name: 0.0 for name, shape in graph.shapes.items() if name == "b" and not shape}
    found = gb.descend(graph, start, None, state.optimizer, state.rate, 20, gb.data("iris", 120, 0))
    held = datasets.held("iris", 120, 0)
    z = np.stack([held["x1"], held["x2"]], axis=1) @ found.points["W"][-1] + found.points["b"][-1]
    wanted = float(np.mean(np.logaddexp(0, z) - held["y"] * z))
    page.goto("/?" + state.query(()))
    expect(page.locator("[data-descent=reset][aria-disabled]")).to_be_visible()
    expect(page.locator("[data-batches]")).to_be_visible()
    page.locator("[data-choose=speed]").select_option("300")
    press(page, "run")
    expect(page.locator('[data-field="descent.now.k"]')).to_have_text("Step 20")
    words = page.locator("[data-held-out]")
    expect(words).to_have_text(f"The loss of 30 samples held out is {format_number(wanted)}.")
