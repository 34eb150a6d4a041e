/** Reads one table after the other, beside the page. */

import { DataError } from "./mistakes.js";
import { readTable } from "./read.js";

addEventListener("message", ({ data: { content, read } }) => {
  if (content === undefined) return; // it is for another one in the same file
  try {
    const found = readTable(content, read);
    const moved = [...found.columns.values()].map(({ buffer }) => buffer);
    postMessage({ found }, { transfer: moved });
  } catch (fault) {
    const { message, row = null, column = null, offers = [] } = fault instanceof DataError ? fault : LARGE;
    postMessage({ error: { message, row, column, offers } });
  }
});

/** What is no mistake of the table is most likely a lack of room for it. */
const LARGE = /** @type {Partial<DataError>} */ ({
  message: "This table can't be read here. It may need more memory than the browser has.",
});
