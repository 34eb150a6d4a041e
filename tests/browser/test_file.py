"""A page as a file: it opens from the disk with the network off, and does all that it shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

import graphviz_backprop as gb
from graphviz_backprop.__main__ import main
from graphviz_backprop.api import network
from graphviz_backprop.explain.grading.exercises import LEVELS
from graphviz_backprop.jobs.layout import Layout
from graphviz_backprop.web import alone, create_app, drawings
from graphviz_backprop.web.shown import documents
from graphviz_backprop.web.shown.examples import GROUPS
from graphviz_backprop.web.shown.lessons import lesson
from tests.support import saved
from tests.support.axe import violations

MOST = 400_000  # bytes, without the math font
FONT = re.compile(rb"url\((?:\"|')?data:font[^)]*\)")

Opened = Callable[[str], Page]


@pytest.fixture(scope="module")
def client(built: Path) -> Iterator[FlaskClient]:
    with pytest.MonkeyPatch.context() as patch, Layout() as layout:
        patch.setenv("BUNDLE", str(built))
        yield create_app(layout).test_client()


@pytest.fixture
def opened(browser: Browser, client: FlaskClient, tmp_path: Path) -> Iterator[Opened]:
    """Opens the file of a query from the disk, offline; a test fails where it logs or asks for anything."""
    faults: list[str] = []
    context = browser.new_context(viewport={"width": 1100, "height": 700}, offline=True)
    page = context.new_page()
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: faults.append(request.url) if asks(request.url) else None)
    page.on("dialog", lambda dialog: faults.append(dialog.message))

    def asks(address: str) -> bool:
        return not address.startswith((f"file://{tmp_path}/", "data:", "blob:"))

    def open_file(query: str) -> Page:
        reply = client.get(f"/graph.html?{query}")
        assert reply.status_code == 200, reply.text
        assert reply.headers["Content-Disposition"] == 'attachment; filename="graph.html"'
        file = tmp_path / "graph.html"
        file.write_bytes(reply.data)
        page.goto(file.as_uri())
        return page

    yield open_file
    context.close()
    assert not faults, faults


def test_sliders_and_player_work_offline(opened: Opened) -> None:
    page = opened("expr=a=x^2*y&at.x=3&at.y=2&digits=6")
    expect(page.locator('.sheet [data-field="a.value"]')).to_have_text("18")
    page.get_by_role("slider", name="x", exact=True).fill("0.1")
    expect(page.locator('.sheet [data-field="a.value"]')).to_have_text("0.02")
    expect(page.locator('[data-variable="y"] [data-field="y.total"]')).to_have_text("0.01")
    page.get_by_role("button", name="Next step").click()
    expect(page.locator(".steps li:not([hidden]) .place")).to_contain_text("Forward 1")
    expect(page.locator('.sheet [data-field="a.value"]')).to_have_text("")
    page.get_by_role("button", name="Last step").click()
    expect(page.locator('.sheet [data-field="a.value"]')).to_have_text("0.02")
    expect(page.locator("[data-part=offline]")).to_be_hidden()
    expect(page.locator(".one-sample")).to_be_hidden()
    assert violations(page) == []


def test_a_plot_and_its_descent_work_offline(opened: Opened) -> None:
    """The script that computes a descent beside the page travels in the file, too."""
    page = opened("expr=x^2%2By^2&panes=graph,plot&at.x=2&steps=5")
    expect(page.locator('[data-plot="main"] path').first).to_be_attached()
    page.locator("[data-descent=last], [data-descent=run]").first.click()
    expect(page.locator('[data-field="descent.now.k"]')).to_have_text("Step 5")


def test_samples_travel_in_the_file(opened: Opened) -> None:
    page = opened("expr=(w*x%2Bb-y)^2&data=line,50,0,0.1&at.w=0.5&at.b=0")
    expect(page.locator('.embed-side [data-field="data.shown"]')).to_have_text("Average over 50 samples")
    page = opened("expr=(w*x-y)^2&data=own&table=x,y%0A1,2%0A3,4&at.w=1&panes=graph,data")
    expect(page.locator('.embed-side [data-field="data.shown"]')).to_have_text("Average over 2 samples")
    expect(page.locator('.sheet [data-field$=".value"]').first).to_have_text("1")


def test_a_network_and_a_tensor_work_offline(opened: Opened) -> None:
    page = opened("expr=a=sigmoid(w1*x1%2Bw2*x2%2Bb)%0A(a-y)^2&view=graph&panes=network")
    expect(page.locator(".sheet svg.network")).to_be_visible()
    page.locator(".sheet .node.op").first.click()
    page.get_by_role("button", name="Next step").click()
    expect(page.locator(".steps li:not([hidden]) .place")).to_be_visible()
    page = opened("expr=x=[1,2]%0Aa=sum(x^2)")
    page.get_by_label("x[0]", exact=True).fill("3")
    page.keyboard.press("Enter")
    expect(page.locator('.sheet [data-field$="a.value"]')).to_have_text("13")


def test_a_question_is_answered_offline(opened: Opened) -> None:
    page = opened("expr=(4*x%2B1)^2&hide=x.total&practise=on")
    expect(page.locator('[data-variable="x"] [data-field="x.total"]')).to_have_text("")
    answer = page.locator(".question").get_by_role("textbox")
    answer.fill("20")
    page.get_by_role("button", name="Check").click()
    expect(page.locator("[data-part=question] [data-of=said]")).to_contain_text("20 is not right")
    answer.fill("2*5*4")
    page.get_by_role("button", name="Check").click()
    expect(page.locator("[data-part=question] [data-of=said]")).to_contain_text("Right")
    expect(page.locator('[data-variable="x"] [data-field="x.total"]')).to_have_text("40")
    page.reload()
    expect(page.locator('[data-variable="x"] [data-field="x.total"]')).to_have_text("40")


def test_a_tensor_is_answered_in_its_node_offline(opened: Opened) -> None:
    page = opened("expr=x=[1,2]%0Aa=sum(x^2)&hide=x.total&practise=on")
    first = page.get_by_role("textbox", name="gradient ∂a/∂x[0]", exact=True)
    first.click()
    page.keyboard.type("2")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=question] [data-of=said]")).to_contain_text("1 of 2 cells is wrong.")
    page.keyboard.press("Backspace")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=question] [data-of=said]")).to_contain_text("Right: ∂a/∂x.")
    expect(page.locator('.sheet [data-field="~x[1].gradient"]')).to_have_text("4")


def test_a_number_among_tensors_is_answered_offline(opened: Opened) -> None:
    """It was taken for a tensor of too many cells, which only the server can judge."""
    page = opened("expr=x=[1,2]%0Aa=sum(x^2)&hide=a.value&practise=on")
    said = page.locator("[data-part=question] [data-of=said]")
    field = page.locator("[data-part=question] input[type=text]")
    field.fill("4")
    field.press("Enter")
    expect(said).to_contain_text("That is not right.")
    field.fill("10/2")
    field.press("Enter")
    expect(said).to_contain_text("Right: a.")


def test_hints_are_those_of_the_server(opened: Opened, client: FlaskClient) -> None:
    query = "expr=(4*x%2B1)^2&hide=x.total,g.1.partial&ask=x.total&practise=on"
    page = opened(f"{query}&at.x=1")
    page.get_by_role("slider", name="x", exact=True).fill("-2")
    for stage in (1, 2, 3):
        page.get_by_role("button", name="Hint").click()
        told = client.get(f"/api/hint?{query}&at.x=-2&field=x.total&stage={stage}").json
        assert told and told["hint"]
        said = page.locator("[data-part=question] [data-of=said]")
        expect(said).to_contain_text(f"Hint {stage} of 3")
        expect(said).to_contain_text(told["hint"])


LESSON = """title: Mine
about: It.
topic: Own

