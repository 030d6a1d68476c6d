/** What the forms of landing have in common: one goes out at a time, nothing entered is lost. */

import { newClientId } from "../api.js";
import { el, focus } from "../dom.js";
import { tell } from "./problems.js";

/** @typedef {import("../view.js").Room} Room */
/** @typedef {import("../api.js").Answer} Answer */

export class StepCard {
  /**
   * @param {import("../forms.js").Kind} kind
   * @param {import("../line.js").Line} line
   * @param {Room} room
   */
  constructor(kind, line, room) {
    this.kind = kind;
    this.room = room;
    this.number = line.number;
    this.id = `${kind}-${line.number}`;
    this.member = line.card?.member ?? "";
    /** Whom it is for, when that is not the reader. @type {string} */
    this.name = line.card?.name ?? "";
    // A newer form of the kind goes on with what stands in the one before.
    room.forms.live[kind]?.keep?.();
    this.draft = room.forms.draft(`${kind} ${this.member}`);
    this.busy = false;
    this.refusal = el("p", { class: "card__refusal", role: "alert" });
    this.status = el("p", { class: "card__status", role: "status" });
    this.element = el("section", {
      class: `card card--form card--${kind}`,
      "aria-labelledby": `${this.id}-title`,
    });
  }

  /** @param {string} name @param {Record<string, unknown>} [values] */
  say(name, values) {
    return this.room.say(`cards.${this.kind}.${name}`, values);
  }

  /** Title and introduction. @param {string} [title] @param {string} [intro] */
  heading(title = "title", intro = "intro") {
    const { name } = this;
    return [
      el("h2", { id: `${this.id}-title`, tabindex: "-1" }, this.say(title)),
      name ? el("p", { class: "card__for" }, this.room.say("cards.step.for", { name })) : null,
      intro ? el("p", { class: "card__intro" }, this.say(intro)) : null,
    ];
  }

  /** @param {"old" | "done"} why */
  retire(why) {
    const text = why === "old" ? this.room.say("cards.identify.old") : this.say("done");
    this.folded = el("p", { tabindex: "-1" }, text);
    this.element.removeAttribute("aria-labelledby");
    this.element.replaceChildren(el("div", { class: "card__folded" }, this.folded));
  }

  reveal() {
    const first = this.element.querySelector("input:not([hidden]), gcds-input, gcds-textarea, gcds-button");
    focus(/** @type {any} */ (first));
  }

  /** It was taken: one line is left, which has the focus. */
  finish() {
    const here = this.element.contains(document.activeElement) || document.activeElement === document.body;
    delete this.room.forms.drafts[`${this.kind} ${this.member}`];
    this.room.forms.done(this.kind);
    if (here) this.folded?.focus();
  }

  /** Post to the API, once at a time; what is refused as a whole is said in the card.
   * @param {string} path @param {object} body
   * @returns {Promise<Answer | null>} null when nothing came back
   */
  async post(path, body) {
    return this.during(() => this.room.post(path, body));
  }

  /** The same with a name, so that sent twice it counts once. The name lives until it is known what
   * became of it, also in the other language.
   * @param {string} path @param {object} body
   */
  async postOnce(path, body) {
    const text = JSON.stringify([path, body]);
    if (this.draft.sending?.text !== text) this.draft.sending = { text, client_id: newClientId() };
    const answer = await this.post(path, { client_id: this.draft.sending.client_id, ...body });
    if (answer && answer.status < 500) delete this.draft.sending;
    return answer;
  }

  /** @param {() => Promise<Answer | null>} call */
  async during(call) {
    if (this.busy) return null;
    this.#setBusy(true);
    tell(this.refusal, "");
    const answer = await call();
    this.#setBusy(false);
    this.#refuse(answer);
    return answer;
  }

  /** @param {Answer | null} answer */
  #refuse(answer) {
    const { say } = this.room;
    if (answer === null) tell(this.refusal, say("cards.step.unreachable"));
    else if (answer.status >= 300 && !answer.body?.errors)
      tell(this.refusal, answer.body?.error ?? say("cards.step.failed"));
    // Buttons lose the focus while they are off.
    if (this.refusal.textContent && document.activeElement === document.body) focus(this.submit);
  }

  /** The button that sends what is shown. @returns {HTMLElement | null} */
  get submit() {
    return this.element.querySelector("gcds-button[type=submit]");
  }

  /** @param {boolean} busy */
  #setBusy(busy) {
    this.busy = busy;
    this.element.setAttribute("aria-busy", String(busy));
    this.status.textContent = busy ? this.room.say("cards.step.sending") : "";
    for (const button of this.element.querySelectorAll("gcds-button")) {
      /** @type {any} */ (button).disabled = busy;
    }
  }
}
