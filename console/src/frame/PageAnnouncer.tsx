import { useEffect, useRef, useState } from 'react';

/** Long enough for a page to load and set its title. */
const SETTLE_MS = 400;

/** Tells screen readers which page was opened: a page of the console does not load as a document, which they would announce. */
export function PageAnnouncer({ pathname }: { pathname: string }) {
  const [said, setSaid] = useState('');
  const opened = useRef(pathname);
  useEffect(() => {
    // The first page was a document, and tabs of a page say themselves which is chosen.
    if (opened.current === pathname) return;
    opened.current = pathname;
    const timer = setTimeout(() => setSaid(document.title), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [pathname]);
  return (
    <p className="unseen" aria-live="polite">
      {said}
    </p>
  );
}
