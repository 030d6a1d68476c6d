/** Cards: what a line shows beside its text. An unknown kind shows nothing, the text says it all. */

import { CodeCard } from "./code.js";
import { caseCard } from "./case.js";
import { IdentifyCard } from "./identify.js";

/**
 * @param {import("../line.js").Line} line
 * @param {import("../view.js").Room} room
 * @returns {HTMLElement | null}
 */
export function card(line, room) {
  switch (line.card?.kind) {
    case "identify":
      return room.forms.open(new IdentifyCard(line, room));
    case "code":
      return room.forms.open(new CodeCard(line, room));
    case "case":
      return caseCard(line, room);
    default:
      return null;
  }
}
