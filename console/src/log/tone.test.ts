import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toneOf } from './tone.ts';

const ESC = '\u001b';

function tone(Message: string, Step = 1) {
  return toneOf({ LineNumber: 1, Message, Step, BuildStage: 'DOCKER_IMAGE_BUILD', Attempt: 1, Continued: false });
}

test('what compilers and package managers call an error or a warning has that tone', () => {
  for (const [message, expected] of [
    ['src/main.c:7:10: error: unknown type name', 'error'],
    [`${ESC}[01m${ESC}[Ksrc/a.c:1:2:${ESC}[m${ESC}[K ${ESC}[01;31m${ESC}[Kerror: ${ESC}[m${ESC}[Kno`, 'error'],
    ['error[E0425]: cannot find value', 'error'],
    ['npm error code ERESOLVE', 'error'],
    ['E: Unable to locate package', 'error'],
    ['make[1]: *** [Makefile:3: all] Error 1', 'error'],
    ['ModuleNotFoundError: No module named x', 'error'],
    ['Traceback (most recent call last):', 'error'],
    ['10%\r20%\rfatal: no', 'error'],
    ['src/a.c:1:2: warning: unused variable', 'warning'],
    ['npm warn deprecated glob@7', 'warning'],
    ['W: Some index files failed', 'warning'],
    ['compiling error.c', 'step'],
    ['0 errors, 0 warnings', 'step'],
    ['Setting up liberror-perl (0.17029-2) ...', 'step'],
    ['error-handling 1.0 installed', 'step'],
  ] as const)
    assert.equal(tone(message), expected, message);
});

test('only a line outside of all steps is what the builder says, whatever a step prints', () => {
  assert.equal(tone('build stage begin', 0), 'builder');
  assert.equal(tone('build stage begin', 1), 'step');
  assert.equal(tone('warning: FromAsCasing', 0), 'warning');
});
