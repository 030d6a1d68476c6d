/** One line of the conversation as it is drawn. */

import { card } from "./cards/card.js";
import { button, el } from "./dom.js";
import { paragraphs } from "./text.js";

/**
 * @typedef {object} Line
 * @property {number} number
 * @property {"user" | "bot" | "agent" | "system"} author
 * @property {string | null} client_id
 * @property {string} at
 * @property {string} text
 * @property {string} [name] of an agent
 * @property {string} [lang] not known for what the person typed
 * @property {{label: string, url: string}[]} [links]
 * @property {{id: string, label: string}[]} [choices]
 * @property {{kind: string} & Record<string, any>} [card]
 */

/** @typedef {import("./view.js").Room} Room */

/** @param {Line} line @param {Room} room @returns {HTMLElement} */
export function drawLine(line, room) {
  const picture = line.card ? card(line, room) : null;
  return el(
    "div",
    { class: `line line--${line.author}`, "data-number": line.number },
    header(line.author, room, line.at, line.name),
    // A card that holds the text itself (as its text equivalent) says so.
    picture?.dataset.text === "inside" ? null : bubble(line, line.lang),
    picture,
    line.links?.length ? links(line, room) : null,
  );
}

/** A message on its way out. @param {import("./outbox.js").Outgoing} message @param {Room} room */
export function drawOutgoing(message, room) {
  const failed = message.state === "failed";
  return el(
    "div",
    { class: `line line--user line--${message.state}` },
    header("user", room),
    bubble({ text: message.text }, room.language),
    failed
      ? el(
          "div",
          { class: "line__failed", role: "alert" },
          el("span", {}, `${room.say("page.chat.not_sent")} ${message.reason ?? ""}`),
          message.refused ? null : again(message, room),
        )
      : el("p", { class: "line__state" }, room.say("page.chat.sending")),
  );
}

/** @param {import("./outbox.js").Outgoing} message @param {Room} room */
function again(message, room) {
  const attributes = { "button-role": "secondary" };
  return button(room.say("page.chat.try_again"), () => room.again(message), attributes);
}

/** @param {string} author @param {Room} room @param {string} [at] @param {string} [name] */
function header(author, room, at, name) {
  const role = room.say(`page.author.${author}`);
  const who = name ? [el("bdi", {}, name), `, ${role}`] : [role];
  return el(
    "p",
    { class: "line__header" },
    el("span", { class: "line__author" }, ...who),
    at ? time(at, room.language) : null,
  );
}

/** @param {string} at @param {string} language */
function time(at, language) {
  const moment = new Date(at);
  const locale = `${language}-CA`;
  const today = moment.toDateString() === new Date().toDateString();
  const shown = today
    ? moment.toLocaleTimeString(locale, { timeStyle: "short" })
    : moment.toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" });
  return el("time", { datetime: at }, shown);
}

/** @param {{text: string}} line @param {string} [language] */
function bubble(line, language) {
  return el("div", { class: "bubble", lang: language }, ...paragraphs(line.text));
}

/** @param {Line} line @param {Room} room */
function links(line, room) {
  const safe = (line.links ?? []).filter((link) => link.url.startsWith("https://"));
  return el(
    "ul",
    { class: "links", lang: line.lang, "aria-label": room.say("page.chat.links") },
    ...safe.map((link) => el("li", {}, outside(link.label, link.url, room))),
  );
}

/** A link to an official page, in a new tab so that the conversation stays.
 * @param {string} label @param {string} url @param {Room} room
 */
export function outside(label, url, room) {
  return el(
    "a",
    { href: url, target: "_blank", rel: "noopener noreferrer", class: "outside" },
    label,
    el("span", { class: "hidden", lang: room.language }, ` ${room.say("page.chat.new_tab")}`),
  );
}
