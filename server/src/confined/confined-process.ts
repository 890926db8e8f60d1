/*
 * The process that confined-work.ts starts. It reads tasks from standard input, one per line: `{"module", "name", "input"}`, or
 * `{"module", "name", "textBytes"}` followed by that many bytes of UTF-8. It answers each with a line, `{"output"}` or
 * `{"error"}`, and ends when its input ends.
 */

interface Task {
  module: string;
  name: string;
  input?: unknown;
  /** The input is a text of this many bytes, after the line. */
  textBytes?: number;
}

const chunks = (process.stdin as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
let rest: Buffer = Buffer.alloc(0);

for (;;) {
  const line = await readTo((chunk) => (chunk.includes('\n') ? chunk.indexOf('\n') + 1 : undefined));
  if (line === undefined) break;
  const { module, name, input, textBytes } = JSON.parse(line.toString()) as Task;
  const given = textBytes === undefined ? input : (await readBytes(textBytes))?.toString();
  process.stdout.write(`${JSON.stringify(await answer(module, name, given))}\n`);
}

async function answer(module: string, name: string, input: unknown): Promise<{ output: unknown } | { error: string }> {
  const exports = (await import(module)) as Record<string, (input: unknown) => unknown>;
  try {
    return { output: await exports[name]?.(input) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function readBytes(count: number): Promise<Buffer | undefined> {
  return readTo((chunk, before) => (before + chunk.length >= count ? count - before : undefined));
}

/**
 * Reads up to the end that `endIn` finds in a chunk, given the number of bytes before that chunk. Returns undefined if the
 * input ends first.
 */
async function readTo(endIn: (chunk: Buffer, before: number) => number | undefined): Promise<Buffer | undefined> {
  const read: Buffer[] = [];
  for (let before = 0; ; ) {
    const end = endIn(rest, before);
    if (end !== undefined) {
      read.push(rest.subarray(0, end));
      rest = rest.subarray(end);
      return Buffer.concat(read);
    }
    read.push(rest);
    before += rest.length;
    const { done, value } = await chunks.next();
    if (done === true) return undefined;
    rest = value;
  }
}
