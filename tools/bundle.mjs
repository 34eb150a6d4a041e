/**
 * Joins the page's modules and style sheets. Reads what to do as JSON from its first argument, writes the files and
 * prints what became of which, for `bundle.py`, which calls it.
 *
 * Each page's script becomes one file with what it imports; what any of it imports later (`import(…)`) becomes one more
 * that all share, so that there are few files where esbuild by itself would make one for each set of modules that two
 * of them have in common. The workers are one file, too: each hears what is meant for it.
 */

import { readFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";

const { folder, libraries, vendor, entries, styles, font, file, out } = JSON.parse(process.argv[2]);
const { build } = await import(pathToFileURL(path.join(libraries, "esbuild/lib/main.js")).href);

const LATER = "later";
const IMPORT = /\bimport\("(\.[^"]+)"\)/g;
const WORKER = /new URL\("(\.[^"]+)", import\.meta\.url\)/g;
const STARTS = /new Worker\(new URL\("(\.[^"]+)", import\.meta\.url\), \{ type: "module" \}\)/g;

const common = {
  bundle: true,
  minify: true,
  sourcemap: true,
  metafile: true,
  format: "esm",
  target: "es2022",
  legalComments: "eof",
  absWorkingDir: folder,
  nodePaths: [libraries],
  outdir: out,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  logLevel: "warning",
};

/**
 * The libraries, under the names by which the page has them. Of D3 it loads scripts, since its modules import others
 * by bare names; here those can be had, and only what is used of them is taken.
 */
const libraryFiles = {
  name: "libraries",
  setup(on) {
    on.onLoad({ filter: /plot\/d3\.js$/ }, () => ({
      contents: 'export * from "d3-array"; export * from "d3-contour";',
      resolveDir: folder,
    }));
    on.onResolve({ filter: /\/vendor\// }, ({ path: name }) => {
      const file = vendor[`vendor/${path.basename(name)}`];
      return { path: path.join(libraries, file) };
    });
  },
};

/** The files that are imported later by what these entries import, and the scripts that they start as workers. */
async function discovered() {
  const { metafile } = await build({
    ...common,
    entryPoints: entries,
    splitting: true,
    write: false,
    plugins: [libraryFiles],
  });
  const [later, workers] = [new Set(), new Set()];
  for (const [file, { imports }] of Object.entries(metafile.inputs)) {
    const own = path.relative(folder, path.resolve(folder, file));
    if (own.startsWith("..")) continue;
    for (const found of imports) {
      if (found.kind === "dynamic-import" && !found.path.includes("node_modules")) later.add(found.path);
    }
    for (const [, name] of (await readFile(path.join(folder, own), "utf8")).matchAll(WORKER)) {
      workers.add(path.join(path.dirname(own), name));
    }
  }
  return { later: [...later].filter((file) => !isLibrary(file)).sort(), workers: [...workers].sort() };
}

/** @param {string} file */
const isLibrary = (file) => path.relative(folder, path.resolve(folder, file)).startsWith("..");

