/** The first view of practice, while nothing is asked for: what this program offers, and exercises by level. */

import { setNames } from "../network/letters.js";
import { itemsOf, offers } from "./asking.js";
import { LEVELS } from "./levels.js";

/** So many paths stand there; the list has all. */
const PATHS = 3;
/** So many names of variables are told. */
const NAMES = 3;

/**
 * @param {import("../workbench.js").Page} page
 * @param {object} told
 * @param {(item: string) => void} told.asked
 * @param {(level: string) => void} told.opened
 */
export function createStart({ form, store }, { asked, opened }) {
  const list = /** @type {HTMLElement} */ (form.querySelector("[data-of-task=program] .asked-items"));
  const place = document.createElement("div");
  place.className = "start";
  const [program, exercises] = [part("Ask for numbers of this program"), part("Or take an exercise")];
  place.append(program, exercises);
  list.before(place);
  fill(
    exercises,
    "level",
    LEVELS.map(({ name, title }) => /** @type {const} */ ([name, title, ""])),
  );

  place.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null;
    if (button?.dataset.item) asked(button.dataset.item);
    if (button?.dataset.level) opened(button.dataset.level);
  });

  store.subscribe(["hide", "graph", "tensors"], (state) => {
    const graph = state.graph ?? state.tensors;
    place.hidden = itemsOf(state.hide).length > 0 || !graph;
    if (place.hidden || !graph) return;
    let paths = 0;
    const shown = offers({ ...state, about: "", frame: -1 }).filter(
      ([item]) => !item.startsWith("path:") || paths++ < PATHS,
    );
    fill(
      program,
      "item",
      shown.map(([item, title]) => /** @type {const} */ ([item, capital(title), about(item, graph)])),
    );
  });
}

/** A part with its heading and its list. @param {string} title */
function part(title) {
  const [made, heading, list] = ["section", "h3", "ul"].map((tag) => document.createElement(tag));
  heading.className = "heading";
  heading.textContent = title;
  made.setAttribute("aria-label", title);
  made.append(heading, list);
  return made;
}

/**
 * @param {HTMLElement} part @param {"item" | "level"} kind
 * @param {readonly (readonly [string, string, string])[]} rows what a button stands for, its title, what it is about
 */
function fill(part, kind, rows) {
  const items = rows.map(([value, title, words]) => {
    const [item, button, name, more] = ["li", "button", "b", "span"].map((tag) => document.createElement(tag));
    button.setAttribute("type", "button");
    button.className = "button";
    button.dataset[kind] = value;
    name.textContent = title;
    more.className = "quiet";
    more.textContent = words && ` ${words}`;
    button.append(name, more);
    item.append(button);
    return item;
  });
  part.querySelector("ul")?.replaceChildren(...items);
}

/**
 * What an item asks for, in the names of the program.
 * @param {string} item @param {{variables: readonly string[], nodes: readonly {id: string}[]}} graph
 */
export function about(item, { variables, nodes }) {
  const top = setNames(nodes[nodes.length - 1].id);
  const more = variables.length > NAMES ? " …" : "";
  const names = variables.slice(0, NAMES).map(setNames).join(", ") + more;
  if (item === "gradients") return `The backward pass, from ${top} down${names && ` to ${names}`}`;
  if (item === "partials") return "One rule at each edge";
  if (item === "values") return `The forward pass, ${names && `from ${names} `}up to ${top}`;
  if (item === "update") return "A parameter after one step";
  return `Only what lies between ${top} and ${setNames(item.slice("path:".length))}`;
}

/** @param {string} text */
const capital = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);
