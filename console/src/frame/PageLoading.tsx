import { Skeleton } from '../ui/Skeleton.tsx';

/** Shown while the code of a page, or of a tab of one, is fetched. */
export function PageLoading() {
  return (
    <div className="page-loading">
      <Skeleton lines={6} of="the page" />
    </div>
  );
}
