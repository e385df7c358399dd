/** Say on top of the page what went wrong; "" takes it away. */
export function say(page, words) {
  const place = page.querySelector("[data-fault]");
  place.querySelector("[data-slot=fault]").textContent = words;
  place.hidden = !words;
  if (words) place.focus();
}
