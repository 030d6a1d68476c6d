/** The page's texts in one language; they come from the same files as the server's. */

/** @typedef {(key: string, values?: Record<string, unknown>) => string} Say */

/**
 * @param {string} language
 * @returns {Promise<Say>} says a text, with `{name}` replaced by its value
 */
export async function loadTexts(language) {
  const texts = (await import(`../texts/${language}.js`)).default;
  return (key, values = {}) =>
    texts[key].replace(/\{(\w+)\}/g, (_whole, name) => String(values[name]));
}
