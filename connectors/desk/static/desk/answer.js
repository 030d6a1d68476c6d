/** Where the agent writes. Enter sends, Shift + Enter starts a new line. */

import { el } from "../chat/dom.js";
import { action } from "./controls.js";

const TELL_EVERY = 3_000;

export class Answer {
  /**
   * @param {import("./main.js").Room} room
   * @param {(text: string) => void} send
   * @param {() => void} typing
   */
  constructor(room, send, typing) {
    this.room = room;
    this.send = send;
    this.typing = typing;
    this.told = 0;
    this.input = /** @type {HTMLTextAreaElement} */ (
      el("textarea", {
        id: "answer",
        rows: 3,
        maxlength: 4_000,
        "aria-describedby": "answer-hint",
        oninput: () => this.#tell(),
        onkeydown: (event) => this.#key(/** @type {KeyboardEvent} */ (event)),
      })
    );
    this.hint = el("p", { id: "answer-hint", class: "quiet" });
    this.element = el(
      "form",
      { class: "answer", onsubmit: (event) => event.preventDefault() },
      el("label", { for: "answer" }, room.say("desk.talk.message")),
      this.input,
      el(
        "div",
        { class: "answer__below" },
        this.hint,
        action(room.say("desk.talk.send"), () => this.#send()),
      ),
    );
  }

  /** @param {string} language in which the person is spoken to */
  speak(language) {
    const { say } = this.room;
    this.input.lang = language;
    this.hint.textContent = say("desk.talk.message_hint", {
      language: say(`desk.language_in.of_${language}`),
    });
  }

  focus() {
    this.input.focus();
  }

  /** Put a ready text where the cursor is. @param {string} text */
  insert(text) {
    const { selectionStart, selectionEnd, value } = this.input;
    const before = value.slice(0, selectionStart);
    const gap = before && !/\s$/.test(before) ? "\n\n" : "";
    this.input.setRangeText(gap + text, selectionStart, selectionEnd, "end");
    this.#tell();
    this.focus();
  }

  #tell() {
    if (Date.now() - this.told < TELL_EVERY || !this.input.value.trim()) return;
    this.told = Date.now();
    this.typing();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }

  #send() {
    const text = this.input.value.trim();
    if (!text) return this.focus();
    this.input.value = "";
    this.told = 0;
    this.send(text);
    this.focus();
  }
}
