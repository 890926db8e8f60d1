const WORDS: Readonly<Record<string, { word: string; sign: string }>> = {
  PENDING: { word: 'Waiting', sign: '○' },
  BUILDING: { word: 'Building', sign: '◐' },
  SUCCESS: { word: 'Succeeded', sign: '✓' },
  FAILED: { word: 'Failed', sign: '✕' },
  CANCELED: { word: 'Cancelled', sign: '⊘' },
};

/** A build's status as a word. */
export function statusWord(status: string): string {
  return WORDS[status]?.word ?? status;
}

/** A build's status as a symbol, a word and a colour, so that a reader needs only one of them. */
export function Status({ status }: { status: string }) {
  const { word, sign } = WORDS[status] ?? { word: status, sign: '?' };
  return (
    <span className={`status status-${status.toLowerCase()}`}>
      <span aria-hidden="true" className="status-sign">
        {sign}
      </span>
      {word}
    </span>
  );
}
