/** The form with the details of a file. What is typed stays in the page's memory. */

import { button, el, focus, submit } from "../dom.js";
import { dateField, fieldNames, textField } from "./fields.js";

/** @typedef {import("../view.js").Room} Room */

export class IdentifyCard {
  kind = /** @type {const} */ ("identify");

  /** @param {import("../line.js").Line} line @param {Room} room */
  constructor(line, room) {
    this.room = room;
    this.id = `identify-${line.number}`;
    this.product = line.card?.product;
    this.summary = el("div", { class: "card__summary" });
    /** @type {Record<string, any>} */
    this.fields = this.#fields();
    this.form = this.#form();
    this.folded = el("div", { class: "card__folded", hidden: true });
    this.element = el(
      "section",
      {
        class: "card card--form",
        "aria-labelledby": `${this.id}-title`,
        onkeydown: (event) => event.key === "Escape" && this.#cancel(),
      },
      this.form,
      this.folded,
    );
  }

  keep() {
    for (const [name, field] of Object.entries(this.fields)) {
      this.room.forms.details[name] = field.value ?? "";
    }
  }

  fold() {
    this.#fold("cards.identify.sent", "cards.identify.change");
  }

  close() {
    this.#fold("cards.identify.closed", "cards.identify.reopen");
  }

  /** @param {"old" | "done"} why */
  retire(why) {
    this.form.remove();
    this.folded.hidden = false;
    this.folded.replaceChildren(el("p", {}, this.room.say(`cards.identify.${why}`)));
  }

  reveal() {
    this.folded.hidden = true;
    this.form.hidden = false;
    focus(this.fields.uci);
  }

  /** Send the details, for the first code or a new one. @returns {Promise<boolean>} */
  async submit() {
    this.keep();
    const details = Object.fromEntries(fieldNames.map((n) => [n, this.room.forms.details[n] ?? ""]));
    const answer = await this.room.post("/identify", details);
    if (!answer) return false;
    this.#showErrors(answer.status === 202 ? {} : (answer.body?.errors ?? { uci: answer.body?.error }));
    return answer.status === 202;
  }

  #form() {
    const { say } = this.room;
    const cancel = button(say("cards.identify.cancel"), () => this.#cancel(), {
      "button-role": "secondary",
    });
    return el(
      "form",
      { novalidate: true, onsubmit: (event) => this.#send(event) },
      el("h2", { id: `${this.id}-title`, tabindex: "-1" }, say("cards.identify.title")),
      el("p", { class: "card__intro" }, say("cards.identify.intro")),
      this.summary,
      ...Object.values(this.fields),
      el("div", { class: "card__actions" }, submit(say("cards.identify.submit")), cancel),
    );
  }

  #fields() {
    const { say, forms } = this.room;
    const citizenship = this.product === "citizenship" ? "_citizenship" : "";
    const hints = {
      uci: "uci_hint",
      number: `number_hint${citizenship}`,
      family_name: "name_hint",
      given_names: "name_hint",
      birth_date: "birth_date_hint",
      birth_place: "birth_place_hint",
    };
    return Object.fromEntries(
      fieldNames.map((name) => {
        const make = name === "birth_date" ? dateField : textField;
        const texts = [say(`cards.identify.${name}`), say(`cards.identify.${hints[name]}`)];
        return [name, make(`${this.id}-${name}`, name, texts, forms.details[name] ?? "")];
      }),
    );
  }

  /** @param {Event} event */
  async #send(event) {
    event.preventDefault();
    if (await this.submit()) this.fold();
  }

  #cancel() {
    if (this.form.hidden || !this.form.isConnected) return;
    this.keep();
    this.close();
    this.room.send(this.room.say("cards.identify.cancel_message"));
    this.room.toComposer();
  }

  /** @param {string} state @param {string} action texts of what it is now and how to open it */
  #fold(state, action) {
    const { say } = this.room;
    this.form.hidden = true;
    this.folded.hidden = false;
    this.folded.replaceChildren(
      el("p", {}, say(state)),
      button(say(action), () => this.reveal(), { "button-role": "secondary" }),
    );
  }

  /** @param {Record<string, string>} errors */
  #showErrors(errors) {
    const links = Object.fromEntries(
      fieldNames.filter((n) => errors[n]).map((n) => [`#${this.id}-${n}-field`, errors[n]]),
    );
    for (const [name, field] of Object.entries(this.fields)) field.errorMessage = errors[name] ?? "";
    this.summary.replaceChildren();
    if (!Object.keys(links).length) return;
    const summary = el("gcds-error-summary", {
      heading: this.room.say("cards.identify.problems"),
      "error-links": JSON.stringify(links),
      listen: "false",
    });
    this.summary.append(summary);
    focus(summary);
  }
}
