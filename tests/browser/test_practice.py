"""Numbers that are found by the reader: by keyboard from start to finish, in the figure and in the card."""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from graphviz_backprop.explain.grading.bugs import bug_hunt
from graphviz_backprop.explain.grading.exercises import LEVELS, exercise
from tests.support.axe import violations
from tests.web.test_hidden import KINDS, hidden_texts, numbers_in
from tests.web.test_hidden import PROGRAM as PLAIN

ALL = """() => document.documentElement.outerHTML
    + [...document.querySelectorAll("input, textarea")].map(({ value }) => ` ${value} `).join("")"""
GEOMETRY = re.compile(r'\s(?:d|x|y|cx|cy|r|width|height|points|transform|viewBox|style|[xy][12])="[^"]*"')
PROGRAM = "/?expr=(4*x%2B1)^2&hide=gradients,partials&practise=on&panes=graph,practice"


def said(page: Page):
    return page.locator("[data-part=question] [data-of=said]")


def fields(page: Page):
    return page.locator(".sheet input.asked")


def loaded(page: Page) -> None:
    """The pane hears keys: before that it is inert, and takes no focus."""
    expect(page.locator("[data-pane=practice] .pane-body:not([inert]) [data-level]").first).to_be_attached()


def ready(page: Page, address: str = PROGRAM) -> None:
    page.goto(address)
    expect(fields(page).first).to_be_visible()


def test_all_is_found_by_keyboard(page: Page) -> None:
    ready(page)
    expect(page.locator("[data-of=count]")).to_have_text("0 of 6 found")
    expect(page.locator(".sheet [data-edge='g.0'] .partial")).to_be_visible()  # the words before its field
    answer = page.get_by_role("textbox", name="local partial ∂g/∂e").last
    answer.focus()
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("5 is not right.")
    expect(said(page)).to_contain_text("A factor is missing: ∂g/∂e is 10, not 5: the exponent comes down")
    expect(answer).to_have_attribute("aria-invalid", "true")
    assert violations(page) == []

    # What follows from it counts, and says so.
    page.locator("[data-turn='x.total']").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("20")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("It follows from your ∂g/∂e = 5, which is wrong")
    expect(page.locator("[data-of=count]")).to_have_text("1 of 6 found")
    expect(page.locator(".sheet [data-field='b.gradient']")).to_be_empty()

    # The rest in the figure: each right number is shown, and the next field has the focus.
    fields(page).and_(page.get_by_label("local partial ∂g/∂e")).focus()
    for number in ("2*5^(2-1)", "10", "1", "30/3", "4", "40"):
        expect(fields(page).and_(page.locator(":focus"))).to_be_visible()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(number)
        page.keyboard.press("Enter")
        expect(said(page)).to_contain_text("Right:")
    expect(page.locator("[data-of=count]")).to_have_text("6 of 6 found")
    expect(fields(page)).to_have_count(0)
    expect(page.locator(".sheet [data-field='b.gradient']")).to_have_text("40")
    expect(page.locator("[data-field='gradient.length']").first).to_have_text("40")

    page.reload()  # progress stays in the browser
    expect(page.locator("[data-of=count]")).to_have_text("6 of 6 found")
    expect(page.locator(".sheet [data-field='b.gradient']")).to_have_text("40")
    page.get_by_role("button", name="Start again").click()
    expect(page.locator("[data-of=count]")).to_have_text("0 of 6 found")
    expect(page.locator(".sheet [data-field='b.gradient']")).to_be_empty()


def test_hints_and_giving_up(page: Page) -> None:
    ready(page)
    page.locator("[data-turn='x.total']").click()
    for said_then in ("Backward pass: ", "∂g/∂b = ∂g/∂c · ∂c/∂b", "∂g/∂b = ∂g/∂c · ∂c/∂b = 10 × 4"):
        page.get_by_role("button", name="Hint").click()
        expect(said(page)).to_contain_text(said_then)
    page.get_by_role("button", name="Show me").click()
    expect(said(page)).to_contain_text("∂g/∂x = 40.")
    expect(page.locator("[data-of=count]")).to_have_text("0 of 6 found, 1 shown")
    expect(page.locator(".sheet [data-field='b.gradient']")).to_have_text("40")
    expect(page.locator(".sheet [data-field='c.gradient']")).to_be_empty()


