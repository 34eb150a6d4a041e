/** A text beside a figure: it tells numbers of the point where the page begins, those that are hidden once found. */

import { bind } from "./fields.js";
import { pointOf } from "../state/url.js";

/**
 * What stands there already stays, wherever the sliders go: the sentences around it are of that point.
 * @param {ParentNode} text
 * @param {Pick<ReturnType<typeof import("./page.js").createPage>, "store" | "told">} page
 */
export function bindTold(text, { store, told }) {
  const open = [...text.querySelectorAll("[data-field]")].filter((element) => !element.textContent);
  if (!open.length) return;
  const fill = bind(open);
  const names = (store.state.graph ?? store.state.tensors)?.variables ?? [];
  const begun = pointOf(store.state, names);
  store.subscribe(["found"], (state) => {
    if (pointOf(state, names) === begun) fill({ get: told });
  });
}
