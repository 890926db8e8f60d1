import type { Acs3Signature } from '@slipway/client/sign-acs3.ts';

export type Signed = Acs3Signature & { url: string };

/** How a request is signed, step by step. */
export function SigningSteps({ signed }: { signed: Signed }) {
  return (
    <details>
      <summary>String to sign, step by step</summary>
      <ol className="steps">
        <Step
          title="The canonical request: method, path, query, signed headers, their names, and the hash of the body"
          text={signed.canonicalRequest}
        />
        <Step
          title="The string to sign: the algorithm, and the SHA-256 of the canonical request"
          text={signed.stringToSign}
        />
        <Step
          title="The signature: HMAC-SHA-256 of the string to sign, with the AccessKey secret"
          text={signed.signature}
        />
        <Step
          title="The headers that are sent"
          text={Object.entries(signed.headers)
            .map(([name, value]) => `${name}: ${value}`)
            .join('\n')}
        />
      </ol>
    </details>
  );
}

function Step({ title, text }: { title: string; text: string }) {
  return (
    <li>
      {title}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
      <pre tabIndex={0}>{text}</pre>
    </li>
  );
}
