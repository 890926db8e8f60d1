import { type ComponentProps, lazy, Suspense } from 'react';
import { Skeleton } from '../../ui/Skeleton.tsx';
import type { PolicyEditor } from './PolicyEditor.tsx';

const Editor = lazy(async () => ({ default: (await import('./PolicyEditor.tsx')).PolicyEditor }));

/** The editor of policies, whose code is fetched when it is used. */
export function LazyPolicyEditor(props: ComponentProps<typeof PolicyEditor>) {
  return (
    <Suspense fallback={<Skeleton lines={12} of="the editor" />}>
      <Editor {...props} />
    </Suspense>
  );
}
