import { useLayoutEffect } from 'react';

/** Shows an icon of `public/` in the browser's tab while the page is open. */
export function useTabIcon(icon: string | undefined): void {
  useLayoutEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel=icon]');
    if (icon === undefined || link === null) return;
    const before = link.href;
    link.href = `/console/${icon}`;
    return () => {
      link.href = before;
    };
  }, [icon]);
}
