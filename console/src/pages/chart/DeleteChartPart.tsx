import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Failure } from '../../failure/Failure.tsx';
import { currentClient, currentSession } from '../../session/session.ts';
import { SureButton } from '../../ui/SureButton.tsx';

/** A button that deletes something among charts, once it is sure. */
export function DeleteChartPart(props: {
  action: string;
  params: Readonly<Record<string, string>>;
  of: string;
  done?: () => void;
}) {
  const { action, params, of, done } = props;
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => currentClient().callAny(action, { InstanceId: currentSession().instanceId, ...params }),
    onSuccess: async () => {
      // A page that is left must not ask again for what it showed: the next page asks for what it needs.
      await queries.invalidateQueries({ queryKey: ['charts'], refetchType: done ? 'none' : 'active' });
      done?.();
    },
  });
  return (
    <>
      {remove.error && <Failure error={remove.error} />}
      <SureButton name="Delete" of={of} act={() => remove.mutate()} busy={remove.isPending} />
    </>
  );
}
