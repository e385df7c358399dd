/** The words of the page, which it gives to its scripts in the language of the visitor. */
export const wordsFor = (root) => JSON.parse(root.dataset.words);

/** Return a text with {names} replaced by values. */
export const say = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
