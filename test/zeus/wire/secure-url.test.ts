import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSecureUrl } from '../../../shared/zeus/wire/secure-url.ts';

const secure = [
  'https://pay.example',
  'https://pay.example:8443/slip?code=1&mail=a@b.example#c',
  'https://pay.example/a@b',
  'http://127.0.0.1:4102',
  'http://localhost/slip',
  'http://[::1]:4102/slip',
];
for (const url of secure) test(`secure: ${url}`, () => assert.equal(isSecureUrl(url), true));

const refused = [
  '',
  'pay.example',
  '//pay.example/slip',
  'https:pay.example',
  'https:/pay.example',
  'https:///pay.example',
  'http://pay.example/slip',
  'http://127.0.0.1.example/slip',
  'http://localhost.example/slip',
  'https://pay.example@evil.example/slip',
  'https://user:secret@pay.example/slip',
  'https://@pay.example/slip',
  'https://pay.example\\@evil.example/slip',
  'https://pay.example/\\slip',
  'https://pay.example/a b',
  'https://pay.example/a\nb',
  'https://pay.example:99999/',
  'javascript:alert(1)',
  'javascript://pay.example/%0aalert(1)',
  'data:text/html,x',
  'ftp://pay.example',
];
for (const url of refused) test(`refused: ${JSON.stringify(url)}`, () => assert.equal(isSecureUrl(url), false));
