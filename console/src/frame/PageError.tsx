import { Failure } from '../failure/Failure.tsx';
import { PageTitle } from '../ui/PageTitle.tsx';

/** Shown instead of a page that failed. After an update of the server, the code of the old version is gone. */
export function PageError({ error }: { error: unknown }) {
  return (
    <main>
      <PageTitle parts={['Page failed']} />
      <h1>This page could not be shown</h1>
      <Failure error={error} />
      <p>The server may have been updated since this page was opened.</p>
      <button type="button" className="primary" onClick={() => location.reload()}>
        Reload
      </button>
    </main>
  );
}
