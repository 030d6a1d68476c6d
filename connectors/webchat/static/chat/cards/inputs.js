/** Fields of the forms of landing. The server says what is wrong; each shows it as `errorMessage`. */

import { el } from "../dom.js";

export const PROVINCES = "AB BC MB NB NL NS NT NU ON PE QC SK YT".split(" ");

/** A question with a few answers, as buttons of which one can be chosen. */
export class Choice {
  /**
   * @param {string} id @param {string} legend @param {Record<string, string>} answers label by value
   * @param {{value?: string, hint?: string, changed?: () => void}} [more]
   */
  constructor(id, legend, answers, { value, hint, changed } = {}) {
    this.error = errorText(`${id}-error`);
    const inputs = Object.entries(answers).map(([answer, label], number) => {
      const input = el("input", {
        type: "radio",
        id: number ? `${id}-${answer}` : `${id}-field`,
        name: id,
        value: answer,
        checked: answer === value,
        onchange: () => this.#changed(changed),
      });
      return el("label", {}, input, label);
    });
    this.element = el(
      "fieldset",
      { class: "who", "aria-describedby": `${id}-hint ${id}-error` },
      el("legend", {}, legend),
      hint ? el("p", { id: `${id}-hint`, class: "card__hint" }, hint) : null,
      this.error,
      ...inputs,
    );
  }

  /** @param {(() => void) | undefined} tell */
  #changed(tell) {
    this.errorMessage = "";
    tell?.();
  }

  /** @returns {string} "" while nothing is chosen */
  get value() {
    const chosen = /** @type {HTMLInputElement | null} */ (this.element.querySelector("input:checked"));
    return chosen?.value ?? "";
  }

  set errorMessage(sentence) {
    this.error.textContent = sentence;
    this.element.classList.toggle("who--wrong", Boolean(sentence));
  }
}

/** One box to tick. */
export class Tick {
  /** @param {string} id @param {string} label @param {boolean} checked */
  constructor(id, label, checked) {
    this.error = errorText(`${id}-error`);
    this.input = /** @type {HTMLInputElement} */ (
      el("input", { type: "checkbox", id: `${id}-field`, checked, "aria-describedby": `${id}-error` })
    );
    this.element = el("div", { class: "who" }, this.error, el("label", {}, this.input, label));
  }

  /** @returns {"yes" | ""} */
  get value() {
    return this.input.checked ? "yes" : "";
  }

  set errorMessage(sentence) {
    this.error.textContent = sentence;
    this.input.setAttribute("aria-invalid", String(Boolean(sentence)));
    this.element.classList.toggle("who--wrong", Boolean(sentence));
  }
}

/**
 * @param {string} id @param {string} name @param {string} label
 * @param {Record<string, unknown>} [more] hint, value, autocomplete …
 * @returns {any}
 */
export function textField(id, name, label, more = {}) {
  return el("gcds-input", {
    id: `${id}-${name}-field`,
    "input-id": `${id}-${name}`,
    name,
    label,
    required: true,
    "validate-on": "other",
    ...more,
  });
}

/** @param {string} id @param {string} label @param {string} value @param {import("../texts.js").Say} say */
export function provinceField(id, label, value, say) {
  return /** @type {any} */ (
    el(
      "gcds-select",
      {
        id: `${id}-province-field`,
        "select-id": `${id}-province`,
        name: "province",
        label,
        value: value || null,
        "default-value": say("cards.declaration.choose"),
        autocomplete: "address-level1",
        required: true,
        "validate-on": "other",
      },
      ...PROVINCES.map((code) => el("option", { value: code }, say(`cards.province.${code}`))),
    )
  );
}

/** @param {string} id */
function errorText(id) {
  return el("p", { id, class: "card__error" });
}