def test_what_is_asked_is_chosen(page: Page) -> None:
    page.goto("/?expr=x*y%2Bx&panes=graph,practice")
    chosen = page.get_by_label("Ask for", exact=True)
    expect(chosen.locator("option", has_text="all gradients")).to_be_attached()
    chosen.select_option("path:y")
    expect(page.locator(".sheet [data-field='b.gradient']")).to_be_empty()
    expect(fields(page).first).to_be_visible()
    expect(page).to_have_url(re.compile(r"hide=path:y&practise=on"))
    page.get_by_role("button", name="Ask no more for the paths to y").click()
    expect(fields(page)).to_have_count(0)
    expect(page.locator(".sheet [data-field='b.gradient']")).to_have_text("1")


def test_the_first_view_begins_with_one_key(page: Page) -> None:
    """What the program offers, and exercises by level: once something is asked, its field has the focus."""
    page.goto("/?expr=x*y%2Bx&panes=graph,practice")
    start = page.locator(".start")
    loaded(page)
    expect(start.get_by_role("button", name="All gradients The backward pass, from e down")).to_be_visible()
    expect(start.get_by_role("button", name="The paths to y")).to_be_visible()
    assert violations(page) == []
    start.get_by_role("button", name="All gradients").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=question] [data-of=answer]")).to_be_focused()
    expect(page).to_have_url(re.compile("hide=gradients&practise=on"))
    expect(start).to_be_hidden()
    page.get_by_role("button", name="Ask no more for all gradients").click()
    start.get_by_role("button", name="A chain").click()
    expect(page).to_have_url(re.compile("task=exercise:chain:0"))
    expect(page.locator("[data-part=question] [data-of=answer]")).to_be_focused()
    expect(page.locator("[data-of=exercise-about]")).to_contain_text("One path from the output")
    hunts = page.locator("[data-chooser=hunt] [data-of=level] option")
    assert hunts.all_text_contents() == [row.title for name, row in LEVELS.items() if name != "matrix"]


def test_the_tasks_of_a_phone_stand_in_one_line(open_page) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto("/?panes=graph,practice&tab=pane")
    expect(page.locator(".start button").first).to_be_visible()
    boxes = [label.bounding_box() for label in page.locator("[data-tasks] label").all()]
    assert len({box["y"] for box in boxes}) == 1 and all(box["height"] >= 44 for box in boxes)
    for button in page.locator(".start button").all():
        assert button.bounding_box()["height"] >= 44


def test_an_exercise_that_is_opened_on_a_phone_is_in_sight(open_page) -> None:
    """Its question stands below the chooser: one would press Open, and see the same."""
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto("/?panes=graph,practice&tab=pane&task=exercise:neuron:3")
    loaded(page)
    for button, at in (("Open", 3), ("Next one", 4)):
        page.locator("[data-chooser=exercise]").get_by_role("button", name=button).tap()
        expect(page).to_have_url(re.compile(f"hide=gradients.*task=exercise:neuron:{at}"))
        expect(page.locator("[data-part=question] [data-of=answer]")).to_be_focused()
        expect(page.locator("[data-part=question] [data-of=answer]")).to_be_in_viewport(ratio=0.9)


@pytest.mark.parametrize("width", [390, 1366])
def test_rows_of_cells_go_on_in_the_next_line(open_page, width: int) -> None:
    page = open_page(viewport={"width": width, "height": 844})
    page.goto("/?expr=W%3Drandn(3,8,seed%3D1)%0Asum(W*W)&hide=gradients&practise=on&panes=graph&tab=explain")
    cells = page.locator(".answer-cells input")
    expect(cells).to_have_count(24)
    expect(cells.first).to_be_visible()
    for scroller in ("[data-of=cells]", ".answer-cells", ".inspector-body"):
        assert page.locator(scroller).evaluate("one => one.scrollWidth <= one.clientWidth"), scroller
    first, last = cells.first.bounding_box(), cells.nth(7).bounding_box()
    assert last["y"] > first["y"] and cells.nth(8).bounding_box()["y"] > last["y"]


