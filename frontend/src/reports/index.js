/** The script of the pages of sealed reports; each part finds its own page. */
import { forget, prepareMaking } from "./keys.js";
import { prepareReading } from "./reading.js";
import { prepareReporting } from "./reporting.js";
import { prepareOpened, prepareTest } from "./visiting.js";

const parts = {
  "[data-report]": prepareReporting,
  "[data-read]": prepareReading,
  "[data-make-key]": prepareMaking,
  "[data-prove]": prepareTest,
  "[data-opened]": prepareOpened,
  "[data-forget-key]": (form) => form.addEventListener("submit", forget),
};
for (const [where, prepare] of Object.entries(parts)) {
  const found = document.querySelector(where);
  if (found) prepare(found);
}
