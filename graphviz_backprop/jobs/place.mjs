// Places DOT texts with Graphviz built for WebAssembly: DOT comes in, Graphviz's JSON goes out, each after its length.
// worker.py runs it where the native build cannot be loaded, and says where the library lies.
import { Buffer } from "node:buffer";
import process from "node:process";
import { pathToFileURL } from "node:url";

const { Graphviz } = await import(pathToFileURL(process.argv[2]).href);
const graphviz = await Graphviz.load();

/** `+` and the places, or `-` and what went wrong. @param {string} dot */
function answer(dot) {
  try {
    return "+" + graphviz.layout(dot, "json0", "dot");
  } catch (error) {
    return "-" + error;
  }
}

/** @param {string} text */
function send(text) {
  const body = Buffer.from(text);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  process.stdout.write(Buffer.concat([head, body]));
}

let come = Buffer.alloc(0);
for await (const chunk of process.stdin) {
  come = Buffer.concat([come, chunk]);
  while (come.length >= 4 && come.length >= 4 + come.readUInt32BE()) {
    const end = 4 + come.readUInt32BE();
    send(answer(come.subarray(4, end).toString()));
    come = come.subarray(end);
  }
}
