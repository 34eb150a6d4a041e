/** The choice of samples: a set that is made, or a table of one's own. */

import { usualSet } from "../state/url.js";
import { createFaults } from "./faults.js";
import { createMade } from "./made.js";
import { createOwn, textOf } from "./own.js";
import { Fault, setOf } from "./source.js";

/**
 * @typedef {import("./source.js").Table} Table
 * @typedef {import("./own.js").Content} Content
 */

/**
 * @param {HTMLElement} root
 * @param {ReturnType<typeof import("./source.js").createSource>} source
 * @param {object} told
 * @param {(text: string, read: string) => void} told.own an own table is used: its text, where the address can
 *   hold it, and how it is read
 * @param {(data: string) => void} told.made a set was chosen, or "" for none
 * @param {(table: Table | null) => void} told.read when samples are there
 */
export function createPicker(root, source, told) {
  const part = (/** @type {string} */ id) => /** @type {HTMLElement} */ (root.querySelector(`#data-${id}`));
  const set = /** @type {HTMLSelectElement} */ (part("set"));
  const faults = createFaults(root, reread);
  const made = createMade(root, choose);
  const own = createOwn(root, {
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
    made.show(data);
  }

  /** Reads a table of one's own. @param {Content} table @param {string} read how */
  function readOwn(table, read) {
    [content, reading] = [table, read];
    part("as-it-stands").hidden = read === "";
    take(source.read(table, read));
  }

  /** Takes the table in the box. @param {string} text @param {string} read */
  function useText(text, read) {
    told.own(own.keep(text), read);
    if (text.trim()) readOwn(text, read);
    else none();
  }

  /** @param {File} file */
  async function useFile(file) {
    own.cancel();
    const opened = source.open(file);
    const bytes = await opened.catch(() => null);
    if (!bytes) return void take(opened.then(() => null));
    const text = textOf(bytes);
    own.show(text);
    told.own(own.keep(text), "");
    readOwn(bytes, "");
  }

  /** Reads the same table in another way. @param {string} read */
  function reread(read) {
    told.own(own.keep(textOf(content)), read);
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
    own.cancel();
    if (set.value === "own") {
      turn("own");
      useText(own.text(), reading);
      own.focus();
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
    /** Shows what the state has. @param {string} data @param {string} text of an own table @param {string} read how */
    show(data, text, read) {
      own.cancel();
      turn(data);
      if (data === "") none();
      else if (data !== "own") take(source.made(data));
      else if (text) {
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
