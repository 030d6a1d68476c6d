/** The form with the details of a file. What is typed stays in the page's memory. */

import { button, el, focus, submit } from "../dom.js";
import { detailFields, fieldNames, offerOwnNames, ownFieldNames } from "./fields.js";
import { codeHelp } from "./help.js";
import { fillKept } from "./kept.js";
import { Problems } from "./problems.js";
import { Who } from "./who.js";

/** @typedef {import("../view.js").Room} Room */

export class IdentifyCard {
  kind = /** @type {const} */ ("identify");

  /** @param {import("../line.js").Line} line @param {Room} room */
  constructor(line, room) {
    this.room = room;
    this.id = `identify-${line.number}`;
    this.problems = new Problems(this.id, room);
    this.who = new Who(this.id, room, () => this.#switched());
    this.fields = detailFields(this.id, line.card?.product, room);
    this.form = this.#form();
    this.open = el("div", {}, this.form, codeHelp(room));
    this.folded = el("div", { class: "card__folded", hidden: true });
    this.element = el(
      "section",
      {
        class: "card card--form",
        "aria-labelledby": `${this.id}-title`,
        onkeydown: (event) => event.key === "Escape" && this.#cancel(),
      },
      this.open,
      this.folded,
    );
    this.#showParts();
    // Of several forms in a conversation that is drawn anew, only the newest is live after this.
    setTimeout(() => this.room.forms.live.identify === this && fillKept(this.fields, room));
  }

  keep() {
    this.room.forms.details.who = this.who.chosen.value;
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
    this.open.remove();
    this.folded.hidden = false;
    this.folded.replaceChildren(el("p", {}, this.room.say(`cards.identify.${why}`)));
  }

  reveal() {
    this.folded.hidden = true;
    this.open.hidden = false;
    this.problems.refuse("");
    focus(this.problems.first ?? this.who.chosen);
  }

  /** Send the details, for the first code or a new one. Either some fields are `wrong`, or `refusal`
   * says why no details at all are taken now.
   * @returns {Promise<{sent: boolean, wrong: boolean, refusal: string}>}
   */
  async submit() {
    this.keep();
    const names = this.who.representative ? [...fieldNames, ...ownFieldNames] : fieldNames;
    const details = Object.fromEntries(names.map((n) => [n, this.room.forms.details[n] ?? ""]));
    const answer = await this.room.post("/identify", details);
    const { errors, error } = answer?.body ?? {};
    if (answer) this.problems.show(this.fields, errors ?? {});
    this.problems.refuse(error ?? "");
    return { sent: answer?.status === 202, wrong: Boolean(errors), refusal: error ?? "" };
  }

  #form() {
    const { say } = this.room;
    const cancel = button(say("cards.identify.cancel"), () => this.#cancel(), {
      "button-role": "secondary",
    });
    this.client = this.#part("part_client", fieldNames);
    this.own = this.#part("part_own", ownFieldNames);
    return el(
      "form",
      { novalidate: true, onsubmit: (event) => this.#send(event) },
      el("h2", { id: `${this.id}-title`, tabindex: "-1" }, say("cards.identify.title")),
      el("p", { class: "card__intro" }, say("cards.identify.intro")),
      this.problems.summary,
      this.who.element,
      this.client,
      this.own,
      this.problems.refusal,
      el("div", { class: "card__actions" }, submit(say("cards.identify.submit")), cancel),
    );
  }

  /** @param {string} legend @param {string[]} names */
  #part(legend, names) {
    const title = el("legend", {}, this.room.say(`cards.identify.${legend}`));
    return el("fieldset", { class: "part" }, title, ...names.map((name) => this.fields[name]));
  }

  /** Whom the fields are about needs saying only when they are about two people. */
  #showParts() {
    const { representative } = this.who;
    this.own.hidden = !representative;
    /** @type {HTMLElement} */ (this.client.firstElementChild).hidden = !representative;
    offerOwnNames(this.fields, representative);
  }

  #switched() {
    this.#showParts();
    if (this.who.representative) this.room.announce("cards.identify.more_fields");
  }

  /** @param {Event} event */
  async #send(event) {
    event.preventDefault();
    const { sent } = await this.submit();
    if (sent) this.fold();
  }

  #cancel() {
    if (this.open.hidden || !this.open.isConnected) return;
    this.keep();
    this.close();
    this.room.send(this.room.say("cards.identify.cancel_message"));
    this.room.toComposer();
  }

  /** @param {string} state @param {string} action texts of what it is now and how to open it */
  #fold(state, action) {
    const { say } = this.room;
    this.open.hidden = true;
    this.folded.hidden = false;
    this.folded.replaceChildren(
      el("p", {}, say(state)),
      button(say(action), () => this.reveal(), { "button-role": "secondary" }),
    );
  }
}
