/** How a photo comes into the page: from the device's files or, on a phone, from its camera. */

import { el } from "../dom.js";

/** @typedef {import("../texts.js").Say} Say */

const RULES = ["background", "face", "light", "recent", "print", "file"];
const KINDS = "image/jpeg,image/png";

/** @param {string} id @param {"choose" | "another"} label @param {Say} say @param {(file: File) => void} chosen */
export function picker(id, label, say, chosen) {
  const look = label === "another" ? "button--second" : "";
  return el(
    "div",
    { class: "photo__pick" },
    // The style shows this one only where there is a camera at hand: on phones and tablets.
    input(`${id}-camera`, say("cards.photo.take"), chosen, `${look} photo__camera`, { capture: "user" }),
    input(`${id}-file`, say(`cards.photo.${label}`), chosen, look, {}),
  );
}

/** @param {Say} say */
export function rules(say) {
  return el(
    "details",
    { class: "photo__rules" },
    el("summary", {}, say("cards.photo.rules")),
    el("ul", {}, ...RULES.map((rule) => el("li", {}, say(`cards.photo.rule_${rule}`)))),
  );
}

/**
 * @param {string} id @param {string} label @param {(file: File) => void} chosen
 * @param {string} look @param {Record<string, unknown>} more
 */
function input(id, label, chosen, look, more) {
  const field = /** @type {HTMLInputElement} */ (
    el("input", { type: "file", id, class: "hidden", accept: KINDS, ...more })
  );
  field.addEventListener("change", () => {
    const [file] = field.files ?? [];
    // So that the same file, mended, can be chosen once more.
    field.value = "";
    if (file) chosen(file);
  });
  return el("label", { class: `button ${look}` }, field, label);
}
