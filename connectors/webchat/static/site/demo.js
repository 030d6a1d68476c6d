/** The demonstration: new mail by itself, and buttons that copy a person's details. */

import { el } from "../chat/dom.js";

const EVERY = 2000;

const box = /** @type {HTMLElement} */ (document.querySelector("#mails"));
const words = /** @type {HTMLElement} */ (document.querySelector("[data-copied]")).dataset;
let shown = box.querySelectorAll("article").length;

/** @param {{channel: string, to: string, subject: string, text: string, at: string}} mail */
function draw(mail) {
  const channel = box.dataset[mail.channel] ?? mail.channel;
  const time = el("time", { datetime: mail.at }, `${mail.at.slice(11, 19)} UTC`);
  return el(
    "article",
    { class: "mail" },
    el("p", { class: "mail__head" }, `${channel} · ${box.dataset.to} ${mail.to} · `, time),
    mail.subject ? el("h3", {}, mail.subject) : null,
    el("p", { class: "mail__text" }, mail.text),
  );
}

async function look() {
  if (document.hidden) return;
  const response = await fetch("/demo/outbox.json").catch(() => null);
  const mails = response?.ok ? await response.json() : [];
  if (!mails.length || mails.length === shown) return;
  shown = mails.length;
  box.replaceChildren(...mails.map(draw).reverse());
}

document.addEventListener("click", async (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  if (!target.dataset.copy) return;
  await navigator.clipboard.writeText(target.dataset.copy);
  const said = /** @type {HTMLElement} */ (document.querySelector("#copied"));
  said.textContent = `${words.copied}: ${target.dataset.copy}`;
});

/** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".copy")).forEach((button) => {
  button.hidden = !navigator.clipboard;
});
setInterval(look, EVERY);
