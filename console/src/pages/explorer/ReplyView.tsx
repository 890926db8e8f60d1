/** A reply as received, and how long each part took. */
export interface SentCall {
  status: number;
  text: string;
  signMs: number;
  waitMs: number;
  readMs: number;
}

/** A reply of the server with its times. */
export function ReplyView({ sent }: { sent: SentCall }) {
  const { status, text, signMs, waitMs, readMs } = sent;
  const whole = signMs + waitMs + readMs;
  return (
    <section aria-label="Reply of the server" className="reply">
      <p role="status">
        <strong className={status < 400 ? 'good' : 'bad'}>{status}</strong> in {whole.toFixed(1)} ms{' '}
        <span className="quiet">
          (signed in {signMs.toFixed(1)}, answered after {waitMs.toFixed(1)}, read in {readMs.toFixed(1)})
        </span>
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
      <pre tabIndex={0}>{indented(text)}</pre>
    </section>
  );
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