def test_fields_of_a_node_do_not_cover_each_other(page: Page) -> None:
    ready(page, "/?expr=(4*x%2B1)^2&hide=values,gradients&practise=on")
    boxes = [field.bounding_box() for field in fields(page).all()]
    for at, one in enumerate(boxes):
        for other in boxes[at + 1 :]:
            beside = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
            below = one["y"] + one["height"] <= other["y"] + 1 or other["y"] + other["height"] <= one["y"] + 1
            assert beside or below
    field = fields(page).and_(page.get_by_label("value e")).bounding_box()
    words = page.locator(".sheet [data-node=e] text", has_text="value").bounding_box()
    middle = [box["y"] + box["height"] / 2 for box in (field, words)]
    assert abs(middle[0] - middle[1]) < 3


def test_a_right_number_that_is_rounded_too_far_is_told_so(page: Page) -> None:
    page.goto("/?expr=sigmoid(x)&hide=x.total&practise=on&panes=graph,practice")
    answer = page.locator("[data-part=question] [data-of=answer]")
    expect(page.locator("[data-turn]")).to_have_count(1)
    answer.fill("0.20")
    answer.press("Enter")
    expect(said(page)).to_contain_text("0.20 is the number rounded: give it with three digits")
    answer.fill("0.197")
    answer.press("Enter")
    expect(said(page)).to_contain_text("Right")


def test_cells_that_are_rounded_too_far_are_told_so(page: Page) -> None:
    page.goto("/?expr=x%3D[1,2]%0Asum(sigmoid(x))&hide=x.total&practise=on&panes=graph,practice")
    answer = page.locator("[data-part=question] [data-of=answer]")
    expect(page.locator("[data-turn]")).to_have_count(1)
    answer.fill("[0.197, 0.10]")
    answer.press("Enter")
    expect(said(page)).to_contain_text("0.10 is the number rounded: give it with three digits")
    answer.fill("[0.197, 0.105]")
    answer.press("Enter")
    expect(said(page)).to_contain_text("Right")


def test_what_is_said_is_seen_on_a_phone(open_page) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto("/?expr=(4*x%2B1)^2&hide=gradients&practise=on&panes=graph,practice&tab=pane")
    answer = page.get_by_role("textbox", name="gradient ∂g/∂e").last
    answer.fill("0,5")
    answer.press("Enter")
    expect(said(page)).to_have_text("A point goes before decimals: 0.5.")
    expect(said(page)).to_be_in_viewport(ratio=0.9)


def test_answers_are_judged_without_the_server(page: Page) -> None:
    ready(
        page, "/?expr=(4*x%2B1)^2&hide=gradients&practise=on"
    )  # without a pane the card is in the inspector
    page.route("**/api/**", lambda route: route.abort())
    card = page.locator(".inspector [data-part=question]")
    card.get_by_role("button", name="Hint").click()
    expect(said(page)).to_contain_text("Hints come from the server")
    card.get_by_role("textbox").fill("5")
    card.get_by_role("button", name="Check").click()
    expect(said(page)).to_contain_text("5 is not right.")
    card.get_by_role("textbox").fill("a")
    card.get_by_role("button", name="Check").click()
    expect(said(page)).to_contain_text("That is no number.")
    card.get_by_role("textbox").fill("10")
    card.get_by_role("button", name="Check").click()
    expect(said(page)).to_contain_text(re.compile("Right: .* = 10[.] ?1 of 3 found[.]"))


def test_a_phone_has_all_of_it(open_page) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto("/?expr=(4*x%2B1)^2&hide=gradients&practise=on")
    page.locator(".sheet-tabs [data-tool=practise]").click()
    answer = page.get_by_role("textbox", name="gradient ∂g/∂e").last
    answer.fill("10")
    page.get_by_role("button", name="Check").click()
    expect(said(page)).to_contain_text("Right")
    assert page.locator("html").evaluate("html => html.scrollWidth <= html.clientWidth")
    for button in page.locator("[data-part=question] button:visible").all():
        assert button.bounding_box()["height"] >= 44
    assert violations(page) == []


