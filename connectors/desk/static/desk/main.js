/** The desk's page: what every part of it may use, and the parts that stand on this page. */

import { el } from "../chat/dom.js";
import { loadTexts } from "../chat/texts.js";
import { DeskApi } from "./api.js";
import { Board } from "./board.js";
import { Commands } from "./commands.js";
import { Conversation } from "./conversation.js";
import { Keys } from "./keys.js";
import { Palette } from "./palette.js";
import { Presence } from "./presence.js";
import { Queue } from "./queue.js";
import { Attention } from "./sound.js";

/**
 * @typedef {object} Room what the parts of the desk may use
 * @property {string} language
 * @property {import("../chat/texts.js").Say} say
 * @property {DeskApi} api
 * @property {Commands} commands
 * @property {Attention} attention
 * @property {Presence} presence
 * @property {(text: string) => void} announce
 */

const language = document.documentElement.lang;
const say = await loadTexts(language);
const api = new DeskApi(language);
const commands = new Commands();
const attention = new Attention(say);
const presence = new Presence(api, say);
const palette = new Palette(commands, say);
const spoken = el("p", { class: "hidden", role: "status" });

/** @type {Room} */
const room = {
  language,
  say,
  api,
  commands,
  attention,
  presence,
  announce: (text) => {
    spoken.textContent = text;
  },
};

commands.add(
  { id: "palette", label: say("desk.keys.palette"), run: () => palette.open(), ready: () => false },
  { id: "help", label: say("desk.nav.keys"), key: "?", run: () => location.assign(`/${language}/keys`) },
);
document.querySelector("#main")?.before(presence.banner);
document.body.append(spoken);
if (document.body.dataset.rightTalk === "yes") {
  const go = () => location.assign(`/${language}`);
  commands.add(
    { id: "queue", label: say("desk.keys.go_queue"), key: "g", run: go },
    { id: "away", label: say("desk.keys.away"), key: "a", run: () => presence.toggle() },
  );
  document.querySelector("#tools")?.append(attention.button, presence.element);
  presence.start();
}
for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".ways a"))) {
  const id = link.pathname.split("/")[2];
  // Only the supervisor's bar has these; the others have commands of their own.
  if (["board", "quality", "figures"].includes(id)) {
    commands.add({ id, label: link.textContent ?? id, run: () => location.assign(link.href) });
  }
}
for (const [name, Part] of Object.entries({
  "desk-queue": Queue,
  "desk-conversation": Conversation,
  "desk-board": Board,
  "desk-keys": Keys,
})) {
  const place = /** @type {HTMLElement | null} */ (document.querySelector(name));
  if (place) new Part(place, room).start();
}
