import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: [".venv/", "node_modules/", "build/"] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      curly: ["error", "multi-line"],
      eqeqeq: "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  { files: ["static/**/*.js"], languageOptions: { globals: globals.browser } },
  { files: ["static/ops.js"], rules: { "no-unused-vars": "off" } }, // made, its functions all alike
  { files: ["static/kernels.js"], rules: { "no-loss-of-precision": "off" } }, // coefficients as published
  { files: ["tests/js/**/*.js", "*.js"], languageOptions: { globals: globals.node } },
];
