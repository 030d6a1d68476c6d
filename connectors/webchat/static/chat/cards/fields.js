/** Fields of the design system. Their own checks are off: the server says what is wrong. */

import { el } from "../dom.js";

export const fieldNames = [
  "uci",
  "number",
  "family_name",
  "given_names",
  "birth_date",
  "birth_place",
];
/** What representatives and designated persons give of themselves besides. */
export const ownFieldNames = ["party_id", "own_family_name", "own_given_names"];

const HINTS = {
  family_name: "name_hint",
  given_names: "name_hint",
  own_family_name: "own_name_hint",
  own_given_names: "own_name_hint",
};
const NUMBER = { autocomplete: "off", size: 16 };
const FILL = {
  uci: NUMBER,
  number: NUMBER,
  party_id: NUMBER,
  family_name: { autocomplete: "family-name" },
  given_names: { autocomplete: "given-name" },
  own_family_name: { autocomplete: "family-name" },
  own_given_names: { autocomplete: "given-name" },
  birth_place: { autocomplete: "off" },
};

/** The fields of the details form, by name, with what was typed before.
 * @param {string} id of the card
 * @param {string | undefined} product which application numbers look how
 * @param {import("../view.js").Room} room
 * @returns {Record<string, any>}
 */
export function detailFields(id, product, { say, forms }) {
  return Object.fromEntries(
    [...fieldNames, ...ownFieldNames].map((name) => {
      const make = name === "birth_date" ? dateField : textField;
      const texts = [say(`cards.identify.${name}`), say(`cards.identify.${hint(name, product)}`)];
      return [name, make(`${id}-${name}`, name, texts, forms.details[name] ?? "")];
    }),
  );
}

/** The browser offers the names of whoever sits there: not the applicant's, if they act for one.
 * @param {Record<string, any>} fields @param {boolean} representative
 */
export function offerOwnNames(fields, representative) {
  for (const name of ["family_name", "given_names"]) {
    fields[name].autocomplete = representative ? "off" : FILL[name].autocomplete;
  }
}

/** @param {string} name @param {string | undefined} product */
function hint(name, product) {
  if (name === "number" && product === "citizenship") return "number_hint_citizenship";
  return HINTS[name] ?? `${name}_hint`;
}

/**
 * @param {string} id @param {string} name @param {string[]} texts label and hint @param {string} value
 */
function textField(id, name, [label, hint], value) {
  return el("gcds-input", {
    id: `${id}-field`,
    "input-id": id,
    name,
    label,
    hint,
    value,
    required: true,
    "validate-on": "other",
    ...FILL[name],
  });
}

/**
 * @param {string} id @param {string} name @param {string[]} texts legend and hint @param {string} value
 */
function dateField(id, name, [legend, hint], value) {
  return el("gcds-date-input", {
    id: `${id}-field`,
    name,
    legend,
    hint,
    value: value || null,
    format: "iso",
    required: true,
    "validate-on": "other",
  });
}
