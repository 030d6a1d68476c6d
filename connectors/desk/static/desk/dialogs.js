/** Questions before a conversation is passed on or closed, as native modal dialogs. */

import { el } from "../chat/dom.js";
import { action, choice, second } from "./controls.js";

/** @param {string} title @param {import("../chat/texts.js").Say} say @param {HTMLElement[]} fields
 * @param {string} label @param {(form: FormData) => void} done
 */
export function ask(title, say, fields, label, done) {
  const form = /** @type {HTMLFormElement} */ (el("form", { method: "dialog" }));
  const dialog = /** @type {HTMLDialogElement} */ (
    el("dialog", { class: "question", "aria-label": title }, el("h2", {}, title), form)
  );
  form.append(
    ...fields,
    el(
      "div",
      { class: "question__acts" },
      // Pressing it submits the form: acting on the press as well would do everything twice.
      action(label, () => {}, { type: "submit" }),
      second(say("desk.talk.cancel"), () => dialog.close()),
    ),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    dialog.close();
    done(new FormData(form));
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  /** @type {HTMLElement | null} */ (form.querySelector("select, textarea"))?.focus();
}

/** @param {import("./main.js").Room} room @param {{login: string, name: string}[]} colleagues
 * @param {(to: string, text: string) => void} done
 */
export function askTransfer(room, colleagues, done) {
  const { say } = room;
  const options = /** @type {[string, string][]} */ ([
    ["", say("desk.talk.anybody")],
    ...colleagues.map((one) => [one.login, one.name]),
  ]);
  const fields = [
    choice("transfer-to", say("desk.talk.to_whom"), options, { name: "to" }),
    el(
      "p",
      { class: "field" },
      el("label", { for: "transfer-text" }, say("desk.talk.why")),
      el("textarea", { id: "transfer-text", name: "text", rows: 3, maxlength: 4_000, required: true }),
    ),
  ];
  const label = say("desk.talk.transfer");
  ask(label, say, fields, label, (form) => done(String(form.get("to")), String(form.get("text"))));
}

/** @param {import("./main.js").Room} room @param {string[]} outcomes
 * @param {(outcome: string) => void} done
 */
export function askOutcome(room, outcomes, done) {
  const { say } = room;
  const options = /** @type {[string, string][]} */ (
    outcomes.map((one) => [one, say(`desk.outcome.${one}`)])
  );
  const fields = [choice("close-outcome", say("desk.talk.outcome"), options, { name: "outcome" })];
  const label = say("desk.talk.close");
  ask(label, say, fields, label, (form) => done(String(form.get("outcome"))));
}
