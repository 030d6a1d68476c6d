/** An address in Canada: entered, shown the way it is written on an envelope, then a code for it. */

import { button, el, focus, submit } from "../dom.js";
import { provinceField, textField } from "./inputs.js";
import { Problems } from "./problems.js";
import { StepCard } from "./step.js";

/** @typedef {Record<"street" | "unit" | "city" | "province" | "postal_code", string>} Address */
/** @typedef {{proposal: Address, lines: string[]}} Proposal */

export class AddressCard extends StepCard {
  /** @param {import("../line.js").Line} line @param {import("../view.js").Room} room */
  constructor(line, room) {
    super("address", line, room);
    this.given = line.card?.fields ?? {};
    this.problems = new Problems(this.id, room);
    this.fields = this.#fields();
    const show = { proposed: () => this.#showProposal(), sent: () => this.fold() };
    (show[this.draft.at] ?? (() => this.#showForm()))();
  }

  keep() {
    this.draft.values = this.values;
  }

  /** The code is on its way: its form follows below. */
  fold() {
    if (!this.draft.proposed) return this.#showForm();
    this.draft.at = "sent";
    this.element.replaceChildren(
      el(
        "div",
        { class: "card__folded" },
        el(
          "div",
          {},
          el("p", { id: `${this.id}-title` }, this.say("sent")),
          el("p", {}, this.draft.proposed.lines.join(", ")),
        ),
        button(this.say("other"), () => this.reveal(), { "button-role": "secondary" }),
      ),
    );
  }

  reveal() {
    this.#showForm();
    focus(this.problems.first ?? this.fields.street);
  }

  /** Ask for a code for the address that was agreed to. @returns {Promise<boolean>} */
  async sendCode() {
    const { proposal } = this.draft.proposed;
    const answer = await this.postOnce("/address/send", { member: this.member, ...proposal });
    return answer?.status === 202;
  }

  get values() {
    return Object.fromEntries(
      Object.entries(this.fields).map(([name, field]) => [name, field.value ?? ""]),
    );
  }

  /** @returns {Record<string, any>} in the order of the form */
  #fields() {
    const { id, room } = this;
    const before = { ...this.given, ...this.draft.values };
    const text = (name, more) =>
      textField(id, name, this.say(name), { value: before[name] ?? "", ...more });
    return {
      street: text("street", { hint: this.say("street_hint"), autocomplete: "address-line1" }),
      unit: text("unit", { autocomplete: "address-line2", size: 12, required: false }),
      city: text("city", { autocomplete: "address-level2" }),
      province: provinceField(id, this.say("province"), before.province, room.say),
      postal_code: text("postal_code", {
        hint: this.say("postal_code_hint"),
        autocomplete: "postal-code",
        size: 10,
      }),
    };
  }

  #showForm() {
    this.draft.at = "form";
    this.element.replaceChildren(
      el(
        "form",
        { novalidate: true, onsubmit: (event) => this.#check(event) },
        ...this.heading(),
        this.problems.summary,
        ...Object.values(this.fields),
        this.refusal,
        el("div", { class: "card__actions" }, submit(this.say("submit")), this.status),
      ),
    );
  }

  /** Nothing is kept by the server yet: it says how the address is written. @param {Event} event */
  async #check(event) {
    event.preventDefault();
    this.keep();
    const answer = await this.post("/address", { member: this.member, ...this.values });
    if (answer) this.problems.show(this.fields, answer.body?.errors ?? {});
    if (answer?.status !== 200) return;
    this.draft.proposed = answer.body;
    this.#showProposal();
    focus(this.element.querySelector("h2"));
  }

  #showProposal() {
    this.draft.at = "proposed";
    const { lines } = this.draft.proposed;
    const change = button(this.say("change"), () => this.reveal(), { "button-role": "secondary" });
    this.element.replaceChildren(
      el(
        "form",
        { novalidate: true, onsubmit: (event) => this.#send(event) },
        ...this.heading("right", "right_text"),
        el("address", { class: "envelope" }, ...lines.map((line) => el("span", {}, line))),
        this.refusal,
        el("div", { class: "card__actions" }, submit(this.say("send")), change, this.status),
      ),
    );
  }

  /** @param {Event} event */
  async #send(event) {
    event.preventDefault();
    if (await this.sendCode()) this.fold();
  }
}
