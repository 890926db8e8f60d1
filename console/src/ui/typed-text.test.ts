import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { TypedText } from './typed-text.ts';

test('a text that is typed with a pause keeps its spaces and letters, and is used once', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const used: string[] = [];
    const text = new TypedText('', 3, (each) => used.push(each));
    text.type('no');
    mock.timers.tick(1000);
    assert.deepEqual(used, [], 'too short');
    text.type('not ');
    mock.timers.tick(1000);
    assert.equal(text.takes('not'), false, 'its own value comes back and replaces nothing');
    text.type('not space');
    text.use();
    mock.timers.tick(1000);
    assert.deepEqual(used, ['not', 'not space'], 'Enter ends the wait');
    text.type('not space left');
    assert.equal(text.takes('not space'), false, 'an older value of its own, while typing goes on');
    assert.equal(text.takes(''), true, 'a link cleared it');
    mock.timers.tick(1000);
    assert.deepEqual(used, ['not', 'not space'], 'what was typed before the link is not used any more');
    assert.equal(text.takes('not space'), true, 'and the way back');
  } finally {
    mock.timers.reset();
  }
});
