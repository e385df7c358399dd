/** Return an element with attributes and children; texts are texts, never markup. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== false && value !== null) made.setAttribute(attribute, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== false));
  return made;
}

/** Return a table with a caption that is read out, a row of headings, and rows whose first cell is their heading. */
export function table(caption, headings, rows) {
  const head = headings.map((heading) => element("th", { scope: "col" }, heading));
  const body = rows.map(([first, ...others]) => {
    const cells = others.map((cell) => element("td", {}, cell));
    return element("tr", {}, element("th", { scope: "row" }, first), cells);
  });
  const parts = [element("thead", {}, element("tr", {}, head)), element("tbody", {}, body)];
  return element("div", { class: "wide" }, element("table", {}, element("caption", {}, caption), parts));
}
