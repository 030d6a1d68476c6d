/** What a supervisor does with a conversation: move it, or say a word to its agent alone. */

import { el } from "../chat/dom.js";
import { choice } from "./controls.js";
import { ask } from "./dialogs.js";

/** @param {import("./main.js").Room} room @param {{login: string, name: string}[]} agents
 * @param {(to: string) => void} done
 */
export function askMove(room, agents, done) {
  const { say } = room;
  const options = /** @type {[string, string][]} */ ([
    ["", say("desk.board.to_queue")],
    ...agents.map((one) => [one.login, one.name]),
  ]);
  const fields = [choice("move-to", say("desk.talk.to_whom"), options, { name: "to" })];
  const label = say("desk.board.move");
  ask(label, say, fields, label, (form) => done(String(form.get("to"))));
}

/** @param {import("./main.js").Room} room @param {(text: string) => void} done */
export function askWord(room, done) {
  const { say } = room;
  const field = el(
    "p",
    { class: "field" },
    el("label", { for: "word-text" }, say("desk.board.word_text")),
    el("textarea", { id: "word-text", name: "text", rows: 3, maxlength: 4_000, required: true }),
  );
  ask(say("desk.board.word"), say, [field], say("desk.talk.send"), (form) => done(String(form.get("text"))));
}
