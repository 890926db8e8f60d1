import { tellFailure } from './api-failure.ts';

/** Shows why something could not be read or done. */
export function Failure({ error }: { error: unknown }) {
  const { title, detail } = tellFailure(error);
  return (
    <p role="alert" className="failure">
      <strong>{title}</strong> {detail}
    </p>
  );
}
