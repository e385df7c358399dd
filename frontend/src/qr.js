/** QR codes drawn in the page, so that what they say passes no server. */
import { encode } from "uqr";

const SVG = "http://www.w3.org/2000/svg";
const QUIET = 2; // modules of white around it; what stands beside it on the paper gives the rest

/** Return an SVG element that shows a text as a QR code; `label` says what it is to whoever cannot see it. */
export function qrImage(text, label) {
  const { data, size } = encode(text, { ecc: "M", border: QUIET });
  const image = document.createElementNS(SVG, "svg");
  image.setAttribute("viewBox", `0 0 ${size} ${size}`);
  image.setAttribute("role", "img");
  image.setAttribute("aria-label", label);
  image.setAttribute("shape-rendering", "crispEdges");
  const modules = document.createElementNS(SVG, "path");
  modules.setAttribute("d", data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join(""));
  image.append(modules);
  return image;
}
