import { Skeleton } from '../ui/Skeleton.tsx';

/** Shown while the code of a page is fetched. */
export function PageLoading() {
  return (
    <main>
      <Skeleton lines={6} of="the page" />
    </main>
  );
}
