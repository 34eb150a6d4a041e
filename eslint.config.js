import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: [".venv/", "node_modules/", "build/", "built/"] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      curly: ["error", "multi-line"],
      eqeqeq: "error",
      "max-len": ["error", { code: 120, ignoreStrings: true, ignoreTemplateLiterals: true }],
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  { files: ["static/**/*.js"], languageOptions: { globals: globals.browser } },
  {
    // generated
    files: [
      "static/engine/ops.js",
      "static/engine/advice.js",
      "static/explain/grading/mistakes.js",
      "static/descent/updates.js",
      "static/state/table.js",
      "static/page/keytable.js",
      "static/practice/levels.js",
    ],
    rules: { "max-len": "off", "no-unused-vars": "off" },
  },
  { files: ["static/engine/kernels.js"], rules: { "no-loss-of-precision": "off" } }, // coefficients as published
  { files: ["tests/**/*.js", "*.js"], languageOptions: { globals: globals.node } },
  // What it hands to a page runs there.
  { files: ["tests/browser/firefox.js"], languageOptions: { globals: { ...globals.node, ...globals.browser } } },
];
