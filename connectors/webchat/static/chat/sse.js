/** Reading server-sent events from a fetch response: EventSource cannot tell a 401 from a cut. */

/** @typedef {{id: string, event: string, data: string}} ServerEvent */

/**
 * @param {ReadableStream} body
 * @param {() => void} alive called whenever anything arrives, heartbeats too
 * @returns {AsyncGenerator<ServerEvent>}
 */
export async function* readEvents(body, alive) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    alive();
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = parse(block);
      if (event.data) yield event;
    }
  }
}

/** @param {string} block @returns {ServerEvent} */
function parse(block) {
  const event = { id: "", event: "message", data: "" };
  for (const line of block.split("\n")) {
    const [, name, value] = /^(\w*): ?(.*)$/.exec(line) ?? [];
    if (name === "id" || name === "event") event[name] = value;
    if (name === "data") event.data += value;
  }
  return event;
}
