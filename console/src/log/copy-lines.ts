import type { LogPage } from '../api/build.ts';
import { fetchNative, getNative, queryOf } from '../api/native-api.ts';
import { saveFile } from '../ui/save-file.ts';
import type { LineRange } from './line-range.ts';
import { plainText } from './line-text.ts';

const PAGE_LINES = 1000;
/** More lines than this belong in a file. */
export const COPY_LIMIT_LINES = 20_000;

/** Copies lines of a log as shown, without their numbers. */
export async function copyLines(id: string, { first, last }: LineRange): Promise<void> {
  const messages: string[] = [];
  for (let offset = first - 1; offset < last; offset += PAGE_LINES) {
    const limit = Math.min(PAGE_LINES, last - offset);
    const page: LogPage = await getNative(`/builds/${id}/log${queryOf({ offset, limit })}`);
    messages.push(...page.Lines.map((line) => plainText(line.Message)));
    if (page.Lines.length < limit) break;
  }
  await navigator.clipboard.writeText(`${messages.join('\n')}\n`);
}

/** Saves the current log as a text file. */
export async function downloadLog(id: string): Promise<void> {
  const response = await fetchNative(`/builds/${id}/log.txt`);
  saveFile(await response.blob(), `build-${id}.log`);
}
