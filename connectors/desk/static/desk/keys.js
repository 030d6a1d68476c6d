/** The page of the keyboard: what each key does, and the switch for single keys. */

import { el } from "../chat/dom.js";

// In the order of the work. Each: key, text.
const KEYS = [
  ["Ctrl + K", "palette"],
  ["?", "go_help"],
  ["g", "go_queue"],
  ["a", "away"],
  ["j", "next"],
  ["k", "previous"],
  ["x", "next_one"],
  ["t", "take"],
  ["r", "reply"],
  ["n", "note"],
  ["c", "canned"],
  ["i", "identity"],
  ["p", "transfer"],
  ["b", "return"],
  ["e", "close"],
];

export class Keys {
  /** @param {HTMLElement} place @param {import("./main.js").Room} room */
  constructor(place, room) {
    this.place = place;
    this.room = room;
  }

  start() {
    const { say, commands } = this.room;
    const single = /** @type {HTMLInputElement} */ (
      el("input", {
        type: "checkbox",
        id: "single",
        checked: commands.single,
        onchange: () => {
          commands.single = single.checked;
        },
      })
    );
    this.place.replaceChildren(
      el("p", { class: "check" }, single, el("label", { for: "single" }, say("desk.keys.single"))),
      el(
        "table",
        {},
        el("thead", {}, el("tr", {}, ...["key", "what"].map((one) => this.#head(one)))),
        el("tbody", {}, ...KEYS.map(([key, what]) => this.#row(key, what))),
      ),
    );
  }

  /** @param {string} name */
  #head(name) {
    return el("th", { scope: "col" }, this.room.say(`desk.keys.${name}`));
  }

  /** @param {string} key @param {string} what */
  #row(key, what) {
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, el("kbd", {}, key)),
      el("td", {}, this.room.say(`desk.keys.${what}`)),
    );
  }
}
