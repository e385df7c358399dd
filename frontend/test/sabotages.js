/**
 * Breaks the checks of src/sealed one at a time, and sees whether a test notices.
 *
 * Usage: tools/node node frontend/test/sabotages.js [FILE...]
 * FILE is one of src/sealed, such as board.js; all of them if none is given. Exits with 1 when a sabotage survives.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const AT_ONCE = 2;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
// Quick ones first.
const TESTS = ["lines", "codes", "ceremony", "refusals", "board", "group", "archive", "ballots"];

/** Return {file, line, instead} of each sabotage of the list. */
function sabotages() {
  const found = [];
  let file = null;
  for (const written of readFileSync(here("sabotages.txt"), "utf8").split("\n")) {
    if (/^\w+\.js$/.test(written)) file = written;
    if (written.startsWith("- ")) found.push({ file, line: written.slice(2) });
    if (written.startsWith("+ ")) found[found.length - 1].instead = written.slice(2);
  }
  return found;
}

/** Return the title of the first test that fails, or null when all pass. */
async function firstFailure(sabotage) {
  for (const name of TESTS) {
    const failed = await failureIn(name, sabotage);
    if (failed) return failed;
  }
  return null;
}

function failureIn(name, sabotage) {
  const hook = `--import=${new URL("support/sabotage.js", import.meta.url)}`;
  const env = { ...process.env, SABOTAGE: JSON.stringify(sabotage) };
  const child = spawn(process.execPath, [hook, "--test-reporter=tap", here(`${name}.test.js`)], { env });
  return new Promise((resolve, reject) => {
    let said = "";
    child.stderr.on("data", (data) => (said += data));
    child.stdout.on("data", (data) => {
      said += data;
      const failed = /^ *not ok \d+ - (.*)$/m.exec(said);
      if (failed) child.kill();
      if (failed) resolve(failed[1]);
    });
    child.on("close", (code) => {
      if (/ times in |ERR_MODULE/.test(said)) reject(new Error(said));
      else resolve(code ? name : null);
    });
  });
}

let survivors = 0;
const files = process.argv.slice(2);
const waiting = sabotages().filter(({ file }) => !files.length || files.includes(file));

async function work() {
  for (let sabotage = waiting.shift(); sabotage; sabotage = waiting.shift()) {
    const noticed = await firstFailure(sabotage);
    survivors += noticed === null ? 1 : 0;
    const { file, line, instead } = sabotage;
    process.stdout.write(`${noticed ? "noticed" : "SURVIVED"}  ${file}  ${line}  ->  ${instead}  (${noticed})\n`);
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, work));
process.stdout.write(`${survivors} survived\n`);
process.exitCode = survivors ? 1 : 0;
