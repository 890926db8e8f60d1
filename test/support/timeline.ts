import type { Locator, Page } from 'playwright-core';

/** The time line of a build, opened: it begins folded on a page that is read when many of its steps are known. */
export async function openTimeline(page: Page): Promise<Locator> {
  const timeline = page.getByRole('region', { name: 'Stages and steps' });
  const button = timeline.getByRole('button', { name: 'Timeline of the steps' });
  await button.waitFor();
  if ((await button.getAttribute('aria-expanded')) === 'false') await button.click();
  return timeline;
}
