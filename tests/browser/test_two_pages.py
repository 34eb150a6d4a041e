"""Two pages in one document: each has its own program, ids and numbers."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.support.panes import show

TWO = """async (programs) => {
  const main = document.querySelector('script[src$="main.js"]').src;
  const load = (name) => import(new URL(name, main));
  const [{ createPage }, { ownPlace, serverAt }, { browserClock }] = await Promise.all(
    ["page/page.js", "page/services.js", "page/clock.js"].map(load),
  );
  const pages = await Promise.all(programs.map(async (expr) => {
    const query = new URLSearchParams({ expr });
    const markup = await (await fetch(`/?${query}`)).text();
    const root = document.createElement("section");
    root.append(...new DOMParser().parseFromString(markup, "text/html").body.children);
    return { root, query: String(query) };
  }));
  document.body.replaceChildren(...pages.map(({ root }) => root));
  pages.forEach(({ root, query }, at) => {
    const services = { server: serverAt("/"), place: ownPlace(query), clock: browserClock, suffix: `-${at}` };
    createPage(root, query, services);
  });
}"""

DOUBLE_OR_LOST = """() => {
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  const double = ids.filter((id, at) => ids.indexOf(id) !== at);
  const named = ["for", "popovertarget", "aria-labelledby", "aria-describedby"].flatMap((name) =>
    [...document.querySelectorAll(`[${name}]`)].flatMap((element) => element.getAttribute(name).split(" ")));
  const links = [...document.querySelectorAll('a[href^="#"]')].map(({ hash }) => hash.slice(1));
  return [...double, ...[...named, ...links].filter((id) => !ids.includes(id))];
}"""


def test_one_is_slid_and_the_other_stays(page: Page) -> None:
    page.goto("/")
    page.evaluate(TWO, ["a = x^2", "a = 3*x + y"])
    first, second = page.locator("body > section").all()
    output = 'output[data-field="a.value"]'
    expect(first.locator(output)).to_have_text("1")
    expect(second.locator(output)).to_have_text("4")
    address = page.url

    second.locator('[name="at.x"]').fill("2")
    expect(second.locator(output)).to_have_text("7")
    expect(first.locator(output)).to_have_text("1")
    first.get_by_label("Value of x").fill("3")
    expect(first.locator(output)).to_have_text("9")
    expect(second.locator(output)).to_have_text("7")

    second.get_by_label("Program", exact=True).fill("a = sin(y)*x\nb = a^2")
    expect(second.locator('output[data-field="b.value"]')).to_have_text("2.832")
    expect(first.locator(output)).to_have_text("9")
    assert page.url == address


def test_ids_are_unique_and_lead_somewhere(page: Page) -> None:
    page.goto("/")
    page.evaluate(TWO, ["x^2", "sin(x)"])
    assert page.evaluate(DOUBLE_OR_LOST) == []
    first, second = page.locator("body > section").all()
    second.get_by_label("Program", exact=True).fill("cos(x)")
    expect(second.locator(".graph .figure")).to_contain_text("cos")
    assert page.evaluate(DOUBLE_OR_LOST) == []
    second.get_by_role("button", name="Examples").click()
    expect(second.locator(".examples")).to_be_visible()
    expect(first.locator(".examples")).to_be_hidden()
    page.keyboard.press("Escape")


def test_each_has_its_own_sides(page: Page) -> None:
    page.goto("/")
    page.evaluate(TWO, ["x^2", "w*x"])
    first, second = page.locator("body > section").all()
    for one in (second, first):
        show(one, "data")
        one.get_by_label("Samples", exact=True).select_option("line")
        expect(one.locator("tr[data-picks]").nth(1)).to_be_visible()
    show(first, "plot", instead_of="data")
    expect(first.locator('[data-plot="main"] path').first).to_be_attached()
    expect(second.locator("tr[data-picks]").nth(1)).to_be_visible()


def test_each_has_its_own_digits(page: Page) -> None:
    page.goto("/")
    page.evaluate(TWO, ["a = x/3", "a = x/7"])
    first, second = page.locator("body > section").all()
    outputs = [one.locator('output[data-field="a.value"]') for one in (first, second)]
    first.get_by_label("Digits").select_option("8")
    expect(outputs[0]).to_have_text("0.33333333")
    second.get_by_label("Digits").select_option("3")
    expect(outputs[1]).to_have_text("0.143")
    first.get_by_label("Value of x").fill("2")
    expect(outputs[0]).to_have_text("0.66666667")
    second.get_by_label("Value of x").fill("2")
    expect(outputs[1]).to_have_text("0.286")
    for one, texts in ((first, "0.66666667"), (second, "0.286")):
        expect(one.locator('.sheet [data-field="a.value"]')).to_have_text(texts)
