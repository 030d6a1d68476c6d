/** Where the person writes: Enter sends, Shift + Enter starts a new line. */

import { button, el, icon } from "./dom.js";

const MOST = 1000;
const SHOW_LEFT = 200;
const TELL_EVERY = 3_000;
const SEND = "M3 20.5 21.5 12 3 3.5v6.6l11 1.9-11 1.9z";

export class Composer {
  /** @param {import("./view.js").Room} room @param {string} draft */
  constructor(room, draft) {
    this.room = room;
    this.input = /** @type {HTMLTextAreaElement} */ (
      el("textarea", {
        id: "message",
        rows: 1,
        autocomplete: "off",
        placeholder: room.say("page.chat.placeholder"),
        "aria-describedby": "message-hint message-count",
        oninput: () => {
          this.#changed();
          this.#tell();
        },
        onkeydown: (event) => this.#key(/** @type {KeyboardEvent} */ (event)),
      })
    );
    /** An agent reads along that something is being written, never what. */
    this.tells = false;
    this.told = 0;
    this.count = el("p", { id: "message-count", class: "composer__count" });
    this.element = this.#form();
    this.input.value = draft;
    this.#changed();
  }

  get draft() {
    return this.input.value;
  }

  focus() {
    this.input.focus();
  }

  #form() {
    const { say } = this.room;
    const send = button("", () => this.#send(), { class: "composer__send", size: "regular" });
    send.append(el("span", { class: "composer__word" }, say("page.chat.send")), icon(SEND));
    return el(
      "form",
      { class: "composer", novalidate: true, onsubmit: (event) => event.preventDefault() },
      el("label", { for: "message" }, say("page.chat.message")),
      el("div", { class: "composer__row" }, this.input, send),
      el(
        "div",
        { class: "composer__below" },
        el("p", { id: "message-hint", class: "composer__hint" }, say("page.chat.hint")),
        this.count,
      ),
    );
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }

  #send() {
    const text = this.input.value.trim();
    if (!text || text.length > MOST) return this.focus();
    this.input.value = "";
    this.#changed();
    this.room.send(text);
    this.focus();
  }

  #tell() {
    if (!this.tells || !this.input.value || Date.now() - this.told < TELL_EVERY) return;
    this.told = Date.now();
    this.room.post("/typing", {});
  }

  /** As high as its text. */
  fit() {
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight + 4}px`;
  }

  #changed() {
    this.fit();
    const left = MOST - this.input.value.trim().length;
    const key = left < 0 ? "page.chat.over" : "page.chat.left";
    const text = left <= SHOW_LEFT ? this.room.say(key, { count: Math.abs(left) }) : "";
    if (this.count.textContent !== text) this.count.textContent = text;
    this.count.classList.toggle("composer__count--over", left < 0);
    this.input.setAttribute("aria-invalid", String(left < 0));
  }
}
