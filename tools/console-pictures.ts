import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';

/**
 * Takes pictures of the console's pages in both themes and on a narrow screen: the list and the newest build of each
 * repository in it. `node tools/console-pictures.ts DATA_FOLDER TARGET_FOLDER`, of the live server of a data folder.
 */
const [data, target] = process.argv.slice(2);
if (data === undefined || target === undefined) {
  process.stderr.write('slipway: node tools/console-pictures.ts DATA_FOLDER TARGET_FOLDER\n');
  process.exit(2);
}
const root = JSON.parse(readFileSync(join(data, 'root.json'), 'utf8')) as Record<string, string>;
const LOOKS = [
  { name: 'light', colorScheme: 'light', width: 1280, height: 860 },
  { name: 'dark', colorScheme: 'dark', width: 1280, height: 860 },
  { name: 'narrow', colorScheme: 'light', width: 360, height: 740 },
] as const;

mkdirSync(target, { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
for (const { name, colorScheme, width, height } of LOOKS) {
  const page = await browser.newPage({ colorScheme, viewport: { width, height } });
  await page.goto(`${root.Endpoint}/console/`);
  await page.getByLabel('AccessKey ID').fill(root.AccessKeyId ?? '');
  await page.getByLabel('AccessKey secret').fill(root.AccessKeySecret ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  const images = page.locator('.builds .image a');
  await images.first().waitFor();
  await picture(page, `builds-${name}`);
  for (const image of new Set(await images.allTextContents())) {
    await images.filter({ hasText: image }).first().click();
    await page.locator('.row .text').first().waitFor();
    await page.locator('.loading').first().waitFor({ state: 'detached' });
    await picture(page, `build-${image.replace(/\W+/g, '-')}-${name}`);
    await page.goBack();
  }
  await page.close();
}
await browser.close();

async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(target ?? '', `${name}.png`), animations: 'disabled' });
}
