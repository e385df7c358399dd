/** What this browser has seen of a record: how many lines, and the head after the last of them. */

export class Memory {
  constructor(poll) {
    this.key = `civicforum-observed-${poll}`;
  }

  /** Return {line, head, since}, or null where nothing is remembered or can be. */
  read() {
    try {
      return JSON.parse(localStorage.getItem(this.key));
    } catch {
      return null;
    }
  }

  /** Remember; return whether this browser keeps it. */
  write(line, head) {
    const since = this.read()?.since ?? new Date().toISOString();
    try {
      localStorage.setItem(this.key, JSON.stringify({ line, head, since }));
      return true;
    } catch {
      return false;
    }
  }
}
