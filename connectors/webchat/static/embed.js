/**
 * Puts the chat into another site's page, in a frame of our own origin:
 * <script type="module" src="https://HOST/embed.js" data-lang="fr"></script>
 */

const address = new URL(import.meta.url);
const scripts = /** @type {NodeListOf<HTMLScriptElement>} */ (document.querySelectorAll("script"));
const script = [...scripts].find((candidate) => candidate.src === address.href);
const language = script?.dataset.lang === "fr" ? "fr" : "en";
// The texts of page.frame are put in when the file is loaded (connectors/webchat/assets.py).
const titles = "@page.frame";

const frame = document.createElement("iframe");
frame.src = new URL(`/${language}/embed`, address).href;
frame.title = titles[language];
frame.lang = language;
frame.style.cssText = "width: 100%; height: min(44rem, 90vh); border: 0; border-radius: 0.375rem";
frame.allow = "clipboard-write";
script?.after(frame);
