/** The declaration of presence: in Canada now, where and since when, nothing left to report. */

import { el, submit } from "../dom.js";
import { Choice, provinceField, textField, Tick } from "./inputs.js";
import { Problems } from "./problems.js";
import { StepCard } from "./step.js";

const PLACE = ["city", "province", "since"];

export class DeclarationCard extends StepCard {
  /** @param {import("../line.js").Line} line @param {import("../view.js").Room} room */
  constructor(line, room) {
    super("declaration", line, room);
    this.problems = new Problems(this.id, room);
    this.fields = this.#fields();
    this.place = el(
      "fieldset",
      { class: "part" },
      el("legend", {}, this.say("place")),
      ...PLACE.map((name) => this.fields[name]),
    );
    this.stop = el("p", { class: "card__stop", role: "status" });
    this.send = submit(this.say("submit"));
    this.form = el(
      "form",
      { novalidate: true, onsubmit: (event) => this.#send(event) },
      ...this.heading(),
      this.problems.summary,
      this.fields.in_canada.element,
      this.fields.nothing_changed.element,
      this.place,
      this.fields.true.element,
      this.stop,
      this.refusal,
      el("div", { class: "card__actions" }, this.send, this.status),
    );
    this.element.append(this.form);
    this.#showParts();
  }

  keep() {
    this.draft.values = this.values;
  }

  get values() {
    return Object.fromEntries(
      Object.entries(this.fields).map(([name, field]) => [name, field.value ?? ""]),
    );
  }

  /** @returns {Record<string, any>} in the order of the form */
  #fields() {
    const { id, room } = this;
    const before = this.draft.values ?? {};
    const question = (name, more = {}) => {
      const answers = { yes: this.say(`${name}_yes`), no: this.say(`${name}_no`) };
      const changed = () => this.#showParts();
      return new Choice(`${id}-${name}`, this.say(name), answers, { value: before[name], changed, ...more });
    };
    return {
      in_canada: question("in_canada"),
      nothing_changed: question("nothing_changed", { hint: this.say("nothing_changed_hint") }),
      city: textField(id, "city", this.say("city"), {
        hint: this.say("city_hint"),
        value: before.city ?? "",
        autocomplete: "address-level2",
      }),
      province: provinceField(id, this.say("province"), before.province, room.say),
      since: el("gcds-date-input", {
        id: `${id}-since-field`,
        name: "since",
        legend: this.say("since"),
        hint: this.say("since_hint"),
        value: before.since || null,
        format: "iso",
        required: true,
        "validate-on": "other",
      }),
      true: new Tick(`${id}-true`, this.say("true"), before.true === "yes"),
    };
  }

  /** With one of these answers nothing more is asked. @returns {"" | "abroad" | "changed"} */
  get stopped() {
    if (this.fields.in_canada.value === "no") return "abroad";
    return this.fields.nothing_changed.value === "no" ? "changed" : "";
  }

  #showParts() {
    const { stopped } = this;
    this.fields.nothing_changed.element.hidden = stopped === "abroad";
    this.place.hidden = Boolean(stopped);
    this.fields.true.element.hidden = Boolean(stopped);
    const text = stopped ? this.say(`stop_${stopped}`) : "";
    if (this.stop.textContent !== text) this.stop.textContent = text;
    this.send.textContent = this.say(stopped ? "submit_answer" : "submit");
  }

  /** @param {Event} event */
  async #send(event) {
    event.preventDefault();
    this.keep();
    const { in_canada, nothing_changed } = this.values;
    const rest = { city: "", province: "", since: "", true: "" };
    const given = this.stopped ? { in_canada, nothing_changed, ...rest } : this.values;
    const answer = await this.postOnce("/landing/declaration", { member: this.member, ...given });
    if (answer) this.problems.show(this.fields, answer.body?.errors ?? {});
    if (answer?.status === 202) this.finish();
  }
}
