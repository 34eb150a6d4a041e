// Generated from state.py and limits.py in graphviz_backprop/web/asked by tools/generate.py.

/**
 * @typedef {object} State
 * @property {string} expr the program
 * @property {string} dialect what the program is written in: the language (own) or another; auto, and it is recognised
 * @property {string} view
 * @property {string} open what is opened: composite nodes and groups, ids with commas between them, or "all"
 * @property {string} shut groups that are closed: ids with commas, or "all"
 * @property {string} focus the part that alone is shown: "x" is what lies between x and the output, "to:c" what c depends on
 * @property {string} constants whether constants have boxes of their own
 * @property {string} dir where the output stands
 * @property {number} seed the gradient that comes in at the output
 * @property {string} digits significant digits of the numbers that are shown
 * @property {number} frame where the step-by-step player stands; -1, and everything is shown
 * @property {string} panels the explanations that are open, with commas between them
 * @property {string} about what is chosen: a variable, a node, an edge such as c.0, or a cell such as W[0,1]
 * @property {number} h the nudge
 * @property {string} along the direction in which a tensor is nudged: along its gradient, all cells alike, or a random one
 * @property {number} drawn the seed of a random direction
 * @property {string} panes what stands in the middle of the page: one pane or two
 * @property {string} full the pane that has the window for itself
 * @property {number} split how much of the width the first of two panes has, in percent
 * @property {string} inspector auto: it is open beside one pane, shut beside two
 * @property {number} aside the inspector's width in pixels; 0, and it is chosen
 * @property {string} tab on a small screen, what stands below the figure; auto: what the address asks for beside it
 * @property {string} plot what is plotted: "x" or "x,y"; "", and it is chosen
 * @property {string} box what the plot shows: "left,right,bottom,top"; "", and it is chosen
 * @property {string} optimizer with commas between them, where several race
 * @property {number} rate the learning rate; 0, and one is chosen
 * @property {string} hyper the optimizer's settings: "beta1:0.8,…"
 * @property {number} steps how many the descent has
 * @property {string} params what the descent moves, with commas; "", and nobody chose
 * @property {number} k the step of the descent that is shown; -1, and there is none
 * @property {string} data a set: "moons,200,0,0.1" (name, samples, seed, noise); "own" for a table
 * @property {string} table the text of an own table, where it is short
 * @property {string} read how it is read, where it leaves that open: "missing:drop,…"
 * @property {string} bind columns and their variables, where names differ: "a:x1,…"
 * @property {number} hold of a hundred samples, so many that are held out, to be tested on
 * @property {number} row the sample that is shown, from 0; -1 for the average
 * @property {number} batch samples a step; 0 for all
 * @property {number} order the seed of the samples' order; -1, and they stay as they stand
 * @property {string} weight the weight, bias or neuron that is derived
 * @property {string} unfold what of its derivation is unfolded: neurons with commas
 * @property {string} index the order of a weight's indices, with "L" behind it where layers count from the last one
 * @property {string} layers blocks of the network that are opened: layers with commas
 * @property {string} pin variables that are pinned: constants, with commas between them
 * @property {string} hide numbers that are hidden, to be found: "gradients,partials,values,path:x,from:7,c.0.flow,W[0].total"
 * @property {string} practise whether hidden numbers are asked for, in the figure, too
 * @property {string} ask which of the hidden numbers are asked for, as hide has it: "gradients"; "", and all are
 * @property {string} names the view whose nodes hide and ask name; "", and it is the one that is shown
 * @property {string} task what is practised: "exercise:neuron:7", "hunt:shared:3", "grade"; "" for the program
 * @property {string} lock variables that nobody can move on the page, with commas between them
 * @property {string} present whether it is shown to an audience
 * @property {ReadonlyMap<string, number>} at values by variable
 * @property {ReadonlyMap<string, number>} min ends of the sliders, where they were chosen
 * @property {ReadonlyMap<string, number>} max
 * @property {ReadonlyMap<string, number>} step
 * @property {ReadonlyMap<string, number>} from where the descent began
 * @property {ReadonlyMap<string, number>} starts where the program lets its variables start
 * @property {ReadonlyMap<string, string>} lists values of tensors, as they are written
 *
 * @typedef {"at" | "min" | "max" | "step" | "from"} Family
 */

/**
 * @typedef {object} Row a parameter of the address
 * @property {keyof State} name in the address; a family has a member for each variable, after a dot
 * @property {boolean} family
 * @property {string} kind how its text is read: a reader's name
 * @property {readonly string[]} names that it can be
 * @property {number} most the greatest number, or length
 * @property {string | number} otherwise what holds where it is absent
 * @property {"text" | "choice" | "number"} change what a change of it is to the browser's history
 * @property {"value" | "presence" | "picture" | "nothing"} remakes what of it the server's parts depend on:
 *   its value, whether it is there, or nothing; of a "picture" the figure alone depends
 * @property {boolean} undone whether a change of it alone can be undone; else it is where one looks
 */

