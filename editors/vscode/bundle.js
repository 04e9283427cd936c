// Bundles the extension and VS Code's client library into one file, and copies other files of the repository next to it.
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const esbuild = require("esbuild");

const here = (...names) => path.join(__dirname, ...names);

fs.rmSync(here("dist"), { recursive: true, force: true });
fs.mkdirSync(here("dist"));
for (const file of ["schema/claim-file.schema.json", "LICENSE-MIT", "LICENSE-APACHE"]) {
  fs.copyFileSync(here("..", "..", file), here("dist", path.basename(file)));
}
esbuild.buildSync({
  entryPoints: [here("extension.js")],
  outfile: here("dist", "extension.js"),
  bundle: true,
  minify: true,
  platform: "node",
  target: "node20",
  external: ["vscode"],
  legalComments: "linked",
  logLevel: "warning",
});