/** The file that an output of esbuild's is, by the entry that it is made of. */
function made(metafile, into = {}) {
  for (const [file, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (entryPoint && !file.endsWith(".map")) into[entryPoint] = path.basename(file);
  }
  return into;
}

/** Says where the workers are, and has what is imported later come from one file. */
function rewriting(later, workers) {
  const nameOf = (file) => `_${later.indexOf(file)}`;
  return {
    name: "later",
    setup(on) {
      on.onResolve({ filter: /^later$/ }, () => ({ path: LATER, namespace: LATER }));
      on.onLoad({ filter: /.*/, namespace: LATER }, () => ({
        contents: later.map((file) => `export * as ${nameOf(file)} from "./${file}";`).join("\n"),
        resolveDir: folder,
      }));
      on.onLoad({ filter: /\.js$/ }, async ({ path: file }) => {
        if (isLibrary(file)) return undefined;
        const here = path.dirname(path.relative(folder, file));
        const found = [];
        const text = (await readFile(file, "utf8"))
          .replace(WORKER, (whole, name) => {
            const worker = workers[path.join(here, name)];
            return worker ? `new URL("./${worker}", import.meta.url)` : whole;
          })
          .replace(IMPORT, (whole, name) => {
            const wanted = path.join(here, name);
            if (later.includes(wanted)) return `import("${LATER}").then((all) => all.${nameOf(wanted)})`;
            if (!vendor[`vendor/${path.basename(name)}`] || !name.includes("/vendor/")) return whole;
            found.push(name); // a library that is wanted at once: it needs no file of its own
            return `Promise.resolve(_library${found.length - 1})`;
          });
        const libraryImports = found.map((name, at) => `import * as _library${at} from "${name}";`).join("");
        return { contents: libraryImports + text, loader: "js" };
      });
    },
  };
}

/**
 * Style sheets as one, with the faces that are given instead of those of the whole font.
 * @param {string[]} sheets @param {string} faces @param {object} options of the build
 */
async function bundleStyles(sheets, faces, options) {
  const joined = {
    name: "styles",
    setup(on) {
      on.onLoad({ filter: /font\.css$/ }, () => ({ contents: faces, loader: "css", resolveDir: folder }));
    },
  };
  const { metafile } = await build({
    ...common,
    entryPoints: undefined,
    stdin: {
      contents: sheets.map((name) => `@import "./${name}";`).join("\n"),
      loader: "css",
      resolveDir: folder,
      sourcefile: "all.css",
    },
    loader: { ".woff2": "file" },
    plugins: [joined],
    ...options,
  });
  const file = Object.keys(metafile.outputs).find((name) => name.endsWith(".css"));
  return path.basename(file ?? "");
}

/** A worker's script travels in the script that starts it. */
const inlined = {
  name: "inlined",
  setup(on) {
    on.onLoad({ filter: /\.js$/ }, async ({ path: name }) => {
      if (isLibrary(name)) return undefined;
      const text = await readFile(name, "utf8");
      const [found] = [...text.matchAll(STARTS)];
      if (!found) return undefined;
      const { outputFiles } = await build({
        ...common,
        sourcemap: false,
        write: false,
        format: "iife", // a browser starts no module from a file
        entryPoints: [path.resolve(path.dirname(name), found[1])],
        plugins: [libraryFiles],
      });
      const script = JSON.stringify(outputFiles[0].text);
      const blob = `URL.createObjectURL(new Blob([${script}], { type: "text/javascript" }))`;
      return { contents: text.replace(STARTS, () => `new Worker(${blob})`), loader: "js" };
    });
  },
};

/** What a file has no use for is not in it. @param {RegExp} filter */
const without = (filter) => ({
  name: "without",
  setup(on) {
    on.onResolve({ filter }, ({ kind }) => (kind === "dynamic-import" ? { path: "none", namespace: "none" } : undefined));
    on.onLoad({ filter: /.*/, namespace: "none" }, () => ({ contents: "export const create = () => ({});" }));
  },
});

/** The scripts and styles of a page that is a file: each of them has some of the sides, and the font is one. */
async function bundleFile() {
  const outdir = path.join(out, "file");
  const options = { ...common, sourcemap: false, outdir, entryPoints: [file.entry] };
  const loader = { ".woff2": "dataurl" };
  await build({ ...options, entryPoints: [file.start], entryNames: "[name]" });
  const qr = /\/qr\.js$/;
  for (const [name, has] of Object.entries(file.scripts)) {
    const others = file.sides.filter((side) => !has.includes(side));
    const sides = new RegExp(`/(${others.join("|") || "none"})/side\\.js$`);
    await build({ ...options, entryNames: name, plugins: [without(qr), without(sides), libraryFiles, inlined] });
    const unused = others.filter((side) => side !== "data"); // whose style is of pages without samples as well
    const sheets = file.styles.filter((sheet) => !unused.includes(path.dirname(sheet)) && !isFont(sheet));
    await bundleStyles(sheets, "", { sourcemap: false, outdir, entryNames: name });
  }
  await bundleStyles(file.styles.filter(isFont), file.font, { sourcemap: false, outdir, entryNames: "font", loader });
}

/** @param {string} sheet */
const isFont = (sheet) => path.basename(sheet) === "font.css";

const { later, workers } = await discovered();
const startedAs = {};
if (workers.length) {
  const { metafile } = await build({
    ...common,
    entryPoints: undefined,
    entryNames: "worker-[hash]",
    stdin: { contents: workers.map((worker) => `import "./${worker}";`).join("\n"), resolveDir: folder },
    plugins: [libraryFiles],
  });
  const file = Object.keys(metafile.outputs).find((name) => name.endsWith(".js"));
  for (const worker of workers) startedAs[worker] = path.basename(file);
}
const scripts = {};
const atOnce = {};
// Each by itself: what two have in common would be files of its own, and more requests.
for (const entry of entries) {
  const { metafile } = await build({
    ...common,
    entryPoints: [entry],
    splitting: true,
    plugins: [libraryFiles, rewriting(later, startedAs)],
  });
  made(metafile, scripts);
  const { imports } = Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint === entry);
  atOnce[entry] = imports.filter(({ kind }) => kind === "import-statement").map((one) => path.basename(one.path));
}
const { [`${LATER}:${LATER}`]: afterwards, ...pages } = scripts;
await bundleFile();
const files = { ...pages, ...startedAs, "all.css": await bundleStyles(styles, font, { entryNames: "all-[hash]" }) };
process.stdout.write(JSON.stringify({ files, atOnce, later: [afterwards, ...new Set(Object.values(startedAs))] }));
