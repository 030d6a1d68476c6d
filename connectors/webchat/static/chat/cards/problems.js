/** What was wrong with the details: by field, with a summary that takes the focus; or as a whole. */

import { el, focus } from "../dom.js";

export class Problems {
  /** @param {string} id of the card @param {import("../view.js").Room} room */
  constructor(id, room) {
    this.id = id;
    this.room = room;
    this.summary = el("div", { class: "card__summary" });
    this.refusal = el("p", { class: "card__refusal", role: "alert" });
  }

  /** The summary, when there is one to read first. @returns {HTMLElement | null} */
  get first() {
    return /** @type {any} */ (this.summary.firstElementChild);
  }

  /** Not the details, but giving any now, is refused. @param {string} sentence "" when it is not */
  refuse(sentence) {
    tell(this.refusal, sentence);
  }

  /** @param {Record<string, any>} fields @param {Record<string, string>} errors by field */
  show(fields, errors) {
    const wrong = Object.keys(fields).filter((name) => errors[name]);
    for (const [name, field] of Object.entries(fields)) field.errorMessage = errors[name] ?? "";
    this.summary.replaceChildren();
    if (!wrong.length) return;
    const links = Object.fromEntries(wrong.map((name) => [`#${this.id}-${name}-field`, errors[name]]));
    const heading = this.room.say("cards.identify.problems");
    this.summary.append(
      el("gcds-error-summary", { heading, "error-links": JSON.stringify(links), listen: "false" }),
    );
    focus(this.first);
  }
}

/** Say something in an alert that stands there already, where it can be seen.
 * @param {HTMLElement} alert @param {string} sentence "" when there is nothing to say any more
 */
export function tell(alert, sentence) {
  alert.textContent = sentence;
  if (sentence) alert.scrollIntoView({ block: "nearest" });
}
