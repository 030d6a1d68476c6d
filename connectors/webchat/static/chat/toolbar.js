/** The bar above the conversation: who one talks to, whether one is signed in, what one can do. */

import { button, el } from "./dom.js";

export class Toolbar {
  /** @param {import("./view.js").Room} room @param {() => void} showSessions */
  constructor(room, showSessions) {
    const { say } = room;
    this.room = room;
    this.who = el("p", { class: "toolbar__who" }, say("page.chat.automated"));
    this.badge = el("span", { class: "badge", hidden: true }, say("page.chat.signed_in"));
    this.logOut = button(say("page.chat.log_out"), () => room.end(), {
      "button-role": "secondary",
      hidden: true,
    });
    this.sessions = el(
      "button",
      { type: "button", onclick: () => this.#leaveTo(showSessions) },
      say("page.chat.sessions.title"),
    );
    this.end = el("button", { type: "button", onclick: () => room.end() }, say("page.chat.end"));
    this.menu = this.#menu();
    this.element = el(
      "div",
      { class: "toolbar" },
      this.who,
      this.badge,
      this.logOut,
      this.menu,
    );
  }

  /** @param {boolean} verified @param {import("./person.js").Standing} [person] */
  show(verified, person) {
    const { say } = this.room;
    const agent = person?.state === "active";
    const role = agent ? say(`page.chat.role.${person.role}`) : "";
    this.who.textContent = agent ? `${person.agent}, ${role}` : say("page.chat.automated");
    this.badge.hidden = !verified;
    this.logOut.hidden = !verified;
    this.sessions.hidden = !verified;
    this.end.hidden = verified;
  }

  #menu() {
    const { say, api } = this.room;
    const file = (format, key) =>
      el("a", { href: api.url("/transcript", { format }), download: true }, say(key));
    const menu = el(
      "details",
      { class: "menu", onkeydown: (event) => this.#key(/** @type {KeyboardEvent} */ (event)) },
      el("summary", {}, say("page.chat.menu")),
      el(
        "ul",
        {},
        el("li", {}, file("html", "page.chat.save_html")),
        el("li", {}, file("txt", "page.chat.save_txt")),
        el("li", {}, this.sessions),
        el("li", {}, this.end),
      ),
    );
    menu.addEventListener("focusout", (event) => {
      if (!menu.contains(/** @type {Node} */ (event.relatedTarget))) menu.removeAttribute("open");
    });
    return menu;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Escape") this.#leaveTo(() => {});
  }

  /** Close the menu; when what follows is over, the focus is back where it was opened.
   * @param {() => void} next
   */
  #leaveTo(next) {
    this.menu.removeAttribute("open");
    this.menu.querySelector("summary")?.focus();
    next();
  }
}
