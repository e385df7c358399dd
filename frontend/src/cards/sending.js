/** Requests that change something: JSON there and back, with the token that our forms carry. */

/** What the server refused; `message` is in the words of the page. */
export class Refusal extends Error {}

/** Post `body` and return the answer; throw Refusal where the server has words for it, Error where it is not reached. */
export async function post(url, body, root) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": root.dataset.csrfToken },
    body: JSON.stringify(body),
  });
  if (answer.ok) return answer.json();
  const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
  if (isJson) throw new Refusal((await answer.json()).message);
  throw new Error(`status ${answer.status}`);
}