def test_an_exercise_from_start_to_finish_by_keyboard(page: Page) -> None:
    page.goto("/?panes=graph,practice")
    loaded(page)
    page.locator("[data-tasks] input").first.focus()
    page.keyboard.press("ArrowRight")
    chooser = page.locator("[data-chooser=exercise]")
    expect(chooser).to_be_visible()
    chooser.get_by_label("Level").select_option("chain")
    chooser.get_by_label("number").fill("4")
    chooser.get_by_role("button", name="Open").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("task=exercise:chain:4"))
    expect(fields(page).first).to_be_visible()
    run = exercise("chain", 4)
    asked = page.locator("[data-turn]")
    answer = page.locator("[data-part=question] [data-of=answer]")
    expect(answer).to_be_focused()
    for field in [button.get_attribute("data-turn") for button in asked.all()]:
        expect(page.locator("[data-turn][aria-current]")).to_have_attribute("data-turn", field)
        expect(answer).to_be_focused()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(str(run.exact.fields[field]))  # a fraction, where it is one
        page.keyboard.press("Enter")
        expect(said(page)).to_contain_text("Right")
    expect(page.locator("[data-of=done]")).to_be_visible()
    assert (
        page.locator("[data-of=key]").get_attribute("href").endswith("level=chain&seed=4&count=4&answers=1")
    )
    chooser.get_by_role("button", name="Next one").click()
    expect(page).to_have_url(re.compile("task=exercise:chain:5"))
    expect(page.locator("[data-of=count]")).to_contain_text(re.compile("^0 of"))


def test_a_bug_is_hunted(page: Page) -> None:
    page.goto("/?panes=graph,practice&task=hunt:shared:3")
    hunt = bug_hunt("shared", 3)
    expect(page.locator("[data-of=gradients] tr")).to_have_count(len(hunt.gradients))
    found = hunt.exercise
    expect(page.locator("[data-of=hunt] p").first).to_have_text(f"Of {found.program} at {found.point}:")
    page.get_by_text(hunt.choices[(hunt.choices.index(hunt.bug) + 1) % len(hunt.choices)].text).click()
    page.get_by_role("button", name="Check").click()
    status = page.locator("[data-of=hunt-said]")
    expect(status).to_contain_text("That is not the bug.")
    expect(status).to_contain_text(f"You judge {len(hunt.gradients) - len(hunt.wrong)} of")
    for name in hunt.wrong:
        page.locator(f"[data-hunted=checkbox][value={name}]").check()
    page.get_by_text(hunt.bug.text).click()
    page.get_by_role("button", name="Check").click()
    expect(status).to_contain_text("That is the bug.")
    expect(status).to_contain_text("You know which gradients are wrong.")
    assert violations(page) == []


def test_pasted_gradients_are_graded(page: Page) -> None:
    page.goto("/?panes=graph,practice&task=grade")
    text = page.get_by_label("Gradients of this program that you computed")
    expect(text).to_be_enabled()
    text.fill("dx = 20\ndc = 5 + 5\nq = 3")
    page.get_by_role("button", name="Grade", exact=True).click()
    graded = page.locator("[data-of=graded]")
    expect(graded).to_contain_text("1 of 2 right")
    expect(graded.locator("[data-verdict=wrong]")).to_contain_text("20 where 40 is right")
    expect(graded).to_contain_text("no such names: q")
    assert violations(page) == []


def test_a_teachers_link(page: Page) -> None:
    page.goto("/?expr=u%3Dx*y%0Au%2Bx&frame=4")
    expect(page.locator(".sheet [data-marked], .sheet .current").first).to_be_visible()
    page.get_by_role("button", name="Share").click()
    link = page.get_by_label("The link", exact=True)
    expect(link).to_have_value(re.compile("frame=4"))
    page.get_by_text("For a class").click()
    for name, value in (("first", "graph"), ("second", "practice"), ("hide", "gradients"), ("frame", "-1")):
        page.locator(f"[name=teach-{name}]").select_option(value)
    page.locator("[data-lock][value=x]").check()
    expect(link).to_have_value(
        re.compile(r"panes=graph,practice&hide=gradients&practise=on&tab=pane&lock=x$")
    )
    assert violations(page) == []
    expect(page).to_have_url(re.compile(r"frame=4$"))  # the page itself stays as it is

    page.goto(link.input_value())
    expect(fields(page).first).to_be_visible()
    expect(page.locator("[name='at.x']")).to_be_disabled()
    expect(page.locator("[name='at.y']")).to_be_enabled()
    expect(page.locator("[data-variable=x] .held")).to_have_text("locked")
    expect(page.locator(".sheet [data-field='u.gradient']")).to_be_empty()


