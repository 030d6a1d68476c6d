/** The code that came to the phone. */

import { button, el, focus, submit } from "../dom.js";
import { textField } from "./inputs.js";
import { tell } from "./problems.js";
import { StepCard } from "./step.js";

export class PhoneCodeCard extends StepCard {
  /** @param {import("../line.js").Line} line @param {import("../view.js").Room} room */
  constructor(line, room) {
    super("phone_code", line, room);
    this.field = textField(this.id, "code", this.say("label"), {
      hint: this.say("hint"),
      inputmode: "numeric",
      autocomplete: "one-time-code",
      size: 10,
      value: this.draft.code ?? "",
    });
    this.element.append(
      el(
        "form",
        { novalidate: true, onsubmit: (event) => this.#send(event) },
        ...this.heading("title", ""),
        this.field,
        this.refusal,
        el(
          "div",
          { class: "card__actions" },
          submit(this.say("submit")),
          button(room.say("cards.code.again"), () => this.#again(), { "button-role": "secondary" }),
          this.status,
        ),
      ),
    );
  }

  keep() {
    this.draft.code = this.field.value ?? "";
  }

  /** @param {"old" | "done"} why */
  retire(why) {
    super.retire(why);
    if (why === "old" && this.folded) this.folded.textContent = this.say("old");
  }

  /** @param {Event} event */
  async #send(event) {
    event.preventDefault();
    const answer = await this.post("/phone/code", { code: this.field.value ?? "" });
    if (!answer) return;
    const wrong = answer.status === 422;
    this.field.errorMessage = wrong ? (answer.body?.error ?? "") : "";
    if (wrong) tell(this.refusal, "");
    if (wrong) return focus(this.field);
    if (answer.status !== 200) return;
    this.room.forms.done("phone");
    this.finish();
  }

  /** To the same number, or the person enters it again: it was not in this page's memory. */
  async #again() {
    const phone = /** @type {any} */ (this.room.forms.live.phone);
    if (!phone?.draft.phone) return phone?.reveal();
    if (await phone.sendCode()) this.room.announce("cards.phone_code.sent_again");
    else phone.reveal();
  }
}
