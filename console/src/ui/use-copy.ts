import { useEffect, useState } from 'react';

const SAID_MS = 2000;

/** A function that copies a text, and for a moment what came of it, to be shown in a live region. */
export function useCopy(text: string): [said: string, copy: () => void] {
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (said === '') return;
    const timer = setTimeout(() => setSaid(''), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = () => {
    // Only a region that changes is read aloud.
    setSaid('');
    write(text).then(
      () => setSaid('Copied'),
      () => setSaid('The browser refused'),
    );
  };
  return [said, copy];
}

/** Browsers have no clipboard on plain HTTP pages of other machines: this rejects there, too. */
async function write(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}
