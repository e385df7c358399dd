/** What goes over the network: one sealed ballot, or a test, and how the board stands. Never a mark. */
import { toBase64 } from "../sealed/bytes.js";

const WAIT = 20_000; // milliseconds until an answer counts as lost

export class Sending {
  constructor({ entry, csrf, castUrl, testUrl, standingUrl }, words, fetcher = (...parts) => fetch(...parts)) {
    Object.assign(this, { entry, csrf, castUrl, testUrl, standingUrl, words, fetcher });
  }

  /** Return {isCast}, or why not: {message, fault, isLost}. The same bytes may be sent as often as one likes. */
  async cast(ballot) {
    const { status, body } = await this.#post(this.castUrl, ballot);
    return { isCast: status === 201 || status === 200, ...this.#reason(status, body) };
  }

  /** Return {isKept}, or why not. */
  async test(ballot) {
    const { status, body } = await this.#post(this.testUrl, ballot);
    return { isKept: status === 201, ...this.#reason(status, body) };
  }

  /** Return {sequence} that the board waits for, or why it takes none. */
  async standing() {
    const { status, body } = await this.#ask(this.standingUrl);
    if (status === 200 && body) {
      this.csrf = body.csrf;
      return { sequence: body.sequence };
    }
    return this.#reason(status, body);
  }

  async #post(url, ballot) {
    const body = JSON.stringify({ entry: this.entry, ballot: toBase64(ballot) });
    const send = () =>
      this.#ask(url, {
        method: "POST",
        body,
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.csrf },
      });
    const answer = await send();
    // The form's token is too old: the voter took long, or signed in anew. With a fresh one it is sent again.
    if (answer.status === 400 && (await this.standing()).sequence !== undefined) return send();
    return answer;
  }

  async #ask(url, options = {}) {
    try {
      const answer = await this.fetcher(url, {
        ...options,
        credentials: "same-origin",
        redirect: "manual",
        signal: AbortSignal.timeout(WAIT),
      });
      const isJson = answer.headers.get("content-type")?.startsWith("application/json");
      const status = answer.type === "opaqueredirect" ? 401 : answer.status;
      return { status, body: isJson ? await answer.json() : null };
    } catch {
      return { status: 0, body: null };
    }
  }

  #reason(status, body) {
    if (status === 401) return { message: this.words.signedOut, isLost: true };
    if (body?.fault) return { message: body.message, fault: body.fault, isLost: status === 503 };
    return { message: this.words.lost, isLost: true };
  }
}
