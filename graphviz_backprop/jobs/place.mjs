// Places a DOT text with Graphviz built for WebAssembly: DOT comes in, Graphviz's JSON goes out. worker.py runs
// it where the native build cannot be loaded.
import { readFileSync } from "node:fs";
import process from "node:process";

import { Graphviz } from "@hpcc-js/wasm-graphviz";

const graphviz = await Graphviz.load();
process.stdout.write(graphviz.layout(readFileSync(0, "utf8"), "json0", "dot"));
