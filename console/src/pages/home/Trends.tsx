import { counted } from '@slipway/client/counted.ts';
import type { Bucket, Statistics } from '../../api/statistics.ts';
import { Chart } from '../../ui/Chart.tsx';
import { formatDuration } from '../../ui/durations.ts';
import { Empty } from '../../ui/Empty.tsx';

const SECOND_MS = 1000;
const DAY_MS = 86_400_000;

/** Success rate, duration and wait of builds over time. */
export function Trends({ statistics }: { statistics: Statistics }) {
  const { Buckets: buckets, BucketLength: lengthMs } = statistics;
  const succeeded = sum(buckets, 'Succeeded');
  const failed = sum(buckets, 'Failed');
  const judged = succeeded + failed;
  if (judged + sum(buckets, 'Cancelled') === 0) return <Empty>No builds ended in this time.</Empty>;
  const label = (bucket: Bucket) => when(bucket.StartTime, lengthMs);
  const lengths = (field: 'MeanDuration' | 'MeanWait', kind: string) =>
    buckets.map((bucket) => ({ label: label(bucket), parts: [{ kind, value: bucket[field] ?? 0 }] }));
  return (
    <div className="trends">
      <p className="rate">
        <strong>{judged === 0 ? '–' : `${Math.round((succeeded / judged) * 100)} %`}</strong>{' '}
        <span className="quiet">
          of {counted(judged, 'build')} succeeded
          {sum(buckets, 'Cancelled') > 0 && `; ${sum(buckets, 'Cancelled')} cancelled`}
        </span>
      </p>
      <Chart
        name="Builds"
        bars={buckets.map((bucket) => ({
          label: label(bucket),
          parts: [
            { kind: 'good', value: bucket.Succeeded, word: 'succeeded' },
            { kind: 'bad', value: bucket.Failed, word: 'failed' },
            { kind: 'quiet', value: bucket.Cancelled, word: 'cancelled' },
          ],
        }))}
        format={String}
      />
      <Chart name="Mean duration" bars={lengths('MeanDuration', 'run')} least={SECOND_MS} format={formatDuration} />
      <Chart
        name="Mean wait in the queue"
        bars={lengths('MeanWait', 'wait')}
        least={SECOND_MS}
        format={formatDuration}
      />
    </div>
  );
}

function sum(buckets: readonly Bucket[], field: 'Succeeded' | 'Failed' | 'Cancelled'): number {
  return buckets.reduce((total, bucket) => total + bucket[field], 0);
}

/** `Mon 14:00` or `Mar 3`, with the hour if a day has several points. */
function when(timeMs: number, lengthMs: number): string {
  const time = new Date(timeMs);
  const hour = `${String(time.getHours()).padStart(2, '0')}:00`;
  if (lengthMs < DAY_MS / 12) return `${time.toLocaleDateString('en', { weekday: 'short' })} ${hour}`;
  const day = time.toLocaleDateString('en', { month: 'short', day: 'numeric' });
  return lengthMs < DAY_MS ? `${day} ${hour}` : day;
}