/** @type {readonly Row[]} */
export const PARAMETERS = Object.freeze([
  { name: "expr", family: false, kind: "text", names: [], most: 0, otherwise: "(4*x+1)^2", change: "text", remakes: "value", undone: true },
  { name: "dialect", family: false, kind: "choice", names: ["auto", "own", "mathml", "spreadsheet", "latex", "javascript", "python"], most: 0, otherwise: "auto", change: "choice", remakes: "value", undone: true },
  { name: "view", family: false, kind: "choice", names: ["tree", "graph"], most: 0, otherwise: "tree", change: "choice", remakes: "value", undone: true },
  { name: "open", family: false, kind: "nodes", names: [], most: 50, otherwise: "", change: "choice", remakes: "picture", undone: true },
  { name: "shut", family: false, kind: "nodes", names: [], most: 50, otherwise: "", change: "choice", remakes: "picture", undone: true },
  { name: "focus", family: false, kind: "nodes", names: [], most: 50, otherwise: "", change: "choice", remakes: "picture", undone: false },
  { name: "constants", family: false, kind: "choice", names: ["shown", "hidden"], most: 0, otherwise: "shown", change: "choice", remakes: "picture", undone: false },
  { name: "dir", family: false, kind: "choice", names: ["up", "right"], most: 0, otherwise: "up", change: "choice", remakes: "value", undone: true },
  { name: "seed", family: false, kind: "number", names: [], most: 0, otherwise: 1, change: "number", remakes: "presence", undone: true },
  { name: "digits", family: false, kind: "choice", names: ["3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17"], most: 0, otherwise: "4", change: "choice", remakes: "value", undone: false },
  { name: "frame", family: false, kind: "count", names: [], most: 1000000, otherwise: -1, change: "number", remakes: "presence", undone: false },
  { name: "panels", family: false, kind: "subset", names: ["paths", "nudge", "forward", "formula", "sides", "heat", "slope", "follow"], most: 0, otherwise: "none", change: "number", remakes: "nothing", undone: true },
  { name: "about", family: false, kind: "text", names: [], most: 0, otherwise: "", change: "choice", remakes: "nothing", undone: false },
  { name: "h", family: false, kind: "number", names: [], most: 0, otherwise: 0.01, change: "number", remakes: "nothing", undone: true },
  { name: "along", family: false, kind: "choice", names: ["gradient", "ones", "random"], most: 0, otherwise: "gradient", change: "choice", remakes: "nothing", undone: true },
  { name: "drawn", family: false, kind: "count", names: [], most: 1000000, otherwise: 0, change: "number", remakes: "nothing", undone: true },
  { name: "panes", family: false, kind: "panes", names: ["graph", "network", "plot", "training", "nodes", "data", "practice"], most: 2, otherwise: "graph", change: "choice", remakes: "nothing", undone: true },
  { name: "full", family: false, kind: "choice", names: ["none", "graph", "network", "plot", "training", "nodes", "data", "practice"], most: 0, otherwise: "none", change: "number", remakes: "nothing", undone: false },
  { name: "split", family: false, kind: "count", names: [], most: 1000000, otherwise: 50, change: "number", remakes: "nothing", undone: false },
  { name: "inspector", family: false, kind: "choice", names: ["auto", "open", "shut"], most: 0, otherwise: "auto", change: "number", remakes: "nothing", undone: false },
  { name: "aside", family: false, kind: "count", names: [], most: 1000000, otherwise: 0, change: "number", remakes: "nothing", undone: false },
  { name: "tab", family: false, kind: "choice", names: ["auto", "variables", "program", "explain", "pane"], most: 0, otherwise: "auto", change: "number", remakes: "nothing", undone: false },
  { name: "plot", family: false, kind: "text", names: [], most: 0, otherwise: "", change: "choice", remakes: "nothing", undone: true },
  { name: "box", family: false, kind: "text", names: [], most: 0, otherwise: "", change: "number", remakes: "nothing", undone: true },
  { name: "optimizer", family: false, kind: "text", names: [], most: 0, otherwise: "gd", change: "choice", remakes: "nothing", undone: true },
  { name: "rate", family: false, kind: "finite", names: [], most: 0, otherwise: 0, change: "choice", remakes: "nothing", undone: true },
  { name: "hyper", family: false, kind: "text", names: [], most: 0, otherwise: "", change: "choice", remakes: "nothing", undone: true },
  { name: "steps", family: false, kind: "count", names: [], most: 1000000, otherwise: 100, change: "choice", remakes: "nothing", undone: true },
  { name: "params", family: false, kind: "text", names: [], most: 0, otherwise: "", change: "choice", remakes: "nothing", undone: true },
  { name: "k", family: false, kind: "count", names: [], most: 1000000, otherwise: -1, change: "number", remakes: "nothing", undone: true },
  { name: "data", family: false, kind: "text", names: [], most: 0, otherwise: "", change: "choice", remakes: "nothing", undone: true },
  { name: "table", family: false, kind: "text", names: [], most: 0, otherwise: "", change: "choice", remakes: "nothing", undone: true },
  { name: "read", family: false, kind: "text", names: [], most: 0, otherwise: "", change: "choice", remakes: "nothing", undone: true },
  { name: "bind", family: false, kind: "text", names: [], most: 0, otherwise: "", change: "choice", remakes: "nothing", undone: true },
  { name: "hold", family: false, kind: "count", names: [], most: 90, otherwise: 0, change: "choice", remakes: "nothing", undone: true },
  { name: "row", family: false, kind: "count", names: [], most: 1000000, otherwise: -1, change: "number", remakes: "nothing", undone: true },
  { name: "batch", family: false, kind: "count", names: [], most: 1000000, otherwise: 0, change: "choice", remakes: "nothing", undone: true },
  { name: "order", family: false, kind: "count", names: [], most: 1000000, otherwise: 0, change: "choice", remakes: "nothing", undone: true },
  { name: "weight", family: false, kind: "text", names: [], most: 0, otherwise: "", change: "choice", remakes: "value", undone: true },
  { name: "unfold", family: false, kind: "text", names: [], most: 0, otherwise: "", change: "choice", remakes: "value", undone: true },
  { name: "index", family: false, kind: "choice", names: ["jk", "kj", "jkL", "kjL"], most: 0, otherwise: "jk", change: "choice", remakes: "value", undone: true },
  { name: "layers", family: false, kind: "text", names: [], most: 0, otherwise: "", change: "choice", remakes: "value", undone: true },
  { name: "pin", family: false, kind: "text", names: [], most: 0, otherwise: "", change: "choice", remakes: "value", undone: true },
  { name: "hide", family: false, kind: "text", names: [], most: 0, otherwise: "", change: "choice", remakes: "value", undone: false },
  { name: "practise", family: false, kind: "choice", names: ["off", "on"], most: 0, otherwise: "off", change: "choice", remakes: "nothing", undone: false },
  { name: "ask", family: false, kind: "text", names: [], most: 0, otherwise: "", change: "choice", remakes: "value", undone: false },
  { name: "names", family: false, kind: "choice", names: ["", "tree", "graph"], most: 0, otherwise: "", change: "number", remakes: "nothing", undone: false },
  { name: "task", family: false, kind: "text", names: [], most: 0, otherwise: "", change: "choice", remakes: "nothing", undone: true },
  { name: "lock", family: false, kind: "text", names: [], most: 0, otherwise: "", change: "choice", remakes: "nothing", undone: false },
  { name: "present", family: false, kind: "choice", names: ["off", "on"], most: 0, otherwise: "off", change: "choice", remakes: "nothing", undone: false },
  { name: "at", family: true, kind: "number", names: [], most: 0, otherwise: 1, change: "number", remakes: "nothing", undone: true },
  { name: "min", family: true, kind: "finite", names: [], most: 0, otherwise: -5, change: "number", remakes: "nothing", undone: true },
  { name: "max", family: true, kind: "finite", names: [], most: 0, otherwise: 5, change: "number", remakes: "nothing", undone: true },
  { name: "step", family: true, kind: "positive", names: [], most: 0, otherwise: 0.1, change: "number", remakes: "nothing", undone: true },
  { name: "from", family: true, kind: "finite", names: [], most: 0, otherwise: 1, change: "number", remakes: "nothing", undone: true },
]);

/** What is asked for at most, and how long lists are. */
export const LIMITS = Object.freeze({
  opened: 50,
  steps: 20000,
  numbers: 2000000,
  racing: 4,
  bytes: 50000000,
  paths: 12,
  notes: 5,
  last_steps: 8,
  columns: 4,
  sheet: 12,
});

/** A built-in set as it is made where nothing else is said. */
export const SET = Object.freeze({
  rows: 200,
  seed: 0,
  noise: 0.1,
});

/** How surfaces in neurons are drawn: figure/bands.py. */
export const SURFACE = Object.freeze({
  grid: 20,
  bands: 4,
  reach: 2,
  room: 0.06,
});

