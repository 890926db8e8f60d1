import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { isProgram } from '../../server/src/sandbox/helper/check-machine.ts';
import { atEnd, type TestServer } from './slipway.ts';

/** A page of the console in Debian's Chromium, and its errors. */
export interface ConsolePage {
  page: Page;
  /** Errors that the page logged or threw, including refusals of the content security policy. */
  errors: string[];
}

// Must match the launcher's list; a snap cannot see the tests' folders.
const NAMES = ['chromium', 'google-chrome', 'google-chrome-stable'];
const PROGRAM = (process.env.PATH ?? '')
  .split(':')
  .filter((folder) => !folder.startsWith('/snap/'))
  .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  .find(isProgram);

/** Why a test of the console does not run, for `skip`; false if there is a browser. */
export const noBrowser: string | false =
  PROGRAM === undefined && 'there is no browser: install Chromium or Chrome, not as a snap';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Turns refusals of the policy into errors of the page, even where Chromium would only log them. */
const TELL_VIOLATIONS = `document.addEventListener('securitypolicyviolation', (event) =>
  console.error('Content Security Policy: ' + event.violatedDirective + ' refused ' + event.blockedURI))`;

/** Starts a browser for a test; it ends with the test. */
export async function startBrowser(t: TestContext): Promise<Browser> {
  if (PROGRAM === undefined) throw new Error('a test of the console that does not skip without a browser');
  const browser = await chromium.launch({ executablePath: PROGRAM, headless: true, args: FLAGS });
  atEnd(t, () => browser.close());
  return browser;
}

/** Opens a page that remembers its errors. */
export async function openPage(
  browser: Browser,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<ConsolePage & { context: BrowserContext }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  // Far longer than anything takes on a busy machine: what a page shows is what counts, not when.
  page.setDefaultTimeout(120_000);
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || /Content Security Policy|Trusted/i.test(message.text()))
      errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.addInitScript({ content: TELL_VIOLATIONS });
  return { context, page, errors };
}

/** Opens a path of a server in a new page and signs in as the account's owner. */
export async function signIn(
  browser: Browser,
  server: TestServer,
  path = '/',
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<ConsolePage> {
  const opened = await openPage(browser, options);
  await opened.page.goto(`${server.root.Endpoint}${path}`);
  await fillSignIn(opened.page, server.root.AccessKeyId, server.root.AccessKeySecret);
  await signedIn(opened.page);
  return opened;
}

/** Waits until somebody is signed in. A narrow window has everything behind a menu. */
export function signedIn(page: Page): Promise<void> {
  return page
    .getByRole('navigation', { name: 'Pages' })
    .or(page.getByRole('button', { name: 'Menu' }))
    .first()
    .waitFor();
}

/** Fills in the form and submits it. */
export async function fillSignIn(page: Page, accessKeyId: string, accessKeySecret: string): Promise<void> {
  await page.getByLabel('AccessKey ID').fill(accessKeyId);
  await page.getByLabel('AccessKey secret').fill(accessKeySecret);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Signs a user in by password; a first one must be replaced by a new one. */
export async function signInByPassword(
  page: Page,
  user: string,
  password: string,
  replacement?: string,
): Promise<void> {
  await page.getByRole('button', { name: 'Console password' }).click();
  await page.getByLabel('User name').fill(user);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  if (replacement !== undefined) {
    await page.getByText('PasswordResetRequired').waitFor();
    await page.getByLabel('New password').fill(replacement);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }
  await signedIn(page);
}

/** Opens a tab of the page of a repository, or of the registry. */
export async function openTab(page: Page, name: string): Promise<void> {
  const tabs = page.getByRole('navigation', { name: /^(Repository|Registry)$/ });
  await tabs.getByRole('link', { name, exact: true }).click();
  await tabs.locator('[aria-current=page]').getByText(name, { exact: true }).waitFor();
}

/**
 * Waits until an expression is true in a page. The page's policy forbids the `eval` that Playwright's own wait needs.
 */
export async function holds(page: Page, expression: string): Promise<void> {
  for (let tries = 0; !(await page.evaluate<boolean>(`Boolean(${expression})`)); tries++) {
    if (tries >= 2400) throw new Error(`this never became true: ${expression}`);
    await sleep(50);
  }
}

const REFUSED = /^Failed to load resource: the server responded with a status of (\d+)/;

/** The errors of a page. Chromium logs refused requests too; those with a status that the test provokes are left out. */
export function faultsOf(errors: readonly string[], provoked: readonly number[] = []): string[] {
  return errors.filter((error) => !provoked.includes(Number(REFUSED.exec(error)?.[1])));
}

/** The first line of a log with this text. */
export function logLine(page: Page, text: string): Locator {
  return page
    .locator('.row .text')
    .filter({ hasText: new RegExp(`^${text}$`) })
    .first();
}
