import { useState } from 'react';
import { tellFailure } from '../failure/api-failure.ts';

/** The result of the last action, and a function that runs an action and makes its result, or its failure, the notice. */
export function useNotice(): [notice: string, run: (act: () => Promise<string>) => void] {
  const [notice, setNotice] = useState('');
  const run = (act: () => Promise<string>) => {
    setNotice('');
    act().then(setNotice, (error: unknown) => {
      const { title, detail } = tellFailure(error, false);
      setNotice(`${title}: ${detail}`);
    });
  };
  return [notice, run];
}
