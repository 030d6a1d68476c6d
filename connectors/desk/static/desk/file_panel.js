/** The file of whoever proved who they are: masked until a reason is given, and masked again by one
 * press. Each view is a row of the audit trail, written before anything is shown. */

import { caseCard } from "../chat/cards/case.js";
import { el } from "../chat/dom.js";
import { paragraphs } from "../chat/text.js";
import { action, choice, panel, second } from "./controls.js";

export class FilePanel {
  /**
   * @param {import("./main.js").Room} room
   * @param {import("./api.js").DeskApi} api of the conversation
   * @param {string[]} reasons
   */
  constructor(room, api, reasons) {
    this.room = room;
    this.api = api;
    this.reasons = reasons;
    this.files = "";
    this.body = el("div");
    this.element = panel("file", room.say("desk.case.title"), true, this.body);
  }

  /** @param {any} view */
  show(view) {
    const files = JSON.stringify([view.mine, view.proven, view.files]);
    if (files === this.files) return;
    this.files = files;
    const { say } = this.room;
    if (!view.proven || !view.mine) {
      this.body.replaceChildren(el("p", { class: "quiet" }, say("desk.case.locked")));
    } else if (!view.files.length) {
      this.body.replaceChildren(el("p", {}, say("desk.case.none")));
    } else {
      this.body.replaceChildren(...view.files.map((file) => this.#file(file)));
    }
  }

  /** @param {{id: number, title: string}} file */
  #file(file) {
    const place = el("div", { class: "file" });
    this.#mask(place, file);
    return place;
  }

  /** @param {HTMLElement} place @param {{id: number, title: string}} file */
  #mask(place, file) {
    const { say } = this.room;
    const id = `why-${file.id}`;
    const options = /** @type {[string, string][]} */ ([
      ["", say("desk.case.choose")],
      ...this.reasons.map((one) => [one, say(`desk.case.why.${one}`)]),
    ]);
    const wrong = el("p", { class: "late", role: "alert" });
    const field = choice(id, say("desk.case.reason"), options);
    const select = /** @type {HTMLSelectElement} */ (field.querySelector("select"));
    place.replaceChildren(
      el("h3", {}, file.title),
      el("p", { class: "quiet" }, say("desk.case.masked")),
      field,
      wrong,
      action(say("desk.case.show"), () => this.#open(place, file, select, wrong)),
    );
  }

  /** @param {HTMLElement} place @param {{id: number, title: string}} file
   * @param {HTMLSelectElement} select @param {HTMLElement} wrong
   */
  async #open(place, file, select, wrong) {
    const { say } = this.room;
    if (!select.value) {
      wrong.textContent = say("desk.error.reason");
      return select.focus();
    }
    const call = this.api.post("/file", { id: file.id, reason: select.value });
    const answer = await call.catch(() => null);
    if (answer?.status !== 200) {
      wrong.textContent = answer?.body?.error ?? say("desk.lost");
      return;
    }
    const line = { ...answer.body, number: file.id };
    const room = /** @type {any} */ ({ say, language: this.room.language });
    const picture = line.card?.kind === "case" ? caseCard(line, room) : null;
    const hide = second(say("desk.case.hide"), () => this.#mask(place, file));
    place.replaceChildren(picture ?? el("div", {}, ...paragraphs(line.text)), hide);
    hide.focus();
  }
}
