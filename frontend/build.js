/**
 * Builds the style sheet and the scripts of every page into civicforum/static/dist.
 *
 * They are plain files of our own: the content policy allows nothing else. verify.html is the one page that carries its
 * script and its style in itself, because it is saved and opened without a network.
 */
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";
import * as sass from "sass";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const dist = here("../civicforum/static/dist");
// Built beside it and then put in its place: a build that fails leaves the pages as they are.
const fresh = `${dist}.new/`;

await rm(fresh, { recursive: true, force: true });
await mkdir(fresh, { recursive: true });

const styleOf = (path) =>
  sass.compile(here(path), { style: "compressed", loadPaths: [here("node_modules")], quietDeps: true }).css;
const bundled = { bundle: true, minify: true, target: "es2020" };

await writeFile(`${fresh}app.css`, styleOf("src/styles/app.scss"));
await copyFile(here("src/seal.svg"), `${fresh}seal.svg`);

await esbuild.build({
  ...bundled,
  entryPoints: {
    app: here("src/app.js"),
    casting: here("src/casting/index.js"),
    sealed: here("src/sealed/index.js"),
    cards: here("src/cards/index.js"),
    ceremony: here("src/ceremony/index.js"),
    observe: here("src/observe/index.js"),
    live: here("src/live/index.js"),
    reports: here("src/reports/index.js"),
    passkeys: here("src/passkeys/index.js"),
  },
  outdir: fresh,
  format: "esm",
  legalComments: "linked",
});
await writeFile(`${fresh}verify.html`, await verifyPage());

await rm(dist, { recursive: true, force: true });
await rename(fresh, dist);

/** Return the page that checks archives; its policy names the one script and the one style that may run. */
async function verifyPage() {
  const { outputFiles } = await esbuild.build({
    ...bundled,
    entryPoints: [here("src/verify/main.js")],
    format: "iife",
    charset: "utf8",
    legalComments: "inline",
    write: false,
  });
  const [script, style] = [outputFiles[0].text.replaceAll("</script", "<\\/script"), styleOf("src/verify/verify.scss")];
  const hashOf = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const policy = `default-src 'none'; script-src ${hashOf(script)}; worker-src blob:; style-src ${hashOf(style)}`;
  const parts = { policy, style, script };
  const page = await readFile(here("src/verify/verify.html"), "utf8");
  return page.replace(/\{\{(\w+)\}\}/g, (_, name) => parts[name]);
}
