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

const FILL = {
  uci: { autocomplete: "off", size: 16 },
  number: { autocomplete: "off", size: 16 },
  family_name: { autocomplete: "family-name" },
  given_names: { autocomplete: "given-name" },
  birth_place: { autocomplete: "off" },
};

/**
 * @param {string} id @param {string} name @param {string[]} texts label and hint @param {string} value
 */
export function textField(id, name, [label, hint], value) {
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
export function dateField(id, name, [legend, hint], value) {
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
