/** Cards as they are printed: eight to a sheet, in the order of the roll, each from the page's template. */
import { qrImage } from "../qr.js";

/** Return the sheets with a card for each of `cards`, {number, name, group, code}. */
export function sheetsOf(cards, root) {
  const perSheet = Number(root.dataset.cardsOnASheet);
  const sheets = [];
  for (let at = 0; at < cards.length; at += perSheet) {
    const sheet = document.createElement("section");
    sheet.className = "card-sheet";
    sheet.append(...cards.slice(at, at + perSheet).map((card) => cardOf(card, root)));
    sheets.push(sheet);
  }
  return sheets;
}

function cardOf(card, root) {
  const filled = root.querySelector("template[data-card]").content.cloneNode(true);
  for (const [name, text] of Object.entries(card)) {
    const slot = filled.querySelector(`[data-slot="${name}"]`);
    if (slot) slot.textContent = text;
  }
  const image = qrImage(`${root.dataset.ballotAddress}#${card.code}`, root.dataset.qrLabel);
  filled.querySelector('[data-slot="qr"]').append(image);
  return filled;
}
