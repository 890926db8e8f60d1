import { useState } from 'react';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { codeSamples, type SignedCall } from './code-samples.ts';
import { codeTokens } from './code-tokens.ts';
import type { SampledCall } from './sampled-call.ts';

/** The same call in other languages. */
export function CodeSamples({ call, signed }: { call: SampledCall; signed: SignedCall | undefined }) {
  const [language, setLanguage] = useState('TypeScript');
  const [byClient, setByClient] = useState(false);
  const samples = codeSamples(call, signed);
  const shown = samples.find((sample) => sample.language === language) ?? samples[0];
  const text = (byClient && shown?.byClient) || shown?.text || '';
  return (
    <section aria-label="The same call as code">
      <div className="page-head">
        <h2>The same call as code</h2>
        <div className="filters">
          {samples.map((sample) => (
            <button
              type="button"
              className="small"
              key={sample.language}
              aria-pressed={sample.language === shown?.language}
              onClick={() => setLanguage(sample.language)}
            >
              {sample.language}
            </button>
          ))}
        </div>
        <span className="gap" />
        {shown?.byClient && (
          <label className="check">
            <input type="checkbox" checked={byClient} onChange={(event) => setByClient(event.target.checked)} />
            Using the vendor’s client
          </label>
        )}
        {shown && <CopyButton text={text} what={`${shown.language} code`} />}
      </div>
      {shown?.language === 'curl' && (
        <p className="quiet">Signed with this session’s token; works once, within 15 minutes.</p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
      <pre tabIndex={0}>
        {codeTokens(text, shown?.language ?? '').map(({ kind, text: part }, index) =>
          kind === 'plain' ? (
            part
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no names.
            <span key={index} className={`code-${kind}`}>
              {part}
            </span>
          ),
        )}
      </pre>
    </section>
  );
}
