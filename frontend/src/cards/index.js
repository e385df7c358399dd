/** The script of the pages that make voting cards. */
import { Making } from "./making.js";
import { Replacing } from "./replacing.js";

const making = document.querySelector("[data-making]");
if (making) new Making(making);
const replacing = document.querySelector("[data-replacing]");
if (replacing) new Replacing(replacing);
