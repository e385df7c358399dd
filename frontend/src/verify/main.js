/** The one script of the page that checks an archive; its workers run it too. */
import { Page } from "./page.js";
import { serve } from "./pool.js";

if (typeof document === "undefined") {
  serve(self);
} else {
  const own = URL.createObjectURL(new Blob([document.currentScript.textContent], { type: "text/javascript" }));
  new Page(document.querySelector("main"), () => new Worker(own));
}
