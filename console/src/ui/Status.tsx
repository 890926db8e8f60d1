import { statusLook } from './statuses.ts';

/** A build's status as a symbol, a word and a colour, so that a reader needs only one of them. */
export function Status({ status }: { status: string }) {
  const { word, sign } = statusLook(status);
  return (
    <span className={`status status-${status.toLowerCase()}`}>
      <span aria-hidden="true" className="status-sign">
        {sign}
      </span>
      {word}
    </span>
  );
}
