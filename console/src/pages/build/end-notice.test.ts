import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BuildDetail } from '../../api/build.ts';
import { canNotify, notifyEnd } from './end-notice.ts';

const BUILD = { BuildRecordId: 'b', Repository: 'team/app', ImageTag: 'v1', Status: 'SUCCESS' } as BuildDetail;

test('a browser that has notifications and shows none is told, and breaks nothing', (t) => {
  const shown: string[] = [];
  class Refusing {
    static permission = 'default';
    constructor() {
      throw new TypeError('Illegal constructor');
    }
  }
  class Showing {
    static permission = 'granted';
    onclick = null;
    constructor(title: string) {
      shown.push(title);
    }
  }
  t.after(() => Reflect.deleteProperty(globalThis, 'Notification'));
  Object.assign(globalThis, { Notification: Refusing });
  assert.deepEqual([canNotify(), notifyEnd(BUILD)], [false, false]);
  Object.assign(globalThis, { Notification: Showing });
  assert.deepEqual([canNotify(), notifyEnd(BUILD), shown.length], [true, true, 1]);
});
