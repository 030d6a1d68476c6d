/** The form's first question: is it the client who fills it in, or somebody who acts for them? */

import { el } from "../dom.js";

export class Who {
  /** @param {string} id of the card @param {import("../view.js").Room} room @param {() => void} changed */
  constructor(id, { say, forms }, changed) {
    const chosen = forms.details.who ?? "self";
    const choices = ["self", "representative"].map((value) => {
      const checked = value === chosen;
      const input = el("input", { type: "radio", name: `${id}-who`, value, checked, onchange: changed });
      return el("label", {}, input, say(`cards.identify.who_${value}`));
    });
    this.element = el("fieldset", { class: "who" }, el("legend", {}, say("cards.identify.who")), ...choices);
  }

  /** The one of the two that is chosen. @returns {HTMLInputElement} */
  get chosen() {
    return /** @type {any} */ (this.element.querySelector("input:checked"));
  }

  get representative() {
    return this.chosen.value === "representative";
  }
}
