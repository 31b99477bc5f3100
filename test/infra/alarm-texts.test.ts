import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alarmText } from '../../infra/alarm-texts.ts';
import { readDocument } from '../docs/markdown.ts';

const guides = [
  ['docs/go-live.md', /docs\/go-live\.md, "([^"]+)"/],
  ['docs/go-live.ja.md', /docs\/go-live\.ja\.md の「([^」]+)」/],
] as const;

for (const [document, quoted] of guides) {
  test(`where an alarm sends its reader into ${document}, there is a heading of that name`, () => {
    const headings = readDocument(document).split('\n');
    for (const queue of ['callbacks', 'events']) {
      const text = alarmText(`DeadLetters-${queue}`);
      assert.ok(headings.includes(`### ${quoted.exec(text)?.[1]}`), text);
    }
  });
}
