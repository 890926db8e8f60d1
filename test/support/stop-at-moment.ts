import { openSync, readSync, watch } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Failpoint } from '../../logbook/src/disk/failpoint.ts';

/*
 * Loaded into a server before its own code (`node --import`): at the moment that a file names, the server's process stops itself, as by
 * SIGSTOP. The test that started it then decides what dies. The file is read when it changes, so one server can be stopped again and again.
 */

/** Where a server stops: at a failpoint of the log, or before, while or after PostgreSQL does a statement. */
export interface Moment {
  at: Failpoint | 'statement.before' | 'statement.sent' | 'statement.after';
  /** Only statements that match this expression; without it, all that write. */
  statement?: string;
  /** At which time that it comes there, from 1. */
  count: number;
}

/** Names the file in the environment. */
export const MOMENT_FILE = 'SLIPWAY_TEST_MOMENT_FILE';

const LIMIT_BYTES = 4096;
const WRITES = '^(insert|update|delete|commit)';

const file = process.env[MOMENT_FILE];
const main = process.argv[1] ?? '';
if (file !== undefined && main.endsWith('/server/src/main.ts')) await arm(file, pathToFileURL(main));

async function arm(file: string, main: URL): Promise<void> {
  // Opened while the process may: it becomes another user.
  const opened = openSync(file, 'r');
  const bytes = Buffer.alloc(LIMIT_BYTES);
  let next: Moment | undefined;
  const read = () => {
    const text = bytes.toString('utf8', 0, readSync(opened, bytes, 0, LIMIT_BYTES, 0));
    next = text === '' ? undefined : (JSON.parse(text) as Moment);
  };
  const pass = (at: Moment['at'], statement?: string) => {
    if (next?.at !== at) return;
    if (statement !== undefined && !new RegExp(next.statement ?? WRITES).test(statement)) return;
    next.count -= 1;
    if (next.count > 0) return;
    next = undefined;
    process.kill(process.pid, 'SIGSTOP');
  };
  read();
  watch(file, read).unref();
  // The server's own copies of both, wherever it runs from.
  const failpoints = (await import(new URL('../../logbook/src/disk/failpoint.ts', main).href)) as {
    FAILPOINTS: readonly Failpoint[];
    armFailpoint(name: Failpoint, act: () => void): void;
  };
  for (const name of failpoints.FAILPOINTS) failpoints.armFailpoint(name, () => pass(name));
  const { Client } = createRequire(main)('pg') as {
    Client: { prototype: { query(...args: unknown[]): Promise<unknown> } };
  };
  const { query } = Client.prototype;
  Client.prototype.query = function ask(...args) {
    const [asked] = args as [string | { text?: string }];
    const text = typeof asked === 'string' ? asked : (asked.text ?? '');
    pass('statement.before', text);
    const answer = query.apply(this, args);
    setImmediate(() => pass('statement.sent', text));
    return args.some((each) => typeof each === 'function')
      ? answer
      : answer.then((result) => {
          pass('statement.after', text);
          return result;
        });
  };
}
