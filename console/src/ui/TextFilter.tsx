import { useEffect, useId, useRef, useState } from 'react';
import { TypedText } from './typed-text.ts';

interface TextFilterProps {
  label: string;
  placeholder: string;
  value: string | undefined;
  /** Shorter texts are not used. */
  least?: number;
  wide?: boolean;
  onChange(value: string): void;
}

/** A text that is used a moment after the last key, or at once with Enter. */
export function TextFilter({ label, placeholder, value = '', least = 1, wide = false, onChange }: TextFilterProps) {
  const latest = useRef(onChange);
  const [text] = useState(() => new TypedText(value, least, (used) => latest.current(used)));
  const [typed, setTyped] = useState(value);
  const id = useId();
  useEffect(() => {
    latest.current = onChange;
  }, [onChange]);
  // The URL may change without a key: back, forward, or a link.
  useEffect(() => {
    if (text.takes(value)) setTyped(value);
  }, [text, value]);
  useEffect(() => () => text.stop(), [text]);
  const isShort = typed !== '' && typed.trim().length < least;
  return (
    <span className={wide ? 'text-filter wide' : 'text-filter'}>
      <input
        type="search"
        aria-label={label}
        placeholder={placeholder}
        title={label}
        value={typed}
        maxLength={200}
        aria-describedby={isShort ? id : undefined}
        onChange={({ target }) => {
          setTyped(target.value);
          text.type(target.value);
        }}
        onKeyDown={(event) => event.key === 'Enter' && text.use()}
      />
      {isShort && (
        <span id={id} className="quiet">
          at least {least} characters
        </span>
      )}
    </span>
  );
}