## One

program: (4*x+1)^2

At x = {x.value=1} the slope is {x.total=40}, and the output is {g.value=25}.

?? x.total | What is the slope?
"""


def test_a_number_in_a_sentence_is_told_once_it_is_found(
    opened: Opened, client: FlaskClient, tmp_path: Path
) -> None:
    """It is of the point that the sentence speaks of, wherever the slider is."""
    (tmp_path / "mine.md").write_text(LESSON, "utf-8")
    with client.application.test_request_context():
        text = alone.written(documents.of_lesson(lesson(tmp_path / "mine.md")))
    assert not re.search(r">\s*40\s*<", text)
    page = opened("expr=x")
    (tmp_path / "mine.html").write_text(text, "utf-8")
    page.goto((tmp_path / "mine.html").as_uri())
    told, slider = page.locator(".lesson-text .live"), page.get_by_role("slider", name="x", exact=True)
    expect(told).to_have_text(["1", "", "25"])
    slider.fill("2")
    page.locator(".question").get_by_role("textbox").fill("72")
    page.get_by_role("button", name="Check").click()
    expect(page.locator("[data-part=question] [data-of=said]")).to_contain_text("Right")
    expect(told).to_have_text(["1", "", "25"])
    slider.fill("1")
    page.locator(".question").get_by_role("textbox").fill("40")
    page.get_by_role("button", name="Check").click()
    expect(told).to_have_text(["1", "40", "25"])
    slider.fill("3")
    expect(page.locator('.sheet [data-field="g.value"]')).to_have_text("169")
    expect(told).to_have_text(["1", "40", "25"])


def test_nothing_that_a_user_wrote_becomes_markup(opened: Opened) -> None:
    """In a comment, in a table, in the address: as text, or not at all."""
    evil = "%3C/script%3E%3Cscript%3Ealert(1)%3C/script%3E%3C!--%3Cimg%20src=x%20onerror=alert(2)%3E"
    page = opened(
        f"expr=x*2%20%23%20{evil}&data=own&table={evil},y%0A1,2&about={evil}&pin={evil}&params={evil}"
    )
    expect(page.locator("h1")).to_contain_text("</script><script>alert(1)")
    expect(page.get_by_role("slider", name="x", exact=True)).to_be_visible()
    assert page.locator("script:not([type]), img[src=x]").count() == 0


def test_its_policy_lets_nothing_else_in(client: FlaskClient) -> None:
    text = client.get("/graph.html?expr=x^2").text
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert policy.startswith("default-src &#39;none&#39;; script-src &#39;sha256-")
    assert "unsafe" not in policy
    assert text.count('<script type="module">') == 1
    assert len(re.findall(r"'sha256-[^']+'", policy.replace("&#39;", "'"))) == 4
    assert not re.search(
        r'\b(?:src|href|action)="(?!#|embed)[^"]', text.partition("<body")[2].rpartition("<script")[0]
    )
    script = saved.unpacked(text).rpartition('<script type="module">')[0]
    assert not re.search(r"\beval\(|new Function\(", script)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_its_colours_can_be_chosen(client: FlaskClient, theme: str) -> None:
    assert f'data-theme="{theme}"' in client.get(f"/graph.html?expr=x&theme={theme}").text


def test_it_is_small(client: FlaskClient) -> None:
    """Of every example, also where it asks for its gradients, and where most of the page is open at once."""
    panes = "panes=graph,plot,network&data=moons,200,0,0.1&open=all"
    tensors = (
        "W = randn(8, 8, seed=1); V = randn(8, 8, seed=2); x = randn(8, 8, seed=3); sum((V @ tanh(W @ x))^2)"
    )
    queries = [example.query for group in GROUPS for example in group.examples]
    queries += [f"expr={quote(program)}&{panes}" for program in (CHAIN, tensors)]
    products = "+".join(f"x{at}*y{at}" for at in range(150))
    queries += [
        f"expr={quote(products)}&open=all&{panes}" for panes in ("panes=graph,plot", "panes=graph,data")
    ]
    for query in queries:
        for asked in (query, f"{query}&hide=gradients&practise=on"):
            page = client.get(f"/graph.html?{asked}").data
            assert len(FONT.sub(b"", page)) <= MOST, asked


@pytest.mark.parametrize("level", LEVELS)
def test_twenty_exercises_weigh_little_more_than_one(client: FlaskClient, level: str) -> None:
    one, twenty = (len(client.get(f"/exercises/{level}.html?seed=7&count={n}").data) for n in (1, 20))
    assert twenty < one + 60_000


CHAIN = "; ".join(["a0 = x", *(f"a{at} = sin(a{at - 1}) * y" for at in range(1, 60))])


def test_what_is_large_is_unpacked(opened: Opened, client: FlaskClient) -> None:
    """A figure that is long is compressed in the file; the page is what it would be."""
    query = f"expr={quote(CHAIN)}&at.x=0&at.y=1&open=all"
    assert 'data-packed="markup"' in client.get(f"/graph.html?{query}").text
    page = opened(query)
    expect(page.locator('.sheet [data-field="a59.value"]')).to_have_text("0")
    assert page.locator("script[data-packed=markup]").count() == 0
    page.get_by_role("slider", name="x", exact=True).fill("1")
    expect(page.locator('.sheet [data-field="a0.value"]')).to_have_text("1")
    assert page.evaluate("getComputedStyle(document.querySelector('.file-head')).display") == "flex"


CALLS = "f(x) = 7x + 3\ng(x) = x^2\na = x\ng(f(a))"


def test_groups_are_opened_and_closed_offline(opened: Opened) -> None:
    page = opened(f"expr={quote(CALLS)}&at.x=1&shut=all")
    boxes = page.locator(".sheet [data-node]")
    expect(boxes).to_have_count(3)
    page.locator('.sheet [data-group="e~0"]').click()
    expect(page.locator('[data-frame="e~0"]')).to_have_count(1)
    expect(page.locator('.sheet [data-field="e.value"]')).to_have_text("10")
    page.locator('.sheet [data-group="i~0"] .opener').press("Enter")
    expect(page.locator('[data-frame="i~0"]')).to_have_count(1)
    expect(page.locator('.sheet [data-field="i.value"]')).to_have_text("100")
    expect(page.locator(".sheet [data-group]")).to_have_count(0)
    page.get_by_role("slider", name="x", exact=True).fill("2")
    expect(page.locator('.sheet [data-field="i.value"]')).to_have_text("289")
    page.locator('.sheet [data-close="e~0"]').click()
    expect(page.locator('.sheet [data-group="e~0"]')).to_have_count(1)
    expect(page.locator('.sheet [data-field="e~0.0.partial"]')).to_have_text("7")
    page.get_by_role("button", name="Last step").click()
    expect(page.locator(".steps li[data-step]:visible .equations")).to_contain_text("238")
    page.keyboard.press("Control+z")
    expect(page.locator('[data-frame="e~0"]')).to_have_count(1)
    for group in ("e~0", "i~0"):
        page.locator(f'.sheet [data-close="{group}"]').press("Enter")
        expect(page.locator(f'.sheet [data-group="{group}"]')).to_have_count(1)
    expect(boxes).to_have_count(3)
    expect(page.locator(".stays")).to_have_count(0)


def test_a_group_without_a_drawing_says_where_it_opens(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has no button that does nothing; the one beside it, whose drawing is there, opens."""
    monkeypatch.setattr(drawings, "MOST", 2)
    page = opened(f"expr={quote(CALLS)}&at.x=1&shut=all")
    toast, group = page.locator(".toast"), page.locator('.sheet [data-group="e~0"]')
    told = "e = f(a) opens in the app: this file has no drawing of what is in it."
    expect(group.locator(".sign")).to_be_hidden()
    group.click()
    expect(toast).to_have_text(told)
    expect(toast).to_have_text("")
    opener = page.get_by_role("button", name=told)
    opener.press("Enter")
    expect(toast).to_have_text(told)
    expect(page.locator(".sheet [data-node]")).to_have_count(3)
    page.locator('.sheet [data-group="i~0"]').click()
    expect(page.locator('[data-frame="i~0"]')).to_have_count(1)
    expect(page.locator('.sheet [data-group="e~0"] .sign')).to_be_hidden()
    page.locator('.sheet [data-close="i~0"]').click()
    expect(page.locator(".sheet [data-node]")).to_have_count(3)


