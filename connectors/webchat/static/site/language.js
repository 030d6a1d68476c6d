/**
 * Changing language without leaving the page: the other language's page is fetched and its texts are
 * put in place, the chat stays and so does what is being typed. Without scripts it is a plain link.
 */

/** @param {string} address of the same page in the other language */
async function change(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(String(response.status));
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const language = page.documentElement.lang;
  document.documentElement.lang = language;
  document.title = page.title;
  for (const part of page.querySelectorAll("[data-swap]")) {
    const name = part.getAttribute("data-swap");
    document.querySelector(`[data-swap="${name}"]`)?.replaceWith(document.adoptNode(part));
  }
  document.querySelector("passage-chat")?.setAttribute("lang", language);
  history.replaceState(null, "", address);
  /** @type {HTMLElement | null} */ (document.querySelector("[data-language]"))?.focus();
}

document.addEventListener("click", (event) => {
  const path = /** @type {HTMLElement[]} */ (event.composedPath());
  const link = path.find((node) => node.dataset?.language);
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const address = link.dataset.language ?? "";
  event.preventDefault();
  change(address).catch(() => location.assign(address));
});
