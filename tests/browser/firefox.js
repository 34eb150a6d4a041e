/**
 * What a user does first, in Firefox, driven through WebDriver BiDi: `node firefox.js ADDRESS FIREFOX` writes a line of
 * JSON for each thing that is tried, with what went wrong, if anything did. test_firefox.py reads it.
 */

import assert from "node:assert/strict";
import puppeteer from "puppeteer-core";

const PATIENCE = 30_000;
const [, , address, executablePath] = process.argv;

/** @typedef {import("puppeteer-core").Page} Page */

/** @param {Page} page @param {string} selector @param {string} text */
const shows = (page, selector, text) =>
  page.waitForFunction((where, what) => document.querySelector(where)?.textContent === what, {}, selector, text);

/** @param {Page} page @param {string} query */
async function open(page, query) {
  await page.goto(`${address}/${query}`);
  await page.waitForSelector(".figure svg");
}

const GRADIENT = '[data-field="x.total"]';

/** @type {Record<string, (page: Page) => Promise<void>>} */
const TRIED = {
  async open(page) {
    await open(page, "");
    await shows(page, GRADIENT, "40");
    const box = await (await page.$(".figure svg"))?.boundingBox();
    assert.ok(box && box.width > 100 && box.height > 200);
  },

  async type(page) {
    await open(page, "");
    await page.focus("#expr");
    await page.keyboard.press("End");
    await page.keyboard.type(" + 3x");
    await shows(page, GRADIENT, "43");
    await page.waitForFunction(() => decodeURIComponent(location.search).includes("3x"));
    await page.keyboard.down("Control");
    await page.keyboard.press("z");
    await page.keyboard.press("z");
    await page.keyboard.up("Control");
    await shows(page, GRADIENT, "40");
  },

  async slide(page) {
    await open(page, "");
    await page.focus('input[type=range][name="at.x"]');
    for (let n = 0; n < 5; n++) await page.keyboard.press("ArrowRight");
    await shows(page, GRADIENT, "56");
    await page.waitForFunction(() => location.search === "?at.x=1.5");
    await page.goBack();
    await shows(page, GRADIENT, "40");
  },

  async play(page) {
    await open(page, "");
    await page.click("[data-go=next]");
    await page.waitForSelector(".steps li[data-step='0']:not([hidden])");
    await page.click("[data-go=last]");
    await page.waitForSelector(".steps li[data-phase=backward]:not([hidden])");
    await page.click("[data-go=first]");
    await page.click("[data-go=play]");
    await page.waitForSelector(".steps li[data-step='1']:not([hidden])");
  },

  async mistake(page) {
    await open(page, "");
    await page.focus("#expr");
    await page.keyboard.press("End");
    await page.keyboard.type(" + sni(x)");
    await page.waitForFunction(() => document.querySelector('[role="alert"]')?.textContent?.includes("sin"));
    const marked = await page.$eval(".mirror mark", (mark) => mark.textContent);
    assert.equal(marked, "sni");
  },

  async share(page) {
    await open(page, "?expr=x^2");
    await page.click("[popovertarget=share]");
    await page.waitForSelector("[data-qr] svg");
    assert.equal(await page.$eval("[data-link]", (field) => /** @type {HTMLInputElement} */ (field).value), page.url());
  },

  async phone(page) {
    await page.setViewport({ width: 390, height: 844 });
    await open(page, "");
    await shows(page, GRADIENT, "40");
    const wider = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.equal(wider, 0);
    const box = await (await page.$(".figure svg"))?.boundingBox();
    assert.ok(box && box.y < 844 && box.width > 100);
  },
};

const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
try {
  for (const [name, run] of Object.entries(TRIED)) {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    await page.setViewport({ width: 1366, height: 768 });
    /** @type {string[]} */
    const faults = [];
    page.on("pageerror", (fault) => faults.push(String(fault)));
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    await run(page).catch((/** @type {Error} */ fault) => faults.push(fault.message));
    await page.close();
    process.stdout.write(`${JSON.stringify({ name, faults })}\n`);
  }
} finally {
  await browser.close();
}
