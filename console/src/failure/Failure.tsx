import { Denied } from '../ui/Denied.tsx';
import { tellFailure } from './api-failure.ts';

/** Shows why something could not be read or done. A missing right is no fault: it gets a quiet sentence. */
export function Failure({ error }: { error: unknown }) {
  const { title, detail, denied } = tellFailure(error);
  if (denied) return <Denied {...denied} />;
  return (
    <p role="alert" className="failure">
      <strong>{title}</strong> {detail}
    </p>
  );
}
