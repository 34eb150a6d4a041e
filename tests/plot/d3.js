/** D3 for modules that run in node: the scripts that the page loads do not find one another there. */

import { contours } from "d3-contour";
import { ticks, tickStep } from "d3-array";
import { registerHooks } from "node:module";

Object.assign(globalThis, { d3: { contours, ticks, tickStep } });

registerHooks({
  resolve: (name, context, next) =>
    /\/vendor\/d3-\w+\.js$/.test(name)
      ? { url: "data:text/javascript,", format: "module", shortCircuit: true }
      : next(name, context),
});
