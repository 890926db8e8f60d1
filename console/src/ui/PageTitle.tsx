import { useLayoutEffect, useState } from 'react';
import { Titles } from './titles.ts';

const PRODUCT = 'Slipway';
const titles = new Titles(PRODUCT, (title) => {
  document.title = title;
});

/**
 * Names the page in the browser's tab and history: its parts, the narrowest first, then the product. A page within
 * another one names it while it is shown.
 */
export function PageTitle({ parts }: { parts: readonly (string | undefined)[] }) {
  const title = [...parts.filter((part) => part !== undefined && part !== ''), PRODUCT].join(' · ');
  const [key] = useState(() => Symbol('title'));
  useLayoutEffect(() => titles.set(key, title), [key, title]);
  useLayoutEffect(() => () => titles.remove(key), [key]);
  return null;
}
