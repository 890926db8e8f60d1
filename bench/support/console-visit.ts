import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { fillSignIn, openPage, signedIn, startBrowser } from '../../test/support/browser.ts';

/** A server with logs to look at, and a browser in which its owner is signed in. */
export interface ConsoleVisit {
  browser: Browser;
  page: Page;
  /** The pages of its builds: of a thousand lines, of as many as asked for, of lines of 16 KiB, and of one that runs. */
  builds: Readonly<Record<'small' | 'large' | 'wide' | 'running', string>>;
  /** Lets the running build write, and returns what it wrote once it has. */
  write(): Promise<{ written: number; tookMs: number }>;
}

/** Visits the console of a server whose largest log has this many lines, and ends everything afterwards. */
export async function visitConsole(lines: number, act: (visit: ConsoleVisit) => Promise<void>): Promise<void> {
  const closing: (() => unknown)[] = [];
  const owner = { after: (end: () => unknown) => closing.push(end) } as unknown as TestContext;
  const child = spawn(process.execPath, [join(import.meta.dirname, 'console-server.ts'), String(lines)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const said = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  // biome-ignore lint/suspicious/noExplicitAny: one line of JSON of a process of ours
  const next = async (): Promise<any> => {
    const { value, done } = await said.next();
    if (done) throw new Error('the server of the bench ended');
    return JSON.parse(value) as unknown;
  };
  try {
    const { endpoint, pair, small, large, wide, running } = await next();
    const browser = await startBrowser(owner);
    const { page } = await openPage(browser, { viewport: { width: 1280, height: 800 } });
    await page.goto(`${endpoint}/console/`);
    await fillSignIn(page, pair.accessKeyId, pair.accessKeySecret);
    await signedIn(page);
    const at = (id: string) => `${endpoint}/console/builds/${id}`;
    const builds = { small: at(small), large: at(large), wide: at(wide), running: at(running) };
    const write = () => {
      child.stdin.write('go\n');
      return next();
    };
    await act({ browser, page, builds, write });
  } finally {
    for (const end of closing.reverse()) await end();
    child.stdin.end();
    if (child.exitCode === null) await once(child, 'exit');
  }
}
