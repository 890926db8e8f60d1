import { useState } from 'react';

/** Closes a form; if something was entered, on the second press. */
export function CloseButton({ isChanged, leave }: { isChanged: boolean; leave(): void }) {
  const [isAsked, setIsAsked] = useState(false);
  return (
    <button
      type="button"
      className={isAsked ? 'danger' : ''}
      onClick={() => (isChanged && !isAsked ? setIsAsked(true) : leave())}
      onBlur={() => setIsAsked(false)}
    >
      {isAsked ? 'Discard changes?' : 'Close'}
    </button>
  );
}