def test_a_frame_asks_too(page: Page) -> None:
    page.goto("/embed?expr=(4*x%2B1)^2&hide=x.total&practise=on")
    answer = fields(page)
    answer.fill("40")
    answer.press("Enter")
    expect(said(page)).to_contain_text("that is all")
    expect(page.locator(".sheet [data-field='b.gradient']")).to_have_text("40")


def test_tensors_are_asked_for(page: Page) -> None:
    program = "W%20%3D%20[[1,2],[3,4]]%0Ax%20%3D%20[5,6]%0Az%20%3D%20W%20@%20x%0AL%20%3D%20sum([2,3]*z)"
    page.goto(f"/?expr={program}&hide=W.total,x.total&practise=on&panes=graph,practice")
    answer = page.locator("[data-part=question] [data-of=answer]")
    expect(page.locator("[data-turn]")).to_have_count(2)
    page.locator("[data-turn='x.total']").click()
    expect(answer).to_have_attribute("placeholder", "[1, 2]")
    page.locator("[data-turn='W.total']").click()
    expect(answer).to_have_attribute("placeholder", "[[1, 2], [3, 4]]")
    answer.fill("[[10, 15], [12, 18]]")
    answer.press("Enter")
    expect(said(page)).to_contain_text("2 of 4 cells are wrong.")
    expect(said(page)).to_contain_text("transposed")
    # Cell by cell: those that are right are marked, arrows lead on, and a block may be pasted.
    cells = page.locator("[data-part=question] .answer-cells input")
    expect(cells).to_have_count(4)
    expect(page.locator(".answer-cells [data-mark=right]")).to_have_count(2)
    expect(page.locator(".answer-cells [aria-invalid=true]")).to_have_count(2)
    assert violations(page) == []
    cells.first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("∂L/∂W[0,1]", exact=True)).to_be_focused()
    page.keyboard.type("36/3")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_label("∂L/∂W[1,0]", exact=True)).to_be_focused()
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("3 of 4 cells are right, 0 wrong. 1 is still open.")
    expect(answer).to_have_value("[[10, 36/3], [, 18]]")
    page.keyboard.type("15")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("Right: ∂L/∂W.")
    expect(page.locator(".sheet [data-field='~W[1,0].gradient']")).to_have_text("15")
    expect(page.locator(".sheet [data-field='~x[0].gradient']")).to_be_empty()
    page.get_by_role("button", name="Hint").click()
    expect(said(page)).to_contain_text("it flows back from z")
    answer.fill("[11, 16]")
    answer.press("Enter")
    expect(said(page)).to_contain_text("that is all")


def test_tensors_are_answered_in_their_nodes(page: Page) -> None:
    program = "W%20%3D%20[[1,2],[3,4]]%0Ax%20%3D%20[5,6]%0Az%20%3D%20W%20@%20x%0AL%20%3D%20sum([2,3]*z)"
    page.goto(f"/?expr={program}&hide=W.total,z.value,x[1].total&practise=on&panes=graph,practice")
    cells = page.get_by_role("group", name="gradient ∂L/∂W", exact=True).get_by_role("textbox")
    expect(cells).to_have_count(4)
    cells.first.focus()
    expect(page.locator("[data-turn='W.total']")).to_have_attribute("aria-current", "true")
    box = cells.first.bounding_box()
    assert box and box["height"] >= 24, "it opens where its cell is smaller"
    # From cell to cell; what is typed stands in the card, and the other way round.
    page.keyboard.type("10")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("15")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("18")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("2 of 4 cells are right, 1 wrong. 1 is still open.")
    answer = page.locator("[data-part=question] [data-of=answer]")
    expect(answer).to_have_value("[[10, 15], [, 18]]")
    marked = page.locator(".sheet .asked-cells")
    expect(marked.locator("[data-mark=right]")).to_have_count(2)
    expect(marked.locator("[aria-invalid=true]")).to_have_count(1)
    expect(page.locator(".answer-cells [aria-invalid=true]")).to_have_count(1)
    assert violations(page) == []
    page.get_by_label("∂L/∂W[0,1]", exact=True).fill("36/3")
    expect(cells.nth(1)).to_have_value("36/3")
    expect(cells.nth(1)).not_to_have_attribute("aria-invalid", "true")
    cells.nth(2).click()
    page.keyboard.type("15")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("Right: ∂L/∂W.")
    expect(page.locator(".sheet [data-field='~W[1,0].gradient']")).to_have_text("15")
    # On to the next in the figure: a cell that is a question of its own, and a vector, which stands upright.
    single = page.locator(".sheet").get_by_role("textbox", name="gradient ∂L/∂x[1]", exact=True)
    expect(single).to_be_focused()
    page.keyboard.type("16")
    page.keyboard.press("Enter")
    expect(single).to_have_count(0)
    expect(page.get_by_role("textbox", name="value z[0]", exact=True)).to_be_focused()
    page.keyboard.type("17")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("39")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("that is all")


