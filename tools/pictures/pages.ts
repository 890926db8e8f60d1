import type { Page } from 'playwright-core';
import type { ConsoleProject } from '../../test/support/projects/console-project.ts';

/** A page of the console as a picture. */
export interface PicturedPage {
  name: string;
  /** Its route, as in `console/src/router.tsx`. */
  route: string;
  /** Its address below `/console`; without it, the route has no parameters and is the address. */
  path?: (project: ConsoleProject) => string;
  /** Done before the picture is taken. */
  prepare?: (page: Page) => Promise<unknown>;
}

/** Every page of the console, some in several states. A test holds it against the router. An unknown one is not found. */
export const PICTURED_PAGES: readonly PicturedPage[] = [
  { name: 'home', route: '/' },
  { name: 'palette', route: '/', prepare: openPalette },
  { name: 'shortcuts', route: '/', prepare: openHelp },
  { name: 'menu', route: '/', prepare: openMenu },
  { name: 'builds', route: '/builds' },
  { name: 'build-good', route: '/builds/$id', path: ({ good }) => `/builds/${good.BuildRecordId}` },
  {
    name: 'build-failed',
    route: '/builds/$id',
    path: ({ failed }) => `/builds/${failed.BuildRecordId}`,
    prepare: (page) => page.locator('.row.error-row').waitFor(),
  },
  { name: 'build-running', route: '/builds/$id', path: ({ running }) => `/builds/${running.BuildRecordId}` },
  { name: 'build-waiting', route: '/builds/$id', path: ({ waiting }) => `/builds/${waiting.BuildRecordId}` },
  { name: 'build-cancelled', route: '/builds/$id', path: ({ cancelled }) => `/builds/${cancelled.BuildRecordId}` },
  {
    name: 'build-diff-of-two',
    route: '/builds/$id/diff',
    path: ({ failed, good }) => `/builds/${failed.BuildRecordId}/diff?with=${good.BuildRecordId}`,
    prepare: (page) => page.getByRole('region', { name: 'Logs from where they part' }).waitFor(),
  },
  { name: 'build-diff', route: '/builds/$id/diff', path: ({ failed }) => `/builds/${failed.BuildRecordId}/diff` },
  { name: 'search', route: '/search', path: () => '/search?q=fatal' },
  { name: 'repositories', route: '/repositories' },
  ...['', 'tags', 'rules', 'source', 'triggers', 'secrets', 'replication', 'security', 'settings'].map((tab) => ({
    name: `repository-${tab || 'builds'}`,
    route: `/repositories/$namespace/$name${tab && `/${tab}`}`,
    path: () => `/repositories/team/shop${tab && `/${tab}`}`,
  })),
  ...['', 'addresses', 'chains', 'replication', 'subscriptions', 'scanning', 'retention', 'events'].map((tab) => ({
    name: `registry-${tab || 'overview'}`,
    route: `/registry${tab && `/${tab}`}`,
  })),
  { name: 'charts', route: '/charts' },
  { name: 'chart-repository', route: '/charts/$namespace/$name', path: () => '/charts/charts/apps' },
  ...['', 'groups', 'roles', 'policies', 'who', 'simulator', 'sign-in'].map((tab) => ({
    name: `access-${tab || 'users'}`,
    route: `/access${tab && `/${tab}`}`,
  })),
  { name: 'user', route: '/access/users/$name', path: () => '/access/users/ann' },
  { name: 'group', route: '/access/groups/$name', path: () => '/access/groups/developers' },
  { name: 'role', route: '/access/roles/$name', path: () => '/access/roles/deployer' },
  { name: 'policy', route: '/access/policies/$type/$name', path: () => '/access/policies/Custom/readers' },
  { name: 'audit', route: '/audit' },
  { name: 'system', route: '/system' },
  { name: 'operations', route: '/explorer' },
  { name: 'operation', route: '/explorer/$action', path: () => '/explorer/CreateRepoBuildRule' },
  { name: 'account', route: '/account' },
  { name: 'not-found', route: '*', path: () => '/no/such/page' },
];

async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill('shop');
  await page.getByText(/\d found/).waitFor();
}

async function openHelp(page: Page): Promise<void> {
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
}

async function openMenu(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Menu' });
  if (await button.isVisible()) await button.click();
}

/** Opens a page and waits until it shows what it is about: nothing is loading any more. */
export async function openPicturedPage(
  page: Page,
  { route, path, prepare }: PicturedPage,
  project: ConsoleProject,
): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${project.server.root.Endpoint}/console${path?.(project) ?? route}`);
  await page.getByRole('main').waitFor();
  await page.locator('#content .skeleton, #content .loading').first().waitFor({ state: 'detached' });
  await prepare?.(page);
  await page.evaluate(
    `document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))`,
  );
}
