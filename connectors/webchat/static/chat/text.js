/** A line's plain text as elements: a blank line parts paragraphs, "- " begins an item. */

import { el } from "./dom.js";

/** @param {string} text @returns {HTMLElement[]} */
export function paragraphs(text) {
  return text.split(/\n{2,}/).flatMap((block) => blocks(block.split("\n")));
}

/** @param {string[]} lines @returns {HTMLElement[]} */
function blocks(lines) {
  /** @type {HTMLElement[]} */
  const made = [];
  for (const line of lines) {
    const last = made[made.length - 1];
    if (line.startsWith("- ")) {
      const item = el("li", {}, line.slice(2));
      if (last?.tagName === "UL") last.append(item);
      else made.push(el("ul", {}, item));
    } else if (last?.tagName === "P") {
      last.append(el("br"), line);
    } else if (line) {
      made.push(el("p", {}, line));
    }
  }
  return made;
}
