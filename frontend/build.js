/**
 * Builds the style sheet and the script of every page into civicforum/static/dist.
 *
 * Both are plain files of our own: the content policy allows nothing else.
 */
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";
import * as sass from "sass";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const dist = here("../civicforum/static/dist/");

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });

const { css } = sass.compile(here("src/styles/app.scss"), {
  style: "compressed",
  loadPaths: [here("node_modules")],
  quietDeps: true,
});
await writeFile(`${dist}app.css`, css);
await copyFile(here("src/seal.svg"), `${dist}seal.svg`);

await esbuild.build({
  entryPoints: { app: here("src/app.js") },
  outdir: dist,
  bundle: true,
  format: "esm",
  minify: true,
  legalComments: "linked",
  target: "es2020",
});
