/** A report of an error on the confirmation. */

import { el, focus, submit } from "../dom.js";
import { StepCard } from "./step.js";

const MOST = 500;

export class ErrorCard extends StepCard {
  /** @param {import("../line.js").Line} line @param {import("../view.js").Room} room */
  constructor(line, room) {
    super("error", line, room);
    this.field = /** @type {any} */ (
      el("gcds-textarea", {
        id: `${this.id}-text-field`,
        "textarea-id": `${this.id}-text`,
        name: "text",
        label: this.say("label"),
        maxlength: MOST,
        rows: 4,
        value: this.draft.text ?? "",
        required: true,
        "validate-on": "other",
      })
    );
    this.element.append(
      el(
        "form",
        { novalidate: true, onsubmit: (event) => this.#send(event) },
        ...this.heading("title", ""),
        this.field,
        this.refusal,
        el("div", { class: "card__actions" }, submit(this.say("submit")), this.status),
      ),
    );
  }

  keep() {
    this.draft.text = this.field.value ?? "";
  }

  /** @param {Event} event */
  async #send(event) {
    event.preventDefault();
    this.keep();
    const text = this.draft.text.trim();
    this.#wrong(text && text.length <= MOST ? "" : this.say("missing"));
    if (this.field.errorMessage) return;
    const answer = await this.postOnce("/landing/error", { member: this.member, text });
    this.#wrong(answer?.body?.errors?.text ?? "");
    if (answer?.status === 202) this.finish();
  }

  /** @param {string} sentence */
  #wrong(sentence) {
    this.field.errorMessage = sentence;
    if (sentence) focus(this.field);
  }
}
