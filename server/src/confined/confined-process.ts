import { createInterface } from 'node:readline';

/*
 * The process of confined-work.ts: reads tasks from standard input, `{"module", "name", "input"}` a line, and answers each with
 * `{"output"}` or `{"error"}`. It ends with its input.
 */
for await (const line of createInterface({ input: process.stdin })) {
  const { module, name, input } = JSON.parse(line) as { module: string; name: string; input: unknown };
  process.stdout.write(`${JSON.stringify(await answer(module, name, input))}\n`);
}

async function answer(module: string, name: string, input: unknown): Promise<{ output: unknown } | { error: string }> {
  const exports = (await import(module)) as Record<string, (input: unknown) => unknown>;
  try {
    return { output: exports[name]?.(input) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
