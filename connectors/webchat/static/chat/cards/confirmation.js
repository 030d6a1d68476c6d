/** The electronic confirmation: what to do with it, and a link that works for a few minutes. */

import { el, submit } from "../dom.js";
import { StepCard } from "./step.js";

const DUTIES = ["check", "print", "sign", "keep"];
const OURS = "/api/chat";

export class ConfirmationCard extends StepCard {
  /** @param {import("../line.js").Line} line @param {import("../view.js").Room} room */
  constructor(line, room) {
    super("confirmation", line, room);
    this.ready = el("p", { class: "card__ready", role: "status" });
    this.element.append(
      el(
        "form",
        { novalidate: true, onsubmit: (event) => this.#fetch(event) },
        ...this.heading(),
        el("ol", { class: "card__list" }, ...DUTIES.map((duty) => el("li", {}, this.say(duty)))),
        this.refusal,
        el("div", { class: "card__actions" }, submit(this.say("submit")), this.status),
        this.ready,
      ),
    );
  }

  /** @param {Event} event */
  async #fetch(event) {
    event.preventDefault();
    this.ready.replaceChildren();
    const answer = await this.post("/confirmation/link", { member: this.member });
    const url = String(answer?.body?.url ?? "");
    if (answer?.status !== 200 || !url.startsWith(`${OURS}/`)) return;
    const href = this.room.api.url(url.slice(OURS.length));
    const link = el("a", { href, download: "" }, this.say("link"));
    this.ready.append(`${this.say("ready")} `, link);
    link.click();
  }
}
