/** Why no code may come: the same words under every form, whatever the details were worth. */

import { button, el } from "../dom.js";

const REASONS = ["not_yet", "own_uci", "spelling", "email", "covered", "mandate", "children", "limit"];

/** @param {import("../view.js").Room} room */
export function codeHelp(room) {
  const { say } = room;
  const ask = () => {
    room.send(say("cards.help.person_message"));
    room.toComposer();
  };
  return el(
    "details",
    { class: "card__help" },
    el("summary", {}, say("cards.help.title")),
    el("p", {}, say("cards.help.lead")),
    el("ul", {}, ...REASONS.map((reason) => el("li", {}, say(`cards.help.${reason}`)))),
    button(say("cards.help.person"), ask, { "button-role": "secondary" }),
  );
}
