/** A chosen picture in the page: drawn upright, and made smaller when it is more than may be sent. */

// The server's own limits (bot/photos/limits.py); what is above them it does not even open.
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_WIDE = 2000;
const MOST_HIGH = 2800;
const SHOWN_WIDE = 720;
const QUALITIES = [0.92, 0.8, 0.65];

/** @typedef {{left: number, top: number, width: number, height: number}} Box fractions */

/** The picture of a file, upright as its camera says; null when this browser cannot read it.
 * @param {Blob} file @returns {Promise<ImageBitmap | null>}
 */
export function open(file) {
  return createImageBitmap(file).catch(() => null);
}

/** What to send of it: the file as it is, or a smaller copy when it is too much.
 * @param {File} file @param {ImageBitmap | null} bitmap
 * @returns {Promise<{file: Blob, smaller: boolean}>}
 */
export async function toSend(file, bitmap) {
  const scale = bitmap ? fitting(bitmap.width, bitmap.height) : 1;
  if (!bitmap || (scale === 1 && file.size <= MOST_BYTES)) return { file, smaller: false };
  const canvas = drawn(bitmap, { left: 0, top: 0, width: 1, height: 1 }, scale);
  for (const quality of QUALITIES) {
    const copy = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
    if (copy && copy.size <= MOST_BYTES) return { file: copy, smaller: true };
  }
  return { file, smaller: false };
}

/** The picture, or a part of it, to look at. @param {ImageBitmap} bitmap @param {Box} box */
export function toShow(bitmap, box) {
  return drawn(bitmap, box, Math.min(1, SHOWN_WIDE / (bitmap.width * box.width)));
}

/** A part of a part, as a part of the whole. @param {Box} whole @param {Box} part @returns {Box} */
export function within(whole, part) {
  return {
    left: whole.left + part.left * whole.width,
    top: whole.top + part.top * whole.height,
    width: part.width * whole.width,
    height: part.height * whole.height,
  };
}

/** An upright picture fits the limits; a wide one is cropped anyway, so only its area counts.
 * @param {number} width @param {number} height
 */
function fitting(width, height) {
  const most = MOST_WIDE * MOST_HIGH;
  const upright = Math.min(MOST_WIDE / width, MOST_HIGH / height);
  return Math.min(1, height >= width ? upright : Math.sqrt(most / (width * height)));
}

/** @param {ImageBitmap} bitmap @param {Box} box @param {number} scale */
function drawn(bitmap, box, scale) {
  const [left, top] = [box.left * bitmap.width, box.top * bitmap.height];
  const [width, height] = [box.width * bitmap.width, box.height * bitmap.height];
  const canvas = document.createElement("canvas");
  canvas.width = Math.floor(width * scale);
  canvas.height = Math.floor(height * scale);
  const pen = canvas.getContext("2d");
  if (pen) {
    pen.imageSmoothingQuality = "high";
    pen.drawImage(bitmap, left, top, width, height, 0, 0, canvas.width, canvas.height);
  }
  return canvas;
}
