/** What a trustee's page asks of the server, and tells it. */

/** The server does not take what was sent, or cannot be reached (status 0); the message is for the person. */
export class Declined extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const PATIENCE_MS = 1000;

/** Wait for a second: as often as pages ask how things stand. */
export const rest = () => new Promise((resume) => setTimeout(resume, PATIENCE_MS));

export class Server {
  /** `data` holds the page's addresses and its token against forged requests. */
  constructor({ state, say, lines, token }) {
    Object.assign(this, { addresses: { state, say, lines }, token });
  }

  /** Return how things stand. */
  async state() {
    return (await this.#ask(this.addresses.state)).json();
  }

  /** Return the raw lines of the board after this number: some hundred, or none at the end. */
  async linesAfter(number) {
    const answer = await this.#ask(`${this.addresses.lines}?after=${number}`);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return splitLines(bytes);
  }

  /** Say the trustee's part of a step. */
  async say(step, record) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": this.token };
    await this.#ask(`${this.addresses.say}/${step}`, { method: "POST", headers, body: JSON.stringify(record) });
  }

  async #ask(address, options = {}) {
    const answer = await fetch(address, options).catch(() => null);
    if (answer === null) throw new Declined(0, "");
    if (answer.ok) return answer;
    const told = await answer.json().catch(() => ({}));
    throw new Declined(answer.status, told.message ?? "");
  }
}

function splitLines(bytes) {
  const lines = [];
  for (let start = 0, end; (end = bytes.indexOf(0x0a, start)) >= 0; start = end + 1) lines.push(bytes.slice(start, end));
  return lines;
}
