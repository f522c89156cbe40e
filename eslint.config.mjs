// What Odoo's own JavaScript is checked with, for the JavaScript of these addons. ./dev lint installs the packages.
import {createRequire} from "node:module";
import path from "node:path";

const home = process.env.DEV_HOME || path.join(import.meta.dirname, ".dev");
const require = createRequire(path.join(home, "node", "package.json"));
const js = require("@eslint/js");
const globals = require("globals");

export default [
    {ignores: [".dev/**", "dist/**", "**/static/lib/**", "devtools/node/**"]},
    js.configs.recommended,
    {
        languageOptions: {
            ecmaVersion: 2024,
            sourceType: "module",
            globals: {
                ...globals.browser,
                Chart: "readonly",
                luxon: "readonly",
                odoo: "readonly",
                owl: "readonly",
            },
        },
        linterOptions: {reportUnusedDisableDirectives: "error"},
        rules: {
            curly: "error",
            eqeqeq: ["error", "always", {null: "ignore"}],
            "no-console": ["error", {allow: ["warn", "error"]}],
            "no-restricted-globals": ["error", "event", "self"],
            "no-unused-vars": ["error", {args: "none", caughtErrors: "none"}],
            "no-var": "error",
            "object-shorthand": "error",
            "prefer-const": ["error", {destructuring: "all"}],
        },
    },
    {
        files: ["**/*.mjs"],
        languageOptions: {globals: globals.node},
    },
    {
        // Hoot suites and tours say what they found on the console.
        files: ["**/static/tests/**"],
        rules: {"no-console": "off"},
    },
];