PANES = {
    "numbers": [
        "panes=plot,training&k=0&steps=5",
        "panes=graph,practice&panels=paths,nudge,forward,sides,heat",
    ],
    "network": ["panes=network,training&k=0&steps=5"],
    "tensors": ["panes=graph,plot&k=0&steps=5"],
}
"""With all that a pane writes by itself: words of plots, lengths of gradients, losses."""


@pytest.mark.parametrize("kind", PANES)
@pytest.mark.parametrize("hide", ["gradients", "values"])
def test_the_page_itself_writes_no_hidden_number(page: Page, kind: str, hide: str) -> None:
    text, at, chosen, _ = KINDS.get(kind, (PLAIN, "at.x=1.3&at.y=0.71", ["u"], []))
    for panes in PANES[kind]:
        begun = at.replace("at.", "from.")
        page.goto(f"/?{urlencode({'expr': text, 'hide': hide})}&{at}&{begun}&{panes}&practise=on")
        expect(page.locator("[data-turn]").first).to_be_attached()
        if "k=0" in panes:
            expect(page.locator(".descent-said").first).to_contain_text("Step 0 of 5")
        for about in ["", *chosen[:1]]:
            if about:
                page.locator(f".graph .sheet [data-node='{about}']").first.dispatch_event("click")
                expect(page.locator("[data-fragment=chosen]").first).to_contain_text(about)
            page.evaluate("new Promise((run) => requestAnimationFrame(() => requestAnimationFrame(run)))")
            told = GEOMETRY.sub(" ", page.evaluate(ALL)).replace("−", "-")
            assert not numbers_in(told) & hidden_texts(text, at, hide), (panes, about)


def test_the_update_is_asked_for(page: Page) -> None:
    """Of the step that is shown, here Adam's first; right and wrong is known without the server."""
    page.goto("/?expr=(4*x%2B1)^2&panes=graph,practice&optimizer=adam&rate=0.1")
    expect(page.locator("[data-of=add] option[value=update]")).to_be_attached()
    page.locator("[data-of=add]").select_option("update")
    asked = page.locator("[data-part=update-question]")
    expect(asked).to_contain_text("m\u00a0=\u00a00")
    expect(page.locator("[data-field='descent.now.update']")).to_be_empty()
    answer = asked.get_by_role("textbox", name="After this step x")
    told = asked.locator("[data-of=said]")
    answer.fill("1.1")
    answer.press("Enter")
    expect(told).to_contain_text("The step goes uphill")
    page.route("**/api/**", lambda route: route.abort())
    answer.fill("1 - 0.1*4/sqrt(1.6)")
    answer.press("Enter")
    expect(told).to_contain_text("The mistake is named by the server, which can't be reached.")
    answer.fill("0.9")
    answer.press("Enter")
    expect(told).to_have_text("Right: x is 0.9 after this step.")
    assert violations(page) == []
    page.locator("[data-descent=step]").click()
    expect(asked).to_contain_text("m\u00a0=\u00a04")  # the next step is another question
    expect(told).to_be_empty()
