/**
 * The code of a voting card on its way to the ballot.
 *
 * The square code on a card is the address of the ballot with the code behind "#", which no server ever receives. When
 * the visitor has to sign in first, that part of the address arrives at the sign-in page; it waits in the storage of
 * this one tab until the ballot is cast.
 */
const KEY = "civicforum-card";
const SHAPE = /^#([0-9A-Z]{7}-?[0-9A-Z]{7}-?[0-9A-Z]{7})$/i;

/** Move a card's code out of the address, where it would stay in the history of the browser. */
export function keepCardOfAddress() {
  const found = SHAPE.exec(location.hash);
  if (!found) return;
  sessionStorage.setItem(KEY, found[1]);
  history.replaceState(history.state, "", location.pathname + location.search);
}

export const keptCard = () => sessionStorage.getItem(KEY);
export const keepCard = (code) => sessionStorage.setItem(KEY, code);
export const forgetCard = () => sessionStorage.removeItem(KEY);
