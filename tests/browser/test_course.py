"""Packages for courses: one that is made of a known SCORM library runs them offline, and learns the score."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Route, expect

from graphviz_backprop.__main__ import main
from graphviz_backprop.explain.grading.exercises import exercise
from graphviz_backprop.jobs.layout import Layout
from graphviz_backprop.web import create_app
from graphviz_backprop.web.shown.lessons import lessons
from tests.support import saved

SCORM = Path(__file__).parents[2] / "node_modules/scorm-again/dist/scorm12.js"
COURSE = """<!doctype html><title>A course</title>
<script src="scorm12.js"></script>
<script>window.API = new Scorm12API({ autocommit: false, logLevel: 5 });</script>
<iframe src="package/index.html" width="1100" height="800"></iframe>"""
PREFIX = {
    "cp": "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
    "adl": "http://www.adlnet.org/xsd/adlcp_rootv1p2",
}

Taken = Callable[[bytes], Page]


@pytest.fixture(scope="module")
def client(built: Path) -> Iterator[FlaskClient]:
    with pytest.MonkeyPatch.context() as patch, Layout() as layout:
        patch.setenv("BUNDLE", str(built))
        yield create_app(layout).test_client()


@pytest.fixture
def taken(browser: Browser) -> Iterator[Taken]:
    """Opens a package in a course, with the network off: all that is asked for is in it."""
    faults: list[str] = []
    context = browser.new_context(viewport={"width": 1200, "height": 900}, offline=True)
    files: dict[str, bytes] = {"course.html": COURSE.encode(), "scorm12.js": SCORM.read_bytes()}

    def answer(route: Route) -> None:
        name = route.request.url.partition("http://course.test/")[2].partition("?")[0].partition("#")[0]
        if name not in files:
            faults.append(name)
            return route.abort()
        kind = "text/javascript" if name.endswith(".js") else "text/html; charset=utf-8"
        return route.fulfill(body=files[name], content_type=kind)

    def take(package: bytes) -> Page:
        with zipfile.ZipFile(BytesIO(package)) as unpacked:
            manifest = ElementTree.fromstring(unpacked.read("imsmanifest.xml"))
            (resource,) = manifest.findall(".//cp:resource", PREFIX)
            assert resource.get(f"{{{PREFIX['adl']}}}scormtype") == "sco"
            assert manifest.findtext(".//cp:schemaversion", namespaces=PREFIX) == "1.2"
            listed = {file.get("href") for file in resource.findall("cp:file", PREFIX)}
            assert listed == {resource.get("href")} == set(unpacked.namelist()) - {"imsmanifest.xml"}
            files.update({f"package/{name}": unpacked.read(name) for name in unpacked.namelist()})
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto("http://course.test/course.html")
        return page

    context.route("**/*", answer)
    yield take
    context.close()
    assert [fault for fault in faults if fault != "favicon.ico"] == []


def told(page: Page, name: str) -> str:
    return str(page.evaluate("(name) => API.LMSGetValue(name)", name))


def wait_for(page: Page, name: str, value: str) -> None:
    page.wait_for_function("([name, value]) => API.LMSGetValue(name) === value", arg=[name, value])


def answer(page: Page, text: str) -> None:
    frame = page.frame_locator("iframe")
    frame.locator(".file-part:not([hidden]) .question").get_by_role("textbox").fill(text)
    frame.locator(".file-part:not([hidden])").get_by_role("button", name="Check").click()


def test_four_of_five_are_80(client: FlaskClient, taken: Taken) -> None:
    query = "expr=p*q%2Br*s%2Bt^2&at.p=2&at.q=3&at.r=4&at.s=5&at.t=6&practise=on&hide=" + ",".join(
        f"{name}.total" for name in "pqrst"
    )
    page = taken(client.get(f"/graph.zip?{query}").data)
    frame = page.frame_locator("iframe")
    expect(frame.locator("[data-of=count]")).to_have_text("0 of 5 found")
    wait_for(page, "cmi.core.lesson_status", "incomplete")
    for name, number in zip("pqrs", "3254", strict=True):
        frame.locator(f"[data-turn='{name}.total']").click()
        answer(page, number)
        expect(frame.locator("[data-part=question] [data-of=said]")).to_contain_text("Right")
    wait_for(page, "cmi.core.score.raw", "80")
    frame.locator("[data-turn='t.total']").click()
    answer(page, "6")
    expect(frame.locator("[data-part=question] [data-of=said]")).to_contain_text("6 is not right")
    assert told(page, "cmi.core.score.raw") == "80"
    assert told(page, "cmi.core.lesson_status") == "incomplete"
    frame.get_by_role("button", name="Show me").click()
    wait_for(page, "cmi.core.lesson_status", "completed")
    assert told(page, "cmi.core.score.raw") == "80"
    assert [told(page, f"cmi.core.score.{end}") for end in ("min", "max")] == ["0", "100"]


def test_an_update_counts(client: FlaskClient, taken: Taken) -> None:
    """x is 1, its gradient 2, the rate 0.1; the gradient itself is asked for as well."""
    query = "expr=x^2&at.x=1&from.x=1&k=0&rate=0.1&steps=5&panes=graph,plot&practise=on&hide=update,x.total"
    page = taken(client.get(f"/graph.zip?{query}").data)
    frame = page.frame_locator("iframe")
    expect(frame.locator("[data-of=count]").first).to_have_text("0 of 2 found")
    asked = frame.locator("[data-part=update-question]")
    asked.get_by_role("textbox").fill("0.8")
    asked.get_by_role("textbox").press("Enter")
    wait_for(page, "cmi.core.score.raw", "50")
    expect(frame.locator("[data-of=count]").first).to_have_text("1 of 2 found")
    assert told(page, "cmi.core.lesson_status") == "incomplete"
    frame.locator("[data-part=question] [data-of=answer]").fill("2")
    frame.locator("[data-part=question]").get_by_role("button", name="Check").click()
    wait_for(page, "cmi.core.score.raw", "100")
    wait_for(page, "cmi.core.lesson_status", "completed")


def test_a_lesson_is_taken_up_where_it_was_left(client: FlaskClient, taken: Taken) -> None:
    lesson = next(lesson for lesson in lessons() if lesson.name == "the-chain-rule")
    page = taken(client.get(f"/lessons/{lesson.name}.zip").data)
    frame = page.frame_locator("iframe")
    expect(frame.locator("h1:visible")).to_have_text(lesson.steps[0].title)
    asking = next(at for at, step in enumerate(lesson.steps) if step.question)
    for at in range(asking):
        frame.get_by_role("link", name="Next").locator("visible=true").click()
        expect(frame.locator("h1:visible")).to_have_text(lesson.steps[at + 1].title)
    expect(frame.locator(".file-part:not([hidden]) .figure svg")).to_be_visible()
    answer(page, "2*5*3")
    expect(frame.locator(".file-part:not([hidden]) [data-part=question] [data-of=said]")).to_contain_text(
        "Right"
    )
    kept, place = told(page, "cmi.suspend_data"), told(page, "cmi.core.lesson_location")
    assert place == str(asking + 1)
    assert len(kept) <= 4096
    page.evaluate(
        """([kept, place]) => {
            const core = { lesson_location: place, lesson_status: "incomplete" };
            window.API = new Scorm12API({ autocommit: false, logLevel: 5 });
            API.loadFromJSON({ suspend_data: kept, core }, "cmi");
            document.querySelector("iframe").src = "package/index.html?again";
        }""",
        [kept, place],
    )
    expect(frame.locator("h1:visible")).to_have_text(lesson.steps[asking].title)
    expect(frame.locator(".file-part:not([hidden]) [data-of=done]")).to_be_visible()


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_every_lesson_is_a_file(client: FlaskClient, lesson) -> None:
    reply = client.get(f"/lessons/{lesson.name}.html")
    assert reply.status_code == 200
    text = saved.markup(reply.text)
    assert text.count('class="file-part"') == len(lesson.steps)
    body = text.partition("<body")[2].rpartition("<script")[0]
    assert not re.search(r'href="(?!#)', body)
    assert reply.headers["Content-Disposition"] == f'attachment; filename="{lesson.name}.html"'


def test_exercises_are_files(
    client: FlaskClient, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = saved.markup(client.get("/exercises/shared.html?seed=7&count=3").text)
    assert text.count('class="file-part"') == 3
    for more in range(3):
        assert exercise("shared", 7 + more).program.partition(";")[0] in text.replace("&amp;", "&")
    for query in ("count=0", "count=21", "count=x", "seed=-1", "seed=1e9", "count=2.5"):
        assert client.get(f"/exercises/shared.zip?{query}").status_code == 400, query
    assert client.get("/exercises/hardest.zip").status_code == 404
    assert client.get("/lessons/none.zip").status_code == 404
    monkeypatch.setenv("BUNDLE", str(built))
    for name in ("set.zip", "set.html"):
        assert main(["exercise", "rule", "--count", "2", "-o", str(tmp_path / name)]) == 0
    with zipfile.ZipFile(tmp_path / "set.zip") as package:
        assert package.read("index.html") == (tmp_path / "set.html").read_bytes()
    assert main(["x*y", "x=2", "y=3", "-o", str(tmp_path / "page.zip")]) == 0
    assert zipfile.is_zipfile(tmp_path / "page.zip")


def test_a_set_asks_what_the_app_asks(client: FlaskClient) -> None:
    """The gradients: each local partial was asked for, too, fifty numbers in five exercises."""
    text = saved.markup(client.get("/exercises/shared.html?seed=7&count=1").text)
    assert asked_in(text) == asked_in(
        client.get(f"/?{client.get('/api/exercise?level=shared&seed=7').json['query']}").text
    )


def asked_in(page: str) -> set[str]:
    told = json.loads(re.search(r'data-fragment="graph"[^>]*>(.*?)</script>', page, re.S)[1])  # type: ignore[index]
    return {question["field"] for question in told["hidden"]["asked"]}


def test_a_title_is_text_in_the_manifest(client: FlaskClient) -> None:
    package = client.get("/graph.zip?expr=x*y%20%23%20%3C/title%3E%26%22%0B").data
    with zipfile.ZipFile(BytesIO(package)) as unpacked:
        manifest = ElementTree.fromstring(unpacked.read("imsmanifest.xml"))
    assert manifest.findtext(".//cp:title", namespaces=PREFIX).startswith('x*y # </title>&"')  # type: ignore[union-attr]


def test_groups_are_opened_in_a_course(client: FlaskClient, taken: Taken) -> None:
    calls = "f(x) = 7x + 3\ng(x) = x^2\na = x\ng(f(a))"
    frame = taken(client.get(f"/graph.zip?expr={quote(calls)}&shut=all").data).frame_locator("iframe")
    frame.locator('.sheet [data-group="e~0"] > .opener').press("Enter")
    expect(frame.locator('[data-close="e~0"]')).to_be_focused()
    expect(frame.locator('.sheet [data-field="c.value"]')).to_have_text("7")


def test_a_lesson_asks_what_its_text_asks_beside_its_figure(
    browser: Browser, client: FlaskClient, tmp_path: Path
) -> None:
    """Other gradients are hidden there as well, and were asked for first."""
    file = tmp_path / "attention.html"
    file.write_bytes(client.get("/lessons/attention.html").data)
    context = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True)
    page = context.new_page()
    page.goto(f"{file.as_uri()}#6")
    part = page.locator(".file-part:visible")
    expect(part.locator(".lesson-text")).to_contain_text("What is ∂L/∂s?")
    expect(part.locator("[data-part=question]")).to_contain_text("0 of 1 found")
    expect(part.get_by_role("textbox", name="gradient ∂L/∂s[0]", exact=True)).to_be_visible()
    text, figure = (part.locator(place).bounding_box() for place in (".lesson-text", ".graph > .viewport"))
    assert text and figure
    assert text["x"] + text["width"] <= figure["x"]
    assert figure["y"] < 100
    context.close()
