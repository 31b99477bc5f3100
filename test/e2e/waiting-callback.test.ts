import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { toMessage } from '../../shared/lambda/callback.ts';
import { resourcesOf, templateWith } from '../infra/template.ts';
import { until } from '../support/local.ts';
import { aReceived, idOf } from '../support/orders.ts';
import { startAll } from './support.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), 'waiting-'));
after(() => rmSync(dataDir, { recursive: true, force: true }));

test('a callback that waits in the queue when everything starts is stored by the deployed consumer, with its own grants', async () => {
  const queue = Object.keys(resourcesOf(templateWith(), 'AWS::SQS::Queue')).find(id => id.startsWith('CallbackQueue'));
  const body = toMessage(aReceived('card', 'OK', { orderId: idOf('unknown'), orderNumber: 'WAITED' }));
  const message = {
    id: 'm1',
    body,
    sentAt: Date.now(),
    receives: 0,
    firstReceivedAt: null,
    visibleAt: 0,
    receipt: null,
  };
  writeFileSync(path.join(dataDir, 'queues.json'), JSON.stringify({ [String(queue)]: [message] }));

  const local = await startAll({ DATA_DIR: dataDir });
  after(() => local.stop());
  const order = await until(async () => {
    const { orders } = await (await fetch(`${local.api}/orders?attention=true`)).json();
    return orders[0];
  }, 'the external order');
  assert.deepEqual(
    [
      order.operation,
      order.status,
      order.attention.map(({ reason }: { reason: string }) => reason),
      order.gateway.orderNumber,
    ],
    ['external', 'paid', ['unmatched'], 'WAITED'],
  );
  assert.doesNotMatch(local.output(), /not authorized/);
});
