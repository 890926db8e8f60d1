import assert from 'node:assert/strict';
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** WCAG 2.2 at levels A and AA, as axe names them. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** The rules among them that look at colours: what a theme changes. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/** Checks a page, or the part of it that a selector names, with axe, and that its content fits the width of its window. */
export async function checkAccessible(page: Page, name: string, part = 'html'): Promise<void> {
  await checkRules(page, name, RULES, part);
  const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  assert.equal(overflow, 0, `${name}: the page is wider than its window`);
}

/** Checks a page in both themes. */
export async function checkBothThemes(page: Page, name: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' });
  await checkAccessible(page, `${name}, light`);
  await page.emulateMedia({ colorScheme: 'dark' });
  await checkRules(page, `${name}, dark`, COLOUR_RULES);
}

/** Checks a page in both themes, and in a narrow window. */
export async function checkLooksOf(page: Page, name: string): Promise<void> {
  await checkBothThemes(page, name);
  await page.setViewportSize({ width: 360, height: 720 });
  await checkAccessible(page, `${name}, narrow`);
  await page.setViewportSize({ width: 1280, height: 800 });
}

async function checkRules(page: Page, name: string, rules: readonly string[], part = 'html'): Promise<void> {
  if (!(await page.evaluate<boolean>(`'axe' in window`))) await page.evaluate(axe.source);
  const violations = await page.evaluate<{ id: string; nodes: string[] }[]>(
    `axe.run(${JSON.stringify(part)}, { runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations'] }).then(({ violations }) =>
      violations.map(({ id, nodes }) => ({ id, nodes: nodes.slice(0, 3).map((node) => node.html + ' ' + node.failureSummary) })))`,
  );
  assert.deepEqual(violations, [], name);
}
