import { after, test } from 'node:test';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { placesIn, testPlaces } from '../support/peers/bucket-places.ts';
import { startFaultProxy } from '../support/peers/fault-proxy.ts';
import { startSeaweed } from './seaweed-store.ts';

const BUCKET = 'contents';

const file = {
  after,
  skip: (reason?: string) => void test('SeaweedFS keeps blobs and sealed logs', { skip: reason ?? true }),
};
const store = await startSeaweed(file);
if (store !== undefined) {
  await store.client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  testPlaces('SeaweedFS', placesIn({ ...store, bucket: BUCKET }, await startFaultProxy(file, store.endpoint)));
}
