/** Show the buttons that print; without a script the browser's own menu does it. */
export function preparePrinting(scope) {
  for (const button of scope.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
