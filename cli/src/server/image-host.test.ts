import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imageHost } from './image-host.ts';

test('names images by the public URL, or else by the endpoint, and never by the IPv6 loopback address', () => {
  assert.equal(imageHost('http://127.0.0.1:8720', 'https://builds.example'), 'builds.example');
  assert.equal(imageHost('http://127.0.0.1:8720', undefined), '127.0.0.1:8720');
  assert.equal(imageHost('http://[::1]:8720', undefined), '127.0.0.1:8720');
  assert.equal(imageHost('http://[2001:db8::1]:8720', undefined), '[2001:db8::1]:8720');
});
