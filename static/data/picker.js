/** The choice of samples: a set that is made, or a table of one's own. */

import { usualSet } from "../state/url.js";
import { createFaults } from "./faults.js";
import { createMade } from "./made.js";
import { createOwn, textOf } from "./own.js";
import { Fault, kept, setOf } from "./source.js";

/**
 * @typedef {import("./source.js").Table} Table
 * @typedef {import("./own.js").Content} Content
 * @typedef {Partial<import("../state/url.js").State>} Choice
 */

/**
 * @param {HTMLElement} root
 * @param {ReturnType<typeof import("./source.js").createSource>} source
 * @param {import("../page/clock.js").Clock} clock
 * @param {object} told
 * @param {(patch: Choice) => void} told.own an own table is chosen, and is being read
 * @param {(patch: Choice) => void} told.made a set is chosen, or none: the picker waits to be shown it
 * @param {(table: Table | null) => void} told.read when samples are there
 */
export function createPicker(root, source, clock, told) {
  const part = (/** @type {string} */ id) => /** @type {HTMLElement} */ (root.querySelector(`[data-part=${id}]`));
  const set = /** @type {HTMLSelectElement} */ (part("set"));
  const faults = createFaults(root, reread);
  const made = createMade(root, clock, choose);
  const own = createOwn(root, clock, {
    typed: (text, another) => useText(text, another ? "" : reading),
    opened: useFile,
  });
  let hasSamples = false;
  /** The own table that was read last, and how. @type {Content} */
  let content = "";
  let reading = "";

  /** Takes the samples once they are there, or tells what is wrong. @param {Promise<Table | null>} samples */
  async function take(samples) {
    say("Reading …");
    try {
      const table = await samples;
      if (!table) return;
      hasSamples = true;
      faults.tell("");
      told.read(table);
    } catch (fault) {
      say(hasSamples ? "The samples that were read last stay." : "");
      if (fault instanceof Fault) faults.tell(fault.message, fault.offers);
      else faults.tell(String(fault));
    }
  }

  /** @param {string} text */
  function say(text) {
    part("status").textContent = text;
  }

  function none() {
    hasSamples = false;
    source.cancel();
    faults.tell("");
    say("");
    told.read(null);
  }

  /** Shows the controls of what is chosen. @param {string} data */
  function turn(data) {
    set.value = setOf(data).name;
    part("remove").hidden = data === "";
    part("own").hidden = data !== "own";
    part("made").hidden = data === "" || data === "own";
    part("holding").hidden = data === "";
    made.show(data);
  }

  /** @param {string} text of an own table @param {string} read how */
  const chooseOwn = (text, read) => told.own({ data: "own", table: own.keep(text), read });

  /** Reads a table of one's own. @param {Content} table @param {string} read how */
  function readOwn(table, read) {
    [content, reading] = [table, read];
    part("as-it-stands").hidden = read === "";
    take(source.read(table, read));
  }

  /** Takes the table in the box. @param {string} text @param {string} read */
  function useText(text, read) {
    chooseOwn(text, read);
    if (text.trim()) readOwn(text, read);
    else none();
  }

  /** @param {File} file */
  async function useFile(file) {
    own.drop();
    const opened = source.open(file);
    const bytes = await opened.catch(() => null);
    if (!bytes) return void take(opened.then(() => null));
    const text = textOf(bytes);
    own.show(text);
    chooseOwn(text, "");
    readOwn(bytes, "");
  }

  /** Reads the same table in another way. @param {string} read */
  function reread(read) {
    chooseOwn(textOf(content), read);
    readOwn(content, read);
  }

  set.addEventListener("change", chooseSet);
  part("remove").addEventListener("click", () => {
    own.keep("");
    set.focus();
    choose("");
  });
  part("as-it-stands").addEventListener("click", () => {
    own.focus();
    reread("");
  });

  function chooseSet() {
    own.drop();
    if (set.value === "own") {
      turn("own");
      useText(own.text(), reading);
      own.focus();
    } else choose(set.value ? usualSet(set.value) : "");
  }

  /** @param {string} data */
  function choose(data) {
    told.made({ data, table: "", read: "", ...(data ? {} : { bind: "", row: -1, hold: 0 }) });
  }

  return {
    say,
    /** The set that the control shows: it may have been chosen before this module came. */
    chosen: () => set.value,
    /** As if it were chosen there. @param {string} name */
    choose(name) {
      set.value = name;
      chooseSet();
    },
    /** Shows what the state has. @param {string} data @param {string} table its text @param {string} read how */
    show(data, table, read) {
      own.drop();
      turn(data);
      if (data === "") return none();
      if (data !== "own") return void take(source.made(data));
      const text = table || kept();
      if (text) {
        own.show(text);
        own.keep(text);
        readOwn(text, read);
      } else {
        none();
        own.miss();
      }
    },
  };
}
