"""Every step of every lesson opens, and every number in its text is the engine's."""

import re
from dataclasses import replace
from itertools import groupby

import pytest

from graphviz_backprop.explain.grading import answers
from graphviz_backprop.explain.grading.judge import judge
from graphviz_backprop.explain.grading.numbers import right as exact
from graphviz_backprop.explain.grading.questions import questions
from graphviz_backprop.explain.grading.targets import target
from graphviz_backprop.language.numerals import format_number
from graphviz_backprop.web.shown import lessons
from graphviz_backprop.web.shown.lessons import NUMBER, Unread, inline, lesson
from graphviz_backprop.web.shown.scene import scene

EVERY = lessons.lessons()
STEPS = [(one, number) for one in EVERY for number in range(1, len(one.steps) + 1)]
IDS = [f"{one.name}-{number}" for one, number in STEPS]


def test_the_topics_are_there():
    assert len(EVERY) >= 16
    assert len({one.name for one in EVERY}) == len(EVERY)
    assert all(2 <= len(one.steps) <= 8 for one in EVERY)
    topics = [topic for topic, _ in groupby(EVERY, lambda one: one.topic)]
    assert len(set(topics)) == len(topics)
    assert sum(any(step.question for step in one.steps) for one in EVERY) >= 12


@pytest.mark.parametrize(("one", "number"), STEPS, ids=IDS)
def test_every_number_in_a_text_is_the_engine_s(one, number):
    step = one.steps[number - 1]
    every = lessons.numbers(scene(replace(step.state, hide="", frame=-1), []))
    for field, written in NUMBER.findall(step.source):
        found = every[field]
        assert format_number(found) == written, f"{field} is {format_number(found)}"


@pytest.mark.parametrize(("one", "number"), STEPS, ids=IDS)
def test_no_number_stands_in_a_text_that_is_not_live(one, number):
    """But in `code`, which is what one types; in names such as x1, and addresses."""
    step = one.steps[number - 1]
    prose = NUMBER.sub("", re.sub(r"`[^`]*`|\]\([^)]*\)", "", step.source))
    assert re.findall(r"(?<![\w.])\d[\d.]*", prose) == []


@pytest.mark.parametrize(("one", "number"), STEPS, ids=IDS)
def test_a_step_opens(client, one, number):
    step = one.steps[number - 1]
    reply = client.get(f"/lessons/{one.name}/{number}")
    assert reply.status_code == 200
    page = reply.text
    assert "<svg" in page and "aria-label" in page
    shown = lessons.numbers(scene(step.state, []))
    for field, written in NUMBER.findall(step.source):
        wanted = "" if shown[field] is None else written
        assert re.search(rf'data-field="{re.escape(field)}"[^>]*>{re.escape(wanted)}</span>', page), field
    opened = client.get("/?" + step.query)
    assert opened.status_code == 200
    assert not re.search(r'role="alert"[^>]*>\s*<p', opened.text)


@pytest.mark.parametrize(("one", "number"), STEPS, ids=IDS)
def test_numbers_that_a_text_speaks_of_can_be_seen(one, number):
    """Text and figure say the same: what is told is not hidden, and the player has come there."""
    step = one.steps[number - 1]
    shown = lessons.numbers(scene(step.state, []))
    for field, _ in NUMBER.findall(step.source):
        assert shown[field] is not None, field


@pytest.mark.parametrize(("one", "number"), [pair for pair in STEPS if pair[0].steps[pair[1] - 1].question])
def test_a_question_has_its_answer(client, one, number):
    step = one.steps[number - 1]
    made = scene(step.state, [])
    if made.run.graph.of_numbers:
        right = target(made.run.graph, step.question.field).read(exact(made.run))
        typed, told = f"{right:.10g}", format_number(right)
    else:
        typed = told = str(made.run.cells()[step.question.field].tolist())
    address = f"/lessons/{one.name}/{number}"
    said = client.get(address, query_string={"answer": typed}).text
    assert f"Yes, {told}." in said.replace("&#39;", "'")
    wrong = client.get(address, query_string={"answer": "123.5"}).text
    assert "123.5 is not right." in wrong
    assert "is no number" in client.get(address, query_string={"answer": "1/0"}).text
    assert "is a name" in client.get(address, query_string={"answer": "banana"}).text


@pytest.mark.parametrize(("one", "number"), [pair for pair in STEPS if pair[0].steps[pair[1] - 1].question])
def test_what_is_asked_for_stands_nowhere_on_the_page(one, number):
    """Not in the text, not in the figure: also where the lesson's own state does not hide it."""
    step = one.steps[number - 1]
    made = scene(step.state, [])
    assert made.played.veil.covers(step.question.field)
    asked = {
        step.question.field,
        *(f for q in questions(made.graph, made.played.veil) for f in (q.field, *q.also)),
    }
    assert all(made.played.reached.get(field) is None for field in asked)
    assert not asked & {field for field, _ in NUMBER.findall(step.source)}


