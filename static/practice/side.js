/** Practice: hidden numbers are asked for, in the figure and in a card; what is typed is judged here. */

import { isCoarse, judge } from "../explain/grading/judge.js";
import { formatNumber } from "../engine/numerals.js";
import { NOTHING } from "../page/hidden.js";
import { shows, valueOf } from "../state/url.js";
import { read } from "./answers.js";
import { hideNow, itemsOf, offers, titleOf, toggled } from "./asking.js";
import { createCard } from "./card.js";
import { axesOf, cellOf, coarseIn, marksOf, retyped, shapeOf, textsOf } from "./cells.js";
import { createFields } from "./fields.js";
import { createNodes } from "./nodes.js";
import { createProgress } from "./progress.js";
import { earlier, foundFields, isFound, nextOpen, progress, withUpdate } from "./questions.js";
import { createStart } from "./start.js";
import { createTasks, taskOf } from "./tasks.js";
import { called, cellsSaid, counted, filled, noNumber, rightOf, said, saidOfTensor, tooCoarse } from "./words.js";

/**
 * @typedef {import("./questions.js").Question} Question
 * @typedef {import("./questions.js").Given} Given
 */

const STAGES = 3;

/** @param {import("../workbench.js").Page} page @returns {import("../workbench.js").Side} */
export const create = (page) => new Practice(page);

class Practice {
  /** What was answered to this program at this point. @type {Map<string, Given>} */
  #answers = new Map();
  /** What is typed beyond that, by the field. @type {Map<string, import("./cells.js").Draft>} */
  #drafts = new Map();
  #key = "";
  #current = "";
  /** The hints that were given, by the field: so many stages. @type {Map<string, number>} */
  #hints = new Map();
  /** @type {import("../engine/engine.js").Run | null} */
  #run = null;
  #shownKey = "";
  /** Whether someone has just begun, and goes on in the card once it asks. */
  #begins = false;
  /** How the question for a descent's update ended: right, shown, or not yet. */
  #update = "";
  /** Every number, also those that are hidden. @type {import("../page/fields.js").Fields | null} */
  #fields = null;

