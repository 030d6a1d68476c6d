/** What the person must know about the conversation itself: delays, no connection, its end. */

import { button, el, focus } from "./dom.js";

/** @typedef {import("./view.js").Room} Room */

export class Notices {
  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    this.delayed = banner(room.say("page.chat.delayed"));
    this.offline = banner(room.say("page.chat.offline"));
    this.other = banner("");
    this.expiring = el("div", { class: "expiring", role: "alertdialog", hidden: true });
    const banners = [this.delayed, this.offline, this.other];
    this.element = el("div", { class: "notices" }, ...banners, this.expiring);
  }

  /** @param {boolean} delayed @param {boolean} connected */
  show(delayed, connected) {
    show(this.delayed, delayed && connected);
    show(this.offline, !connected);
  }

  /** Something else that the server says of the conversation; "" when it is past.
   * @param {string} text
   */
  say(text) {
    this.other.textContent = text;
  }

  /** The session ends soon: say so while it can still be prolonged. @param {number} seconds */
  warn(seconds) {
    const { say } = this.room;
    const minutes = Math.max(1, Math.round(seconds / 60));
    const stay = button(say("page.chat.stay"), () => this.room.stay());
    this.expiring.replaceChildren(
      el("h2", { id: "expiring-title" }, say("page.chat.expiring")),
      el("p", { id: "expiring-text" }, say("page.chat.expiring_text", { minutes })),
      stay,
    );
    this.expiring.setAttribute("aria-labelledby", "expiring-title");
    this.expiring.setAttribute("aria-describedby", "expiring-text");
    this.expiring.hidden = false;
    focus(stay);
  }

  calm() {
    this.expiring.hidden = true;
  }
}

/** What stands in the place of a conversation that is over.
 * @param {Room} room @param {() => void} startNew
 */
export function endedPanel(room, startNew) {
  const start = button(room.say("page.chat.start_new"), startNew, { size: "regular" });
  const title = el("h2", { tabindex: "-1" }, room.say("page.chat.ended"));
  const panel = el(
    "div",
    { class: "ended" },
    title,
    el("p", {}, room.say("page.chat.ended_text")),
    start,
  );
  return { panel, title };
}

/** @param {string} text */
function banner(text) {
  return el("p", { class: "banner", role: "status", "data-text": text });
}

/** A status region speaks when its text changes, so the text comes and goes.
 * @param {HTMLElement} element @param {boolean} wanted
 */
function show(element, wanted) {
  const text = wanted ? (element.dataset.text ?? "") : "";
  if (element.textContent !== text) element.textContent = text;
}
