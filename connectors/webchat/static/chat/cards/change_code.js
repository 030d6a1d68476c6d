/** The code that confirms a change and nothing else: of the address, or of the phone. */

import { button, el, focus, submit } from "../dom.js";
import { textField } from "./inputs.js";
import { tell } from "./problems.js";
import { StepCard } from "./step.js";

class ChangeCodeCard extends StepCard {
  /**
   * @param {import("../forms.js").Kind} kind
   * @param {import("../line.js").Line} line
   * @param {import("../view.js").Room} room
   */
  constructor(kind, line, room) {
    super(kind, line, room);
    this.field = textField(this.id, "code", this.say("label"), {
      hint: this.say("hint"),
      inputmode: "numeric",
      autocomplete: "one-time-code",
      size: 10,
      value: this.draft.code ?? "",
    });
    const again = () => this.again();
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
          button(room.say("cards.code.again"), again, { "button-role": "secondary" }),
          this.status,
        ),
      ),
    );
  }

  /** The form whose change the code confirms, and where the code goes. */
  changes = "";

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
    const answer = await this.post(`/${this.changes}/code`, { code: this.field.value ?? "" });
    if (!answer) return;
    const wrong = answer.status === 422;
    this.field.errorMessage = wrong ? (answer.body?.error ?? "") : "";
    if (wrong) tell(this.refusal, "");
    if (wrong) return focus(this.field);
    if (answer.status !== 200) return;
    this.room.forms.done(/** @type {import("../forms.js").Kind} */ (this.changes));
    this.finish();
  }

  async again() {}
}

export class AddressCodeCard extends ChangeCodeCard {
  changes = "address";

  /** @param {import("../line.js").Line} line @param {import("../view.js").Room} room */
  constructor(line, room) {
    super("address_code", line, room);
  }

  /** To the same address, or the person enters it again: it was not in this page's memory. */
  async again() {
    const address = /** @type {any} */ (this.room.forms.live.address);
    if (!address?.draft.proposed) return address?.reveal();
    if (await address.sendCode()) this.room.announce("cards.address_code.sent_again");
    else tell(this.refusal, address.refusal.textContent);
  }
}

export class PhoneCodeCard extends ChangeCodeCard {
  changes = "phone";

  /** @param {import("../line.js").Line} line @param {import("../view.js").Room} room */
  constructor(line, room) {
    super("phone_code", line, room);
  }

  /** To the same number, or the person enters it again: it was not in this page's memory. */
  async again() {
    const phone = /** @type {any} */ (this.room.forms.live.phone);
    if (!phone?.draft.phone) return phone?.reveal();
    if (await phone.sendCode()) this.room.announce("cards.phone_code.sent_again");
    else phone.reveal();
  }
}