  /** @param {import("../workbench.js").Page} page */
  constructor(page) {
    this.page = page;
    this.store = page.store;
    this.kept = createProgress(page.settings);
    const element = /** @type {HTMLElement} */ (page.form.querySelector("[data-part=question]"));
    this.card = createCard(element, {
      answered: (text) => this.#answer(this.#current, text, "card"),
      typed: (text) => this.#typed(this.#current, text),
      asked: (act) => this.#act(act),
      turned: (field) => this.#turn(field, true),
    });
    this.places = createFields(page.root, {
      turned: (field) => this.#turn(field, false),
      answered: (field, text) => this.#answer(field, text, "figure"),
    });
    this.nodes = createNodes(page.root, {
      turned: (field) => this.#turn(field, false),
      typed: (field, text) => this.#typed(field, text),
      checked: (field) => this.#answer(field, this.#draft(field).text, "figure"),
    });
    // In a file one practises what is asked for there, and nothing else.
    if (page.form.querySelector("[data-tasks]")) {
      const tasks = createTasks(page, () => (this.#begins = true));
      const asked = bindAsking(page);
      createStart(page, {
        asked: (item) => {
          this.#begins = true;
          asked(item);
        },
        opened: tasks.open,
      });
    }
    page.form.addEventListener("update-answered", (event) => this.#updated(/** @type {CustomEvent} */ (event).detail));
    this.store.subscribe(["expr", "optimizer"], () => (this.#update = this.#keptUpdate));
    this.store.subscribe(["panes", "practise", "task"], () => this.#host(element));
    this.store.subscribe(["about"], ({ about }) => about && this.#goTo(about));
    this.store.subscribe(["graph", "tensors", "closed", "practise"], () => (this.#shownKey = ""));
  }

  /** The questions of what is shown. @returns {readonly Question[]} */
  get #questions() {
    const { graph, tensors, practise } = this.store.state;
    return practise === "on" ? ((graph ?? tensors)?.hidden?.asked ?? []) : [];
  }

  /** Why nothing can be asked. */
  get #problem() {
    const { graph, tensors, samples, row, hide } = this.store.state;
    if (!graph && !tensors) return "";
    if (samples && row < 0) {
      return "What is shown is an average over samples: pick one sample, and its numbers are asked for.";
    }
    if (!itemsOf(hide).length) return "Choose what is asked for.";
    if (this.#questions.length) return "";
    if (itemsOf(hide).includes("update")) return "The update is asked for in its own card, under the descent.";
    return "There is no number to be found in what was chosen.";
  }

  /** Where the answer to a descent's update is kept: whichever step was answered first. */
  get #updateKey() {
    const { expr, optimizer } = this.store.state;
    return `update ${hash(JSON.stringify([expr, optimizer]))}`;
  }

  get #keptUpdate() {
    return this.kept.read(this.#updateKey).get("update")?.status ?? "";
  }

  /** @param {"right" | "shown"} status */
  #updated(status) {
    if (this.#update) return;
    this.#update = status;
    this.kept.write(this.#updateKey, new Map([["update", { status, text: "", value: 0 }]]));
    this.#refresh();
  }

  /** How far one is. @param {readonly Question[]} questions @param {ReadonlyMap<string, Given>} answers */
  #progress(questions, answers) {
    const { state } = this.store;
    const hidden = (state.graph ?? state.tensors)?.hidden;
    const own = progress(questions, answers);
    const asks = state.practise === "on" && hidden?.update && shows(state, "plot", "training");
    return asks ? withUpdate(own, this.#update) : own;
  }

  /** At most once a frame, with the numbers. @param {object} fields those of one run */
  show(fields) {
    const { run } = /** @type {{run?: import("../engine/engine.js").Run}} */ (fields);
    this.#run = this.store.state.tensors ? null : (run ?? null);
    this.#fields = /** @type {import("../page/fields.js").Fields} */ (fields);
    const key = this.#keyNow();
    if (key === this.#key && this.#shownKey === key) return;
    if (key !== this.#key) {
      this.#key = key;
      this.#answers = this.kept.read(key);
      this.#drafts.clear();
      this.#hints.clear();
      this.card.say([]);
    }
    this.#shownKey = key;
    this.#refresh();
  }

  /** Other numbers are other questions. */
  #keyNow() {
    const { state } = this.store;
    const { expr, dialect, view, open, seed, pin, graph, tensors } = state;
    const names = (graph ?? tensors)?.variables ?? [];
    const at = names.map((name) => state.lists.get(name) ?? valueOf(state, name));
    return hash(JSON.stringify([expr, dialect, view, open, seed, pin, at, state.row]));
  }

  #refresh() {
    const questions = this.#problem ? [] : this.#questions;
    const own = new Map(questions.flatMap(({ field }) => entry(field, this.#answers.get(field))));
    const open = questions.filter(({ field }) => !isFound(own.get(field)));
    if (!open.some(({ field }) => field === this.#current)) this.#current = nextOpen(questions, own, "")?.field ?? "";
    const { graph, tensors } = this.store.state;
    const hidden = (graph ?? tensors)?.hidden?.fields ?? [];
    const found = questions.length ? (open.length ? foundFields(questions, own) : new Set(hidden)) : NOTHING;
    if (!same(found, this.store.state.found)) this.store.change({ found });
    this.card.show({
      questions,
      answers: own,
      current: open.find(({ field }) => field === this.#current),
      progress: this.#progress(questions, own),
      problem: this.#problem,
      tensors: axesOf(tensors, this.#current).length > 0 && !this.#current.includes("["),
      shape: shapeOf(tensors, this.#current),
      draft: this.#draft(this.#current),
    });
    this.places.show(
      open,
      (field) => ({ text: this.#draft(field).text, wrong: own.get(field)?.status === "wrong" }),
      this.#current,
    );
    const shape = (/** @type {string} */ field) => shapeOf(tensors, field);
    this.nodes.show(tensors ? open : [], shape, this.#draft, this.#current);
    this.#veilRule(open);
    if (this.#begins && open.length) {
      this.#begins = false;
      this.card.focus();
    }
    // For whoever counts: a file with several pages, a course that it runs in.
    const detail = this.#progress(questions, own);
    this.page.form.dispatchEvent(new CustomEvent("practised", { detail, bubbles: true }));
  }

  /** While something of what is chosen is asked for, the inspector does not say its rule. @param {Question[]} open */
  #veilRule(open) {
    const { about } = this.store.state;
    const asked = about !== "" && open.some(({ field }) => field.startsWith(`${about}.`) || placeOf(field) === about);
    this.page.form.toggleAttribute("data-asking", asked);
  }

  /** @param {string} field */
  #named = (field) => {
    const question = this.#questions.find((one) => one.field === field);
    const value = this.#answers.get(field)?.value;
    return `your ${question?.name ?? field}${value === undefined ? "" : ` = ${formatNumber(value)}`}`;
  };

  /** What stands in the fields of a question, wherever they are. @param {string} field */
  #draft = (field) => this.#drafts.get(field) ?? { text: this.#answers.get(field)?.text ?? "", marks: [] };

  /** @param {string} field @param {string} text */
  #typed(field, text) {
    const draft = retyped(this.#draft(field), text);
    this.#drafts.set(field, draft);
    this.card.fill(draft);
    this.places.fill(field, text);
    this.nodes.fill(field, draft);
  }

  /** @param {string} field @param {string} text @param {"card" | "figure"} where */
  #answer(field, text, where) {
    const question = this.#questions.find((one) => one.field === field);
    if (!question || !text.trim()) return;
    if (this.store.state.tensors) return void this.#answerTensor(question, text, where);
    if (!this.#run) return;
    const answer = read(text);
    if (!answer) {
      this.#current = field;
      this.#refresh();
      return this.card.say([noNumber(text)], "wrong");
    }
    const verdict = judge(this.#run, field, answer, earlier(this.#answers));
    if (!verdict) return;
    this.#drafts.delete(field);
    this.#answers.set(field, { status: verdict.verdict, text, value: answer.value });
    this.kept.write(this.#key, this.#answers);
    this.#current = field;
    const counts = verdict.verdict !== "wrong";
    const coarse = verdict.verdict === "wrong" && isCoarse(answer, verdict.number ?? NaN);
    const lines = coarse ? [tooCoarse(text)] : said(question, answer.value, verdict, this.#named);
    if (counts) this.#current = nextOpen(this.#questions, this.#answers, field)?.field ?? "";
    this.#refresh();
    this.card.say(counts ? [...lines, this.#placeNow()] : lines, counts ? "right" : "wrong");
    if (!counts) return;
    if (where === "figure") this.places.focus(this.#current);
    else this.card.focus();
  }

  /**
   * The cells of a tensor are judged here, one by one; the server names the mistakes of what is wrong.
   * @param {Question} question @param {string} text @param {"card" | "figure"} where
   */
  async #answerTensor(question, text, where) {
    const { texts, right } = this.#cells(question.field, text);
    const marks = marksOf(texts, right);
    this.#current = question.field;
    this.#drafts.set(question.field, { text, marks });
    this.#refresh();
    if (marks.length && marks.every((mark) => mark === "right")) return this.#judged(question, text, "right", where);
    if (marks.some((mark) => mark === "open" || mark === "none")) {
      return this.card.say(cellsSaid(question, marks), marks.includes("right") ? "" : "wrong");
    }
    const coarse = coarseIn(texts, right);
    if (coarse.length) {
      const counted = marks.length > 1 ? cellsSaid(question, marks) : [];
      return this.#judged(question, text, "wrong", where, [...counted, tooCoarse(coarse[0])]);
    }
    const key = this.#key;
    const reply = await this.page.server.fetch(`api/judge?${this.#judging(question.field, text)}`).catch(() => null);
    if (key !== this.#key) return undefined; // another point is asked about by now
    if (!reply && marks.length) {
      const lost = "Which mistake gives it is told by the server, which can't be reached.";
      return this.#judged(question, text, "wrong", where, [...cellsSaid(question, marks), lost]);
    }
    if (!reply) {
      return this.card.say(["Tensors of so many cells are judged by the server, which can't be reached."], "wrong");
    }
    const told = await reply.json().catch(() => null);
    if (!reply.ok || !told) return this.card.say([told?.error?.message ?? "The server is busy. Try again."], "wrong");
    const counted = marks.length > 1 ? cellsSaid(question, marks).join(" ") : told.text;
    return this.#judged(question, text, told.verdict, where, saidOfTensor(question, { ...told, text: counted }));
  }

  /**
   * What stands in the cells of an answer, and what is right there; nothing where it has other cells.
   * @param {string} field @param {string} text @returns {{texts: string[], right: number[]}}
   */
  #cells(field, text) {
    const oneNumber = field.includes("[") || !axesOf(this.store.state.tensors, field).length;
    if (oneNumber) return { texts: [text.trim()], right: [Number(this.#fields?.get(field) ?? NaN)] };
    const shape = shapeOf(this.store.state.tensors, field);
    const texts = textsOf(text);
    const count = shape?.reduce((product, size) => product * size, 1);
    if (!shape || texts.length !== count || !isNested(text, shape)) return { texts: [], right: [] };
    return { texts, right: texts.map((_, at) => Number(this.#fields?.get(cellOf(field, shape, at)) ?? NaN)) };
  }

  /**
   * What the server is asked: with fractions computed, and with what was answered before and is not right.
   * @param {string} field @param {string} text
   */
  #judging(field, text) {
    const before = [...this.#answers].filter(([other, given]) => other !== field && !isFound(given));
    const query = new URLSearchParams(this.page.query());
    for (const [name, value] of [
      ["field", field],
      ["answer", computed(text)],
      ["why", "1"],
      ...before.map(([other, given]) => ["earlier", `${other}:${computed(given.text)}`]),
    ]) {
      query.append(name, value);
    }
    return query;
  }

  /**
   * @param {Question} question @param {string} text @param {Given["status"]} status
   * @param {"card" | "figure"} where @param {string[]} [lines]
   */
  #judged(question, text, status, where, lines = rightOf(question)) {
    const { field } = question;
    this.#answers.set(field, { status, text, value: 0 });
    this.kept.write(this.#key, this.#answers);
    const counts = status !== "wrong";
    if (counts) this.#drafts.delete(field);
    this.#current = counts ? (nextOpen(this.#questions, this.#answers, field)?.field ?? "") : field;
    this.#refresh();
    this.card.say(counts ? [...lines, this.#placeNow()] : lines, counts ? "right" : "wrong");
    if (counts) this.#goOn(where);
  }

  /** To the next question, where the last one was answered. @param {"card" | "figure"} where */
  #goOn(where) {
    if (where === "card" || !this.nodes.focus(this.#current)) this.card.focus();
  }

  #placeNow() {
    const now = this.#progress(this.#questions, this.#answers);
    return now.done ? `${counted(now)}: that is all.` : `${counted(now)}.`;
  }

  /** Turns to a question. @param {string} field @param {boolean} focus */
  #turn(field, focus) {
    if (field === this.#current && !focus) return;
    const given = this.#answers.get(field);
    const changed = field !== this.#current;
    this.#current = isFound(given) ? this.#current : field;
    if (changed && !isFound(given)) this.card.say([]);
    this.#refresh();
    const question = this.#questions.find((one) => one.field === field);
    if (focus && question) this.page.reveal(question.place.split(".")[0]);
    if (focus) this.card.focus();
  }

  /** The question of what was chosen in the figure. @param {string} about */
  #goTo(about) {
    const open = this.#questions.filter(({ field }) => !isFound(this.#answers.get(field)));
    const here = open.find(({ place, field }) => place === about || placeOf(field) === about);
    if (here) this.#turn(here.field, false);
    else if (this.#shownKey) this.#refresh();
  }

  /** @param {string} act */
  #act(act) {
    if (act === "next") return this.#turn(nextOpen(this.#questions, this.#answers, this.#current)?.field ?? "", true);
    if (act === "all") return this.store.change({ hide: "", practise: "off" });
    if (act === "hint") return void this.#hint();
    const question = this.#questions.find(({ field }) => field === this.#current);
    if (act === "again") {
      this.#answers.clear();
      this.#drafts.clear();
      this.#update = "";
      this.kept.write(this.#updateKey, new Map());
    }
    if (act === "show" && question) {
      const number = this.#run && judge(this.#run, question.field, { value: NaN, slack: 0, digits: 0 })?.number;
      this.#drafts.delete(question.field);
      this.#answers.set(question.field, { status: "shown", text: "", value: number ?? 0 });
      const told = number === null ? "stands in the figure" : `= ${formatNumber(number ?? 0)}`;
      this.card.say([`${question.name} ${told}.`, this.#placeNow()]);
      this.#current = nextOpen(this.#questions, this.#answers, question.field)?.field ?? "";
    } else this.card.say([]);
    this.kept.write(this.#key, this.#answers);
    this.#refresh();
    this.card.focus();
  }

  /** The next hint: the server writes the rules. */
  async #hint() {
    const field = this.#current;
    const question = this.#questions.find((one) => one.field === field);
    if (!question) return;
    const stage = Math.min((this.#hints.get(field) ?? 0) + 1, STAGES);
    const query = `${this.page.query()}&field=${encodeURIComponent(field)}&stage=${stage}`;
    const reply = await this.page.server.fetch(`api/hint?${query}`).catch(() => null);
    if (field !== this.#current) return; // another one is asked by now
    if (!reply?.ok) {
      return this.card.say(["Hints come from the server, which can't be reached. Answers are judged without it."]);
    }
    const told = await reply.json(); // a file has all hints, and puts its numbers into them
    const hint = told.hint ?? filled(told.hints[field]?.[stage - 1] ?? "", this.#fields ?? new Map());
    this.#hints.set(field, stage);
    this.card.say([`Hint ${stage} of ${STAGES} for ${called(question)}:`, hint || "This number is given, not found."]);
  }

  /** The card stands in the pane, or on top of the inspector. @param {HTMLElement} card */
  #host(card) {
    const { state } = this.store;
    card.hidden = state.practise !== "on" || taskOf(state.task).kind === "hunt";
    const pane = this.page.form.querySelector("[data-host=question]");
    const inspector = this.page.form.querySelector(".inspector-body, .embed-side");
    if (shows(state, "practice") && pane) pane.append(card);
    else inspector?.prepend(card);
  }
}

/** What a field is of: a node, a variable, or an edge. @param {string} field */
const placeOf = (field) => field.slice(0, field.lastIndexOf("."));

/**
 * Whether a list has rows where it should: a flat one is a vector.
 * @param {string} text @param {readonly number[]} shape
 */
const isNested = (text, shape) => shape.length === 1 || shape[0] === 1 || /\]\s*,?\s*\[/.test(text);

/** A list with what its fractions and calculations are. @param {string} text */
const computed = (text) =>
  text.replace(/[^[\],;\s][^[\],;]*/g, (cell) => {
    const value = read(cell)?.value;
    return value === undefined ? cell : String(value);
  });

/** @param {string} field @param {Given | undefined} given @returns {[string, Given][]} */
const entry = (field, given) => (given ? [[field, given]] : []);

/** @param {ReadonlySet<string>} a @param {ReadonlySet<string>} b */
const same = (a, b) => a.size === b.size && [...a].every((one) => b.has(one));

/**
 * The choice of what is asked for.
 * @param {import("../workbench.js").Page} page @returns {(item: string) => void} asks for one more
 */
function bindAsking({ form, store, choose }) {
  const items = /** @type {HTMLElement} */ (form.querySelector("[data-of=items]"));
  const add = /** @type {HTMLSelectElement} */ (form.querySelector("[data-of=add]"));
  store.subscribe(["hide", "graph", "tensors", "about", "frame", "closed"], (state) => {
    items.replaceChildren(
      ...itemsOf(hideNow(state)).map((item) => {
        const button = document.createElement("button");
        button.setAttribute("type", "button");
        button.className = "chip";
        button.dataset.item = item;
        button.textContent = `${titleOf(item)} ×`;
        button.setAttribute("aria-label", `Ask no more for ${titleOf(item)}`);
        return button;
      }),
    );
    const options = offers(state).map(([item, title]) => new Option(title, item));
    add.replaceChildren(new Option("Ask for …", ""), ...options);
  });
  items.addEventListener("click", ({ target }) => {
    const item = target instanceof HTMLElement ? target.dataset.item : "";
    if (!item) return;
    const hide = toggled(hideNow(store.state), item);
    choose({ hide, names: "", practise: hide ? "on" : "off" });
    add.focus();
  });
  const ask = (/** @type {string} */ item) =>
    choose({
      hide: toggled(hideNow(store.state), item),
      names: "",
      practise: "on",
      ...(item.startsWith("from:") ? { frame: -1 } : {}),
      ...(item === "update" && !shows(store.state, "plot", "training") ? { panes: "training,practice" } : {}),
    });
  add.addEventListener("change", () => add.value && ask(add.value));
  return ask;
}

/** A short name of a long text. @param {string} text */
function hash(text) {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  return (a >>> 0).toString(36) + (b >>> 0).toString(36);
}
