/** The code that came by e-mail. */

import { button, el, focus, submit } from "../dom.js";
import { codeHelp } from "./help.js";
import { tell } from "./problems.js";

/** @typedef {import("../view.js").Room} Room */

export class CodeCard {
  kind = /** @type {const} */ ("code");

  /** @param {import("../line.js").Line} line @param {Room} room */
  constructor(line, room) {
    this.room = room;
    this.id = `code-${line.number}`;
    this.field = this.#field();
    this.refusal = el("p", { class: "card__refusal", role: "alert" });
    this.form = this.#form();
    this.element = el(
      "section",
      { class: "card card--form", "aria-labelledby": `${this.id}-title` },
      this.form,
      codeHelp(room),
    );
  }

  /** @param {"old" | "done"} why */
  retire(why) {
    const text = this.room.say(`cards.code.${why}`);
    this.element.replaceChildren(
      el("div", { class: "card__folded" }, el("p", { id: `${this.id}-title` }, text)),
    );
  }

  reveal() {
    focus(this.field);
  }

  #field() {
    const { say } = this.room;
    return /** @type {any} */ (
      el("gcds-input", {
        id: `${this.id}-field`,
        "input-id": this.id,
        name: "code",
        label: say("cards.code.label"),
        hint: say("cards.code.hint"),
        inputmode: "numeric",
        autocomplete: "one-time-code",
        size: 10,
        required: true,
        "validate-on": "other",
      })
    );
  }

  #form() {
    const { say } = this.room;
    return el(
      "form",
      { novalidate: true, onsubmit: (event) => this.#send(event) },
      el("h2", { id: `${this.id}-title` }, say("cards.code.title")),
      this.field,
      this.refusal,
      el(
        "div",
        { class: "card__actions" },
        submit(say("cards.code.submit")),
        button(say("cards.code.again"), () => this.#again(), { "button-role": "secondary" }),
      ),
    );
  }

  /** @param {Event} event */
  async #send(event) {
    event.preventDefault();
    const answer = await this.room.post("/code", { code: this.field.value ?? "" });
    if (!answer) return;
    this.field.errorMessage = answer.status === 200 ? "" : answer.body?.error;
    if (answer.status === 200) this.room.toComposer();
    else focus(this.field);
  }

  /** The details are still here, or the person gives them again. */
  async #again() {
    const identify = /** @type {any} */ (this.room.forms.live.identify);
    if (!identify) return;
    if (!this.room.forms.details.uci) return identify.reveal();
    const { sent, refusal, wrong } = await identify.submit();
    tell(this.refusal, refusal);
    if (sent) this.room.announce("cards.code.sent_again");
    else if (wrong) identify.reveal();
  }
}
