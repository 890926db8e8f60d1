import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

/** Has the lifecycle rule of the page, for images without a tag, run each month, and now. Its form shows what it has. */
export async function changeAndRunRule(page: Page): Promise<void> {
  const change = page.getByRole('button', { name: /^Change cralr-/ });
  await change.click();
  await page.getByLabel('Run by schedule').check();
  await page.getByLabel('When').selectOption('On the first of the month at 02:00');
  await page.getByRole('button', { name: 'Save lifecycle rule' }).click();
  await page.getByText(/for all repositories, next run/).waitFor();
  await change.click();
  assert.equal(await page.getByLabel('Remove', { exact: true }).inputValue(), 'untagged');
  assert.equal(await page.getByLabel('When').inputValue(), 'MONTH');
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: /^Run now/ }).click();
  await page.getByText('Run now it?').click();
  await page.getByRole('region', { name: 'Runs' }).getByText('by hand').waitFor();
}
