/** The conversation on the page: lines in order, then what is on its way out, then the answers. */

import { button, el } from "./dom.js";
import { drawLine, drawOutgoing } from "./line.js";

/** @typedef {import("./line.js").Line} Line */
/** @typedef {import("./view.js").Room} Room */

const NEAR_END = 120;
const SAME_BREATH = 60_000;

export class Log {
  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    /** @type {Line | undefined} */
    this.last = undefined;
    /** Whether the newest line is read, and how far down the log was then. */
    this.atEnd = true;
    this.top = 0;
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
    this.#stayAtEnd();
  }

  /** Whoever reads the newest line goes on reading it when a bar below takes room, or when buttons
   * and fields get their size after they were added. Only who scrolls up leaves the end: what grows
   * before its scrolling is told must not be taken for that. */
  #stayAtEnd() {
    this.element.addEventListener("scroll", () => {
      const { scrollTop } = this.element;
      this.atEnd = (this.atEnd && scrollTop >= this.top) || this.#isAtEnd();
      this.top = scrollTop;
    });
    const sizes = new ResizeObserver(() => this.#follow(this.atEnd));
    for (const part of [this.element, this.lines, this.choices]) sizes.observe(part);
  }

  /** @param {Line} line */
  add(line) {
    const drawn = drawLine(line, this.room);
    drawn.classList.toggle("line--more", this.#goesOn(line));
    this.lines.append(drawn);
    this.last = line;
    this.#showChoices(line);
    this.#follow(this.atEnd || line.author === "user");
  }

  /** @param {import("./outbox.js").Outgoing[]} messages */
  showOutgoing(messages) {
    this.outgoing.replaceChildren(...messages.map((m) => drawOutgoing(m, this.room)));
    if (messages.length) this.choices.replaceChildren();
    this.#follow(messages.length > 0);
  }

  /** @param {boolean} waiting */
  showTyping(waiting) {
    this.typing.hidden = !waiting;
    this.#follow(this.atEnd);
  }

  toEnd() {
    this.element.scrollTop = Math.min(this.element.scrollHeight, this.#furthest());
    this.atEnd = true;
    this.top = this.element.scrollTop;
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

  #isAtEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < NEAR_END;
  }

  /** Where what has the focus is still seen: a picture that loads must not push away the title
   * that a card has just put the focus on. Nobody is taken back to what they have left. */
  #furthest() {
    const held = document.activeElement;
    if (!held || !this.lines.contains(held)) return Infinity;
    const below = held.getBoundingClientRect().top - this.element.getBoundingClientRect().top;
    return below < 0 ? Infinity : this.element.scrollTop + below;
  }

  /** @param {boolean} wanted */
  #follow(wanted) {
    if (wanted) this.toEnd();
  }
}