def test_a_large_layer_opens_and_closes_in_a_file(opened: Opened) -> None:
    """By its block, and by the button beside it; the numbers are those of the neurons."""
    page = opened(f"expr={quote(network([4, 12, 2]).text)}&view=graph&panes=network")
    block = page.locator(".sheet [data-block]")
    expect(block).to_be_in_viewport(ratio=1)
    expect(page.locator(".wire-words")).to_have_text("Large layers are blocks: click one to open it.")
    neurons = page.locator(".sheet .node[data-neuron^=a2_]")
    expect(neurons).to_have_count(0)
    block.click()
    expect(neurons).to_have_count(12)
    expect(page.locator('.sheet [data-field="a2_7.value"]').first).to_have_text(re.compile(r"\d"))
    page.get_by_role("button", name="Close layer 2").click()
    expect(neurons).to_have_count(0)
    page.get_by_role("button", name="Open layer 2").click()
    expect(neurons).to_have_count(12)
    expect(page.locator("[data-part=offline]")).to_be_hidden()
    assert violations(page) == []


def test_a_large_layer_without_a_drawing_is_a_block_that_opens_in_the_app(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The block was not to be seen, and words said to click on it."""
    monkeypatch.setattr(drawings, "MOST", 1)
    monkeypatch.setattr(drawings, "take_long", lambda _: False)  # another process has the usual number
    page = opened(f"expr={quote(network([1, 9, 1]).text)}&view=graph&panes=network")
    block = page.locator(".sheet .node").filter(has_text="9 neurons")
    expect(block).to_be_in_viewport(ratio=1)
    expect(page.locator("[data-fragment=network_note]")).to_have_text(
        "Large layers are drawn as blocks, which open in the app."
    )
    expect(page.locator(".wire-words")).to_have_text("")
    block.click()
    expect(page.locator(".toast")).to_have_text(
        "Layer 2 opens in the app: this file has no drawing of what is in it."
    )
    expect(block).to_have_count(1)


def test_large_groups_fill_a_file_and_no_more(opened: Opened, client: FlaskClient) -> None:
    layered = network([4, 6, 6, 2]).text
    query = f"expr={quote(layered)}&view=graph"
    assert len(FONT.sub(b"", client.get(f"/graph.html?{query}").data)) <= MOST
    page = opened(query)
    page.locator('.sheet [data-group="a3_1~layer"] .opener').press("Enter")
    expect(page.locator('[data-frame="a3_1~layer"]')).to_have_count(1)
    expect(page.locator('.sheet [data-node="a3_4"] [data-field="a3_4.value"]')).not_to_be_empty()


def test_what_cannot_be_made_is_told(client: FlaskClient) -> None:
    reply = client.get("/graph.html?expr=x%2B")
    assert reply.status_code == 400
    with pytest.MonkeyPatch.context() as patch, Layout() as layout:
        patch.setenv("BUNDLE", "/nowhere")
        reply = create_app(layout).test_client().get("/graph.html?expr=x")
    assert reply.status_code == 501
    assert "make bundle" in reply.json["error"]["message"]  # type: ignore[index]


def test_python_and_the_command_line_make_it(
    built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUNDLE", str(built))
    run = gb.parse("W = [[1, 2], [3, 4]]; x = [1, 2]; sum(W @ x)").evaluate(x=[2, 5])
    assert "at.x=[2, 5]" in unquote(saved.markup(run.html(panes="graph,plot")))
    with pytest.raises(ValueError, match="a page has no cellar"):
        run.html(cellar=1)
    with pytest.raises(ValueError, match=r"run\.row\(0\)"):
        gb.parse("x^2").evaluate(x=[1.0, 2.0]).html()
    file = tmp_path / "g.html"
    assert main(["x*y", "x=2", "y=3", "-o", str(file), "--direction", "right"]) == 0
    assert "at.x=2&amp;at.y=3" in saved.markup(file.read_text("utf-8"))
    monkeypatch.setenv("BUNDLE", "/nowhere")
    assert main(["x*y", "-o", str(file)]) == 1
    assert "make bundle" in capsys.readouterr().err