def test_a_wrong_answer_is_explained(client):
    said = client.get("/lessons/the-chain-rule/4", query_string={"answer": "15"}).text
    verdict = judge(scene(EVERY[2].steps[3].state, []).run, "x.total", answers.read("15"))
    assert verdict.diagnoses and verdict.diagnoses[0].mistakes[0].title.capitalize()[:10] in said


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("0.99966*0.0003352", "Yes, "),  # computed from rounded numbers
        ("s' = 0.000335", "Yes, "),
        ("0.00034", "0.00034 is the number rounded: give it with three digits"),
        ("s*(1-s)", "That can&#39;t be read: s is a name, and an answer is a number such as 40"),
        ("0,000335", "That can&#39;t be read: a point goes before decimals: 0.000335."),
    ],
)
def test_what_is_said_of_an_answer(client, answer, said):
    assert said in client.get("/lessons/the-sigmoid/4", query_string={"answer": answer}).text


def test_the_list_names_each_lesson(client):
    page = client.get("/lessons").text
    assert all(f"lessons/{one.name}" in page and one.title in page for one in EVERY)
    assert 'href="/lessons"' in client.get("/").text


def test_the_ways_lead_through_all_steps(client):
    address, seen = f"/lessons/{EVERY[0].name}/1", []
    while address:
        seen.append(address)
        found = re.search(r'rel="next" href="([^"]*)"', client.get(address).text)
        address = found and found[1]
    assert seen == [f"/lessons/{one.name}/{number}" for one, number in STEPS]


@pytest.mark.parametrize("address", ["/lessons/nothing", "/lessons/attention/0", "/lessons/attention/99"])
def test_what_is_no_lesson(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(("one", "number"), STEPS, ids=IDS)
def test_no_text_of_a_figure_is_under_10_pixels(client, one, number):
    page = client.get(f"/lessons/{one.name}/{number}").text
    box, width = re.search(
        r'<svg class="diagram" viewBox="0 0 ([\d.]+) [\d.]+" width="([\d.]+)"', page
    ).groups()
    smallest = 10 if re.search(r'class="[^"]*\bsmall\b', page) else 12  # in cells
    assert smallest * float(width) / float(box) >= 9.99


def test_text_is_escaped():
    text = inline('<b onclick="x">`<script>` **a<b** *c* {x.total=4} [on](attention/2)')
    assert "<script>" not in text and "onclick=&#34;" in text
    assert '<span class="live gradient" data-field="x.total"></span>' in text
    assert '<a href="attention/2">on</a>' in text and "<b>a&lt;b</b>" in text
    with pytest.raises(Unread):
        inline("[x](javascript:alert)")
    with pytest.raises(Unread):
        inline("[x](//elsewhere)")


def test_a_lesson_needs_no_code(tmp_path):
    file = tmp_path / "99-mine.md"
    file.write_text(
        "title: Mine\nabout: It.\ntopic: Own\n\n## One\n\nprogram: x*y\nstate: at.x=2\n\n"
        "- a\n- b {x.total=1}\n"
        "\n## Two\n\nstate: at.x=3\n\nText.\n\n?? x.total | And?\n"
    )
    found = lesson(file)
    assert (found.name, found.title, len(found.steps)) == ("mine", "Mine", 2)
    assert found.steps[1].state.expr == "x*y" and found.steps[1].state.at["x"] == 3
    assert found.steps[0].blocks == (
        '<ul><li>a</li><li>b <span class="live gradient" data-field="x.total"></span></li></ul>',
    )
    for broken in (
        "no head\n## One\n",
        "title: A\nabout: b\ntopic: c\n",
        "title: A\nabout: b\ntopic: c\n## O\nstate: seed=x",
    ):
        file.write_text(broken)
        with pytest.raises(Unread):
            lesson(file)


def test_a_wrong_tensor_is_explained(client):
    """Not the columns of W, but its rows."""
    address = "/lessons/matrices-and-transposes/5"
    said = client.get(address, query_string={"answer": "[-1, -2]"}).text
    assert "The gradient of x is W.T @ dz, not W @ dz." in said
    assert "[-1, -2] is not right. 2 of 2 cells are wrong." in said
    assert "a vector of 2 is asked for" in client.get(address, query_string={"answer": "3"}).text


def test_a_lesson_in_a_frame_of_another_page(client):
    """It alone may be framed, and leads through its own steps, in the colours that were asked for."""
    reply = client.get("/embed/lessons/the-chain-rule/2?theme=dark")
    assert "frame-ancestors *" in reply.headers["Content-Security-Policy"]
    assert 'data-theme="dark"' in reply.text and "Set-Cookie" not in reply.headers
    for step in (1, 3):
        assert f'href="/embed/lessons/the-chain-rule/{step}?theme=dark"' in reply.text
    for one in EVERY[:3]:
        last = client.get(f"/embed/lessons/{one.name}/{len(one.steps)}").text
        assert 'rel="next"' not in last and 'href="/lessons' not in last
        page = client.get(f"/lessons/{one.name}/1")
        assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
        assert f'data-frames="/embed/lessons/{one.name}/1"' in page.text
    assert client.get("/embed/lessons/none/1").status_code == 404
    assert client.get("/embed/lessons/the-chain-rule/99").status_code == 404
