import { run } from '../run.ts';

/** What a command line printed, and its exit code. */
export interface RunLine {
  readonly line: string;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

// Runs command lines one after another, which is much faster than a process for each: a JSON list of lists of
// arguments. Prints what each one printed, as JSON.
const results: RunLine[] = [];
const [write, writeError] = [process.stdout.write, process.stderr.write];
for (const args of JSON.parse(process.argv[2] ?? '[]') as string[][]) {
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    process[name].write = (text: string | Uint8Array) => {
      printed[name] += text.toString();
      return true;
    };
  process.exitCode = 0;
  const code = await run(args);
  results.push({ line: args.join(' '), code, ...printed });
}
Object.assign(process.stdout, { write });
Object.assign(process.stderr, { write: writeError });
process.exitCode = 0;
process.stdout.write(JSON.stringify(results));
