import { tellFailure } from './api-failure.ts';

/** Shows why something could not be read or done. A missing right is no fault: it gets a quiet sentence. */
export function Failure({ error }: { error: unknown }) {
  const { title, detail, isDenied } = tellFailure(error);
  if (isDenied) return <p className="quiet">{detail}</p>;
  return (
    <p role="alert" className="failure">
      <strong>{title}</strong> {detail}
    </p>
  );
}
