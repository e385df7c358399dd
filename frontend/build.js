/**
 * Builds the style sheet and the script of every page into civicforum/static/dist.
 *
 * Both are plain files of our own: the content policy allows nothing else.
 */
import { copyFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";
import * as sass from "sass";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const dist = here("../civicforum/static/dist");
// Built beside it and then put in its place: a build that fails leaves the pages as they are.
const fresh = `${dist}.new/`;

await rm(fresh, { recursive: true, force: true });
await mkdir(fresh, { recursive: true });

const { css } = sass.compile(here("src/styles/app.scss"), {
  style: "compressed",
  loadPaths: [here("node_modules")],
  quietDeps: true,
});
await writeFile(`${fresh}app.css`, css);
await copyFile(here("src/seal.svg"), `${fresh}seal.svg`);

await esbuild.build({
  entryPoints: { app: here("src/app.js") },
  outdir: fresh,
  bundle: true,
  format: "esm",
  minify: true,
  legalComments: "linked",
  target: "es2020",
});

await rm(dist, { recursive: true, force: true });
await rename(fresh, dist);
