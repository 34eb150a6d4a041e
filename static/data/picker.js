/** The choice of samples: a set that is made, or a table that is typed, pasted or opened as a file. */

import { decode, grouped, keep, LINKED, setOf } from "./source.js";
import { usualSet } from "../state/url.js";

/** @typedef {import("./source.js").Table} Table */

/** A keystroke waits so long for the next one, in milliseconds; pasted text does not. */
const TYPING = 700;
/** Longer texts of files are no use in a box. */
const SHOWN = 200_000;

/**
 * @param {HTMLElement} root
 * @param {ReturnType<typeof import("./source.js").createSource>} source
 * @param {object} told
 * @param {(text: string) => void} told.own an own table is used; with its text where the address can hold it
 * @param {(data: string) => void} told.made a set was chosen, or "" for none
 * @param {(table: Table | null) => void} told.read when rows are there
 */
export function createPicker(root, source, told) {
  const part = (/** @type {string} */ id) => /** @type {HTMLElement} */ (root.querySelector(`#data-${id}`));
  const set = /** @type {HTMLSelectElement} */ (part("set"));
  const box = /** @type {HTMLTextAreaElement} */ (part("text"));
  const file = /** @type {HTMLInputElement} */ (part("file"));
  const numbers = /** @type {NodeListOf<HTMLInputElement>} */ (root.querySelectorAll("[data-made]"));
  const problem = /** @type {HTMLTemplateElement} */ (part("problem"));
  let timer = 0;
  let hasRows = false;
  let chosen = "";

  /** Waits for rows, and takes them or tells what is wrong: the last rows stay. @param {Promise<Table | null>} rows */
  async function take(rows, done = () => {}) {
    say("Reading …");
    try {
      const table = await rows;
      if (!table) return;
      hasRows = true;
      blame("");
      done();
      told.read(table);
    } catch (fault) {
      say(hasRows ? "The rows that were read last stay." : "");
      blame(fault instanceof Error ? fault.message : String(fault));
    }
  }

  /** @param {string} text */
  function say(text) {
    part("status").textContent = text;
  }

  /** @param {string} message */
  function blame(message) {
    const fault = part("fault");
    if ((fault.textContent ?? "").trim() === message) return;
    const told = /** @type {HTMLElement} */ (problem.content.firstElementChild?.cloneNode(true));
    /** @type {HTMLElement} */ (told.querySelector("span")).textContent = message;
    fault.replaceChildren(...(message ? [told] : []));
    box.setAttribute("aria-invalid", String(message !== ""));
  }

  function none() {
    hasRows = false;
    source.cancel();
    blame("");
    say("");
    told.read(null);
  }

  /** Shows the controls of what is chosen. @param {string} data */
  function turn(data) {
    chosen = data;
    const { name, ...rest } = setOf(data);
    set.value = name;
    part("remove").hidden = data === "";
    part("own").hidden = data !== "own";
    part("made").hidden = data === "" || data === "own";
    for (const input of numbers) {
      if (input !== document.activeElement) input.value = rest[/** @type {"n"} */ (input.dataset.made)];
    }
  }

  /** Takes the table in the box. */
  function read() {
    clearTimeout(timer);
    const text = box.value;
    remember(text);
    told.own(text.length <= LINKED ? text : "");
    if (text.trim()) take(source.read(text));
    else none();
  }

  /** Says how long the table will be there. @param {string} text */
  function remember(text) {
    const linked = text.length <= LINKED;
    const here = keep(linked ? "" : text);
    const long = `This table has ${grouped(text.length)} characters, too many for a link.`;
    part("kept").textContent = linked
      ? ""
      : here
        ? `${long} It stays in this tab: whoever opens the link has to bring it.`
        : `${long} This tab can't keep it either: after a reload it has to be opened again.`;
  }

  box.addEventListener("input", (event) => {
    clearTimeout(timer);
    timer = window.setTimeout(read, /** @type {InputEvent} */ (event).inputType === "insertFromPaste" ? 0 : TYPING);
  });
  box.addEventListener("change", () => {
    if (timer) read();
  });
  file.addEventListener("change", async () => {
    const [picked] = file.files ?? [];
    if (!picked) return;
    file.value = ""; // the same file can be opened again, once it is mended
    const opened = source.open(picked);
    await take(
      opened.then((bytes) => source.read(bytes)),
      async () => {
        const text = decode(await opened);
        box.value = text.length <= SHOWN ? text : "";
        remember(text);
        told.own(text.length <= LINKED ? text : "");
      },
    );
  });
  set.addEventListener("change", chooseSet);
  for (const input of numbers) {
    input.addEventListener("input", () => {
      if ([...numbers].some((each) => each.value === "" || !each.checkValidity())) return;
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        choose([setOf(chosen).name, ...[...numbers].map((each) => each.value)].join(","));
      }, TYPING / 2);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault(); // it would press the form's first button
    });
  }
  part("remove").addEventListener("click", () => {
    keep("");
    set.focus();
    choose("");
  });

  function chooseSet() {
    clearTimeout(timer);
    if (set.value === "own") {
      turn("own");
      read();
      box.focus();
    } else choose(set.value ? usualSet(set.value) : "");
  }

  /** @param {string} data */
  function choose(data) {
    turn(data);
    told.made(data);
  }

  return {
    say,
    /** What was chosen before this module came holds, where the address says nothing. @param {string} data */
    begin(data) {
      if (set.value && !data) chooseSet();
    },
    /** Shows what the state has. @param {string} data @param {string} text of an own table */
    show(data, text) {
      clearTimeout(timer);
      turn(data);
      if (data === "") none();
      else if (data !== "own") take(source.made(data));
      else if (text) {
        if (box.value !== text) box.value = text;
        remember(text);
        take(source.read(text));
      } else {
        none();
        part("kept").textContent = "The table was too long for the link. Paste it here, or open its file.";
      }
    },
  };
}
