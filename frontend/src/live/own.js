/**
 * Pieces of a page that are the visitor's own, such as the list of requests with its buttons: fetched anew from the page's
 * address when something changed. For the few who lead a session; 300 pages fetched at once would keep everybody waiting.
 */

/** Tell whether somebody is at a piece: it has the focus in a field, or something was typed or chosen in it. */
export function isBusy(piece, active) {
  const fields = [...piece.querySelectorAll("input, textarea, select")];
  return fields.some((field) => field === active || isChanged(field));
}

function isChanged(field) {
  if (field.type === "hidden") return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.options) return field.selectedIndex > 0 && !field.options[field.selectedIndex].defaultSelected;
  return field.value !== field.defaultValue;
}

export class Own {
  #isFetching = false;
  #isWanted = false;

  /** `pieces()` are those on the page; `fetchPage()` gives a document; `put(piece, fresh)` replaces; `hint(isStale)` says so. */
  constructor({ pieces, fetchPage, active, put, hint }) {
    Object.assign(this, { pieces, fetchPage, active, put, hint });
  }

  /** Bring the pieces up to date, but none that somebody is at: then the page says that it is not. */
  async refresh() {
    if (!this.pieces().length) return;
    this.#isWanted = true;
    if (this.#isFetching) return;
    this.#isFetching = true;
    try {
      while (this.#isWanted) {
        this.#isWanted = false;
        this.#replace(await this.fetchPage());
      }
    } catch {
      this.hint(true);
    } finally {
      this.#isFetching = false;
    }
  }

  #replace(page) {
    let isStale = false;
    for (const piece of this.pieces()) {
      const fresh = page.getElementById(piece.id);
      if (!fresh || isBusy(piece, this.active())) isStale = true;
      else if (fresh.innerHTML !== piece.innerHTML) this.put(piece, fresh);
    }
    this.hint(isStale);
  }
}
