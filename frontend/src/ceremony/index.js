/** The script of the trustees' own pages. A slip's seed lives in this page alone: it is never sent, nor stored. */
import { preparePhoto } from "./scan.js";
import { Making } from "./making.js";
import { OpeningUp } from "./opening.js";
import { Parts } from "./parts.js";
import { Server } from "./server.js";

const FLOWS = { making: Making, opening: OpeningUp };

const root = document.querySelector("[data-flow]");
const parts = new Parts(root);
preparePhoto(parts);
new FLOWS[root.dataset.flow](parts, new Server(root.dataset), root.dataset).run();
