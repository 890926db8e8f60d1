/** One server-sent event. */
export interface StreamEvent {
  /** Empty for an event without a name. */
  event: string;
  /** Empty if the stream only reported its position. */
  data: string;
  /** The newest id that the stream gave, as a client sends it in Last-Event-ID. */
  lastEventId: string;
}

/**
 * Reads server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation)
 * from a body. `onBytes` is called for every chunk, including comments. Drops an event that the end cuts off.
 */
export async function* readEvents(
  body: AsyncIterable<Uint8Array>,
  onBytes: () => void = () => undefined,
): AsyncGenerator<StreamEvent, void> {
  let event = '';
  let data: string[] = [];
  let lastEventId = '';
  let moved = false;
  for await (const line of linesOf(body, onBytes)) {
    if (line === '') {
      if (data.length > 0 || moved) yield { event, data: data.join('\n'), lastEventId };
      event = '';
      moved = false;
      data = [];
      continue;
    }
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') event = value;
    else if (field === 'data') data.push(value);
    else if (field === 'id' && !value.includes('\0')) {
      lastEventId = value;
      moved = true;
    }
  }
}

/** The lines of a body, ended by LF, CRLF or CR; an unfinished last one is left out. */
async function* linesOf(body: AsyncIterable<Uint8Array>, onBytes: () => void): AsyncGenerator<string, void> {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  for await (const chunk of body) {
    onBytes();
    const text = rest + decoder.decode(chunk, { stream: true });
    // A CR at the end may be half of a CRLF.
    const whole = text.endsWith('\r') ? text.slice(0, -1) : text;
    const lines = whole.split(/\r\n|\n|\r/);
    rest = (lines.pop() ?? '') + text.slice(whole.length);
    yield* lines;
  }
}
