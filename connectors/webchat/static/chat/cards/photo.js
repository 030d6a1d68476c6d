/** The photo for the card: chosen, checked in seconds, marked where something is wrong, sent. */

import { button, el, focus, submit } from "../dom.js";
import { Tick } from "./inputs.js";
import { picker, rules } from "./picker.js";
import { open, toSend, within } from "./pixels.js";
import { tell } from "./problems.js";
import { result } from "./result.js";
import { StepCard } from "./step.js";

const WHOLE = { left: 0, top: 0, width: 1, height: 1 };

/**
 * What is known of the photo that was chosen; it outlives the card when the language changes.
 * @typedef {object} Chosen
 * @property {ImageBitmap | null} bitmap
 * @property {Blob} file what goes out
 * @property {boolean} smaller than what was chosen
 * @property {import("./pixels.js").Box} crop the part that is looked at
 * @property {string} [language] of what the check says
 * @property {any} [found] by the check: `{photo, report}`
 */

export class PhotoCard extends StepCard {
  /** @param {import("../line.js").Line} line @param {import("../view.js").Room} room */
  constructor(line, room) {
    super("photo", line, room);
    this.tick = this.#tick();
    this.shown = el("div", {});
    this.form = el(
      "form",
      { novalidate: true, onsubmit: (event) => this.#send(event) },
      ...this.heading(),
      rules(room.say),
      this.status,
      this.shown,
      this.refusal,
    );
    this.element.append(this.form);
    this.#draw();
    // A check that began in the other language ends here.
    this.draft.pending?.then(() => this.#checked());
  }

  keep() {
    this.draft.ticked = this.tick.value === "yes";
  }

  /** @returns {Chosen | undefined} */
  get chosen() {
    return this.draft.chosen;
  }

  #tick() {
    const { name } = this;
    const label = name ? this.say("mine_other", { name }) : this.say("mine");
    return new Tick(`${this.id}-mine`, label, this.draft.ticked === true);
  }

  /** @param {File} file */
  async #choose(file) {
    if (this.busy) return;
    this.status.textContent = this.say("checking");
    const bitmap = await open(file);
    this.draft.chosen = { bitmap, ...(await toSend(file, bitmap)), crop: WHOLE };
    this.draft.ticked = false;
    this.tick = this.#tick();
    await this.#check();
  }

  /** @param {import("./pixels.js").Box} crop */
  #crop(crop) {
    const { chosen } = this;
    if (!chosen || this.busy) return;
    chosen.crop = within(chosen.crop, crop);
    return this.#check();
  }

  async #check() {
    const { chosen, draft, room } = this;
    if (!chosen) return;
    delete chosen.found;
    const call = this.during(() => room.upload("/photo", this.#query(chosen), chosen.file));
    this.status.textContent = this.say("checking");
    this.#draw();
    draft.pending = call.then((answer) => {
      delete draft.pending;
      if (answer?.status !== 200) return;
      chosen.found = answer.body;
      chosen.language = room.language;
    });
    await draft.pending;
    this.#checked();
  }

  /** @param {Chosen} chosen */
  #query({ crop }) {
    const whole = crop.width === 1 && crop.height === 1;
    const { left, top, width, height } = crop;
    const part = { crop: [left, top, width, height].join(",") };
    return { member: this.member, ...(whole ? {} : part) };
  }

  #checked() {
    this.#draw();
    const title = /** @type {HTMLElement | null} */ (this.shown.querySelector("h3"));
    this.status.textContent = "";
    if (title) this.#lead(title);
  }

  /** What was found takes the focus, unless the person went on elsewhere meanwhile.
   * @param {HTMLElement} title
   */
  #lead(title) {
    const { activeElement, body } = document;
    if (activeElement === body || this.element.contains(activeElement)) focus(title);
    else this.status.textContent = title.textContent;
  }

  #draw() {
    const { chosen, id, busy, room } = this;
    const again = this.draft.pending || busy;
    const choose = (label) => picker(id, label, room.say, (file) => this.#choose(file));
    this.element.classList.toggle("card--checking", Boolean(again));
    if (!chosen) return this.shown.replaceChildren(choose("choose"));
    const found = result(chosen, id, room);
    const actions = again ? null : this.#actions(chosen);
    const other = again ? null : choose("another");
    this.shown.replaceChildren(...[found, actions, other].filter((one) => one !== null));
  }

  /** What can be done with the photo as it is. @param {Chosen} chosen */
  #actions({ found }) {
    if (!found) return this.#one("", button(this.say("again"), () => this.#check()));
    if (found.photo) {
      return el(
        "div",
        { class: "photo__send" },
        this.tick.element,
        el("div", { class: "card__actions" }, submit(this.say("submit"))),
      );
    }
    const { frame } = found.report;
    if (!frame) return null;
    return this.#one(this.say("crop_text"), button(this.say("crop"), () => this.#crop(frame)));
  }

  /** @param {string} text @param {HTMLElement} action */
  #one(text, action) {
    return el("div", { class: "card__actions" }, text ? el("p", {}, text) : null, action);
  }

  /** @param {Event} event */
  async #send(event) {
    event.preventDefault();
    const photo = this.chosen?.found?.photo;
    if (!photo || this.busy) return;
    this.keep();
    this.tick.errorMessage = this.draft.ticked ? "" : this.say("mine_missing");
    if (!this.draft.ticked) return this.tick.input.focus();
    const answer = await this.postOnce("/photo/choose", { member: this.member, photo });
    if (answer?.body?.errors) tell(this.refusal, Object.values(answer.body.errors).join(" "));
    if (answer?.status === 202) this.finish();
  }
}
