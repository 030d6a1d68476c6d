/** The number of a phone that may be texted. It stays open until its code was right. */

import { button, el, focus, submit } from "../dom.js";
import { textField } from "./inputs.js";
import { StepCard } from "./step.js";

export class PhoneCard extends StepCard {
  /** @param {import("../line.js").Line} line @param {import("../view.js").Room} room */
  constructor(line, room) {
    super("phone", line, room);
    this.field = textField(this.id, "phone", this.say("label"), {
      hint: this.say("hint"),
      inputmode: "tel",
      type: "tel",
      autocomplete: "tel-national",
      size: 20,
      value: this.draft.phone ?? "",
    });
    this.element.append(
      el(
        "form",
        { novalidate: true, onsubmit: (event) => this.#send(event) },
        ...this.heading(),
        ...this.#linked(line.card?.linked ?? []),
        this.field,
        this.refusal,
        el("div", { class: "card__actions" }, submit(this.say("submit")), this.status),
      ),
    );
  }

  keep() {
    this.draft.phone = this.field.value ?? "";
  }

  /** Below the form of its code, which asks for another one here. */
  fold() {
    this.keep();
    this.element.hidden = true;
  }

  reveal() {
    this.element.hidden = false;
    focus(this.field);
  }

  /** Text a code to the number that stands here. @returns {Promise<boolean>} */
  async sendCode() {
    this.keep();
    const answer = await this.postOnce("/phone", { phone: this.draft.phone });
    this.field.errorMessage = answer?.status === 422 ? (answer.body?.error ?? "") : "";
    if (this.field.errorMessage) this.refusal.textContent = "";
    return answer?.status === 202;
  }

  /** @param {string[]} numbers that are linked already */
  #linked(numbers) {
    return numbers.flatMap((number) => [
      el("p", { class: "card__intro" }, this.say("linked", { number })),
      button(this.say("remove", { number }), () => this.#remove(), { "button-role": "secondary" }),
    ]);
  }

  /** @param {Event} event */
  async #send(event) {
    event.preventDefault();
    if (await this.sendCode()) return;
    if (this.field.errorMessage) focus(this.field);
  }

  async #remove() {
    const answer = await this.post("/phone/remove", {});
    if (answer?.status === 200) this.finish();
  }

  /** @param {"old" | "done"} why */
  retire(why) {
    super.retire(why);
    this.element.hidden = why === "done";
    // The number is linked, or nobody's: the next form begins empty.
    if (why === "done") delete this.room.forms.drafts[`${this.kind} ${this.member}`];
  }
}
