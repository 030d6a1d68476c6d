/** Fills what the person typed into the chat a moment ago into the form, where nothing stands yet. */

/** @typedef {import("../view.js").Room} Room */

// The form's fields, by the server's name for what it keeps.
const FIELDS = { uci: "uci", application_number: "number" };

/** @param {Record<string, any>} fields @param {Room} room */
export async function fillKept(fields, room) {
  const answer = await room.api.get("/kept").catch(() => null);
  if (answer?.status !== 200) return;
  await customElements.whenDefined("gcds-input");
  for (const [kind, name] of Object.entries(FIELDS)) {
    if (answer.body[kind]) await fill(fields[name], answer.body[kind], room.say("cards.identify.kept"));
  }
}

/** Say where the value is from, until the person changes it.
 * @param {any} field @param {string} value @param {string} note
 */
async function fill(field, value, note) {
  await field.componentOnReady?.();
  if (field.value) return;
  const { hint } = field;
  field.value = value;
  field.hint = `${hint}. ${note}`;
  field.addEventListener("input", () => (field.hint = hint), { once: true });
}
