import { useCopy } from './use-copy.ts';

/** Copies a text, and briefly says so. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [said, copy] = useCopy(text);
  return (
    <button type="button" className="small" onClick={copy} aria-label={`Copy ${what}`}>
      <span aria-live="polite">{said || 'Copy'}</span>
    </button>
  );
}
