import { useQueryClient } from '@tanstack/react-query';
import { signOut } from './session.ts';

/** Signs out, and forgets what the page has read. */
export function useSignOut(): () => void {
  const queries = useQueryClient();
  return () => void signOut().finally(() => queries.clear());
}
