import { useLayoutEffect } from 'react';

const PRODUCT = 'Slipway';

/** Names the page in the browser's tab and history: its parts, the narrowest first, then the product. */
export function PageTitle({ parts }: { parts: readonly (string | undefined)[] }) {
  const title = [...parts.filter((part) => part !== undefined && part !== ''), PRODUCT].join(' · ');
  useLayoutEffect(() => {
    document.title = title;
    return () => {
      document.title = PRODUCT;
    };
  }, [title]);
  return null;
}
