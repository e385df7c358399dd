/** The parts of a trustee's page: one is shown at a time. All words stand in the page, where they are translated. */

export class Parts {
  constructor(root) {
    this.root = root;
    this.shown = null;
  }

  /** Return the element of this name. */
  get(name) {
    return this.root.querySelector(`[data-part="${name}"]`);
  }

  /** Show this section and hide the others; who reads by ear is led to its heading. */
  show(name) {
    if (this.shown === name) return;
    for (const section of this.root.querySelectorAll("[data-section]")) {
      section.hidden = section.dataset.section !== name;
    }
    const heading = this.root.querySelector(`[data-section="${name}"] h2`);
    if (this.shown !== null) heading?.focus();
    this.shown = name;
  }

  /** Write a text into every element of this name. */
  write(name, text) {
    for (const element of this.root.querySelectorAll(`[data-part="${name}"]`)) element.textContent = text;
  }

  /** Show the one sentence of this name among those that stand together, as in data-one-of="work". */
  sayOneOf(group, name) {
    for (const sentence of this.root.querySelectorAll(`[data-one-of="${group}"]`)) {
      sentence.hidden = sentence.dataset.says !== name;
    }
  }

  /** Say what went wrong; nothing takes it away. */
  fail(message) {
    const place = this.get("error");
    place.hidden = !message;
    this.get("error-text").textContent = message || "";
  }

  /** Return once one of these buttons is pressed: its name. */
  pressed(...names) {
    return new Promise((resume) => {
      for (const name of names) this.get(name).addEventListener("click", () => resume(name), { once: true });
    });
  }

  /** Say of each trustee how far they are: `stageOf(number)` names one of the list's data-attributes. */
  tell(numbers, stageOf) {
    const list = this.get("trustees");
    for (const number of numbers) {
      const place = list.querySelector(`[data-trustee="${number}"] [data-stage]`);
      const stage = stageOf(number);
      if (place.dataset.stage === stage) continue;
      place.dataset.stage = stage;
      place.textContent = list.dataset[stage];
    }
  }
}
