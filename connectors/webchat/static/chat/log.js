/** The conversation on the page: lines in order, then what is on its way out, then the answers. */

import { button, el } from "./dom.js";
import { End } from "./end.js";
import { drawLine, drawOutgoing } from "./line.js";

/** @typedef {import("./line.js").Line} Line */
/** @typedef {import("./view.js").Room} Room */

const SAME_BREATH = 60_000;

export class Log {
  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    /** @type {Line | undefined} */
    this.last = undefined;
    this.lines = el("div", { class: "log__lines" });
    this.outgoing = el("div", { class: "log__outgoing" });
    this.choices = el("div", { class: "choices", role: "group" });
    this.typing = el(
      "div",
      { class: "typing", hidden: true },
      el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i")),
      el("span", {}, room.say("page.chat.typing")),
    );
    // Announced by the status region instead (announcer.js): a live log reads history again.
    this.element = el(
      "div",
      {
        class: "log",
        role: "log",
        "aria-live": "off",
        "aria-label": room.say("page.chat.log"),
        tabindex: "0",
      },
      this.lines,
      this.outgoing,
      this.choices,
      this.typing,
    );
    this.choices.setAttribute("aria-label", room.say("page.chat.choices"));
    this.end = new End(this.element, [this.lines, this.choices], () => this.#furthest());
  }

  /** @param {Line} line */
  add(line) {
    const drawn = drawLine(line, this.room);
    drawn.classList.toggle("line--more", this.#goesOn(line));
    this.lines.append(drawn);
    this.last = line;
    this.#showChoices(line);
    this.end.follow(line.author === "user");
  }

  /** @param {import("./outbox.js").Outgoing[]} messages */
  showOutgoing(messages) {
    this.outgoing.replaceChildren(...messages.map((m) => drawOutgoing(m, this.room)));
    if (!messages.length) return;
    this.choices.replaceChildren();
    this.end.go();
  }

  /** @param {boolean} waiting */
  showTyping(waiting) {
    this.typing.hidden = !waiting;
    this.end.follow();
  }

  /** Only the newest line's answers can be chosen, and only once. @param {Line} line */
  #showChoices(line) {
    const offered = line.choices ?? [];
    this.choices.lang = line.lang ?? this.room.language;
    this.choices.replaceChildren(
      ...offered.map((choice) =>
        button(choice.label, () => this.#choose(choice), { "button-role": "secondary" }),
      ),
    );
  }

  /** The buttons go away, so the focus goes where the answer will be.
   * @param {{id: string, label: string}} choice
   */
  #choose(choice) {
    this.room.send(choice.label, choice.id);
    this.element.focus();
  }

  /** Said in the same breath as the line before: its author and time need not be shown again.
   * @param {Line} line
   */
  #goesOn(line) {
    if (this.last?.author !== line.author) return false;
    return Date.parse(line.at) - Date.parse(this.last.at) < SAME_BREATH;
  }

  /** Where what has the focus is still seen: a picture that loads must not push away the title
   * that a card has just put the focus on. Nobody is taken back to what they have left. */
  #furthest() {
    const held = document.activeElement;
    if (!held || !this.lines.contains(held)) return Infinity;
    const below = held.getBoundingClientRect().top - this.element.getBoundingClientRect().top;
    return below < 0 ? Infinity : this.element.scrollTop + below;
  }
}
