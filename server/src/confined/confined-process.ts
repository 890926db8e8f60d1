/*
 * The process of confined-work.ts: reads tasks from standard input, `{"module", "name", "input"}` a line, or `{"module", "name", "textBytes"}`
 * with that many bytes of UTF-8 behind the line, and answers each with `{"output"}` or `{"error"}` in a line. It ends with its input.
 */

interface Task {
  module: string;
  name: string;
  input?: unknown;
  /** The input is a text, and follows. */
  textBytes?: number;
}

const LF = 0x0a;
const chunks = (process.stdin as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
let rest: Buffer = Buffer.alloc(0);

for (;;) {
  const line = await readTo((chunk) => (chunk.includes(LF) ? chunk.indexOf(LF) + 1 : undefined));
  if (line === undefined) break;
  const { module, name, input, textBytes } = JSON.parse(line.toString()) as Task;
  const given = textBytes === undefined ? input : (await readBytes(textBytes))?.toString();
  process.stdout.write(`${JSON.stringify(await answer(module, name, given))}\n`);
}

async function answer(module: string, name: string, input: unknown): Promise<{ output: unknown } | { error: string }> {
  const exports = (await import(module)) as Record<string, (input: unknown) => unknown>;
  try {
    return { output: exports[name]?.(input) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function readBytes(count: number): Promise<Buffer | undefined> {
  return readTo((chunk, before) => (before + chunk.length >= count ? count - before : undefined));
}

/** Reads up to the end that `endIn` finds in a chunk, before which so many bytes were read. Undefined where the input ends before. */
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
