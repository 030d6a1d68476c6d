/** Says new lines to screen readers: each once, history never. */

import { el } from "./dom.js";

const KEPT = 3;

export class Announcer {
  constructor() {
    this.element = el("div", { class: "hidden", role: "status", "aria-live": "polite" });
  }

  /** @param {string} text @param {string} language */
  say(text, language) {
    this.element.append(el("p", { lang: language }, text));
    while (this.element.childElementCount > KEPT) this.element.firstChild?.remove();
  }

  clear() {
    this.element.replaceChildren();
  }
}
