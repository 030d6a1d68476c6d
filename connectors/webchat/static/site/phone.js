/** The demonstration's phone: sends without leaving the page, and shows what comes by itself. */

import { el } from "../chat/dom.js";

const EVERY = 1000;

const phone = /** @type {HTMLElement} */ (document.querySelector(".phone"));
const thread = /** @type {HTMLElement} */ (phone.querySelector(".thread"));
const list = /** @type {HTMLElement} */ (thread.querySelector("ol"));
const none = /** @type {HTMLElement} */ (phone.querySelector(".thread__none"));
const planned = /** @type {HTMLElement} */ (phone.querySelector(".phone__planned"));
const words = phone.dataset;
/** What is drawn, so that nothing is drawn again while somebody reads it or works in it.
 * @type {Map<string, string>} */
const drawn = new Map();

/** @typedef {{sid: string, mine: boolean, text: string, at: string, length: string,
 *   status: string, bad: boolean, more: string}} Message */

/** @param {string} act @param {string} sid */
function again(act, sid) {
  const query = (words.source ?? "").split("?")[1];
  return el(
    "form",
    { method: "post", action: `/demo/phone/${act}?${query}` },
    el("input", { type: "hidden", name: "sid", value: sid }),
    el("button", { class: "copy" }, words[act] ?? act),
  );
}

/** @param {Message} message @param {boolean} open */
function draw(message, open) {
  const acts = message.mine ? ["again"] : ["report", "backwards"];
  return el(
    "li",
    { class: message.mine ? "sms sms--mine" : "sms", id: message.sid },
    el(
      "p",
      { class: "sms__text" },
      el("span", { class: "hidden" }, `${message.mine ? words.you : words.service}: `),
      message.text,
    ),
    el(
      "p",
      { class: "sms__meta" },
      el("time", { datetime: message.at }, message.at.slice(11, 19)),
      ` · ${message.length} · `,
      el("span", { class: message.bad ? "sms__bad" : null }, message.status),
    ),
    el(
      "details",
      { class: "sms__more", open },
      el("summary", {}, words.more ?? ""),
      el("p", {}, message.more),
      ...acts.map((act) => again(act, message.sid)),
    ),
  );
}

/** @param {Message} message @returns {boolean} whether it is new */
function show(message) {
  const shown = JSON.stringify(message);
  if (drawn.get(message.sid) === shown) return false;
  drawn.set(message.sid, shown);
  const old = document.getElementById(message.sid);
  if (!old) {
    list.append(draw(message, false));
    return true;
  }
  const held = [...old.querySelectorAll("summary, button")].indexOf(
    /** @type {Element} */ (document.activeElement),
  );
  const fresh = draw(message, old.querySelector("details")?.open ?? false);
  old.replaceWith(fresh);
  if (held >= 0) {
    /** @type {HTMLElement} */ (fresh.querySelectorAll("summary, button")[held])?.focus();
  }
  return false;
}

async function look() {
  if (document.hidden) return;
  const response = await fetch(words.source ?? "").catch(() => null);
  if (!response?.ok) return;
  const told = await response.json();
  const added = told.messages.map(show).some(Boolean);
  none.hidden = told.messages.length > 0;
  if (planned.textContent !== told.planned) planned.textContent = told.planned;
  if (added) thread.scrollTop = thread.scrollHeight;
}

/** @param {HTMLFormElement} form */
async function send(form) {
  const body = new URLSearchParams(/** @type {any} */ (new FormData(form)));
  const text = form.querySelector("textarea");
  if (text) text.value = "";
  const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
  if (text && !answer?.ok) text.value = body.get("text") ?? "";
  await look();
}

phone.addEventListener("submit", (event) => {
  event.preventDefault();
  send(/** @type {HTMLFormElement} */ (event.target));
});
phone.querySelector("textarea")?.addEventListener("keydown", (event) => {
  const { key, shiftKey, isComposing } = /** @type {KeyboardEvent} */ (event);
  if (key !== "Enter" || shiftKey || isComposing) return;
  event.preventDefault();
  /** @type {HTMLTextAreaElement} */ (event.target).form?.requestSubmit();
});
thread.scrollTop = thread.scrollHeight;
setInterval(look, EVERY);
look();
