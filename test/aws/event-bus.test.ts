import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startEventBus } from '../../local/event-bus.ts';
import { eventBridgeClient, eventBus } from '../../shared/aws/event-bus.ts';
import type { OrderEvent } from '../../shared/orders/events.ts';
import { accessTo } from '../support/aws.ts';
import { noon } from '../support/orders.ts';

/** Event ids that the bus does not take at present. */
const refused = new Set<string>();
const bus = await startEventBus(({ Detail = '' }) =>
  refused.has(JSON.parse(Detail).eventId) ? 'InternalFailure' : null,
);
after(() => bus.stop());

const busAt = (endpoint: string) => eventBridgeClient({ maxAttempts: 1, attemptMs: 3000 }, accessTo(endpoint));
const publish = eventBus(busAt(bus.endpoint), 'orders');

/** `a1`: the first event of order a. */
function anEvent(name: string, order: Record<string, unknown> = {}): OrderEvent {
  const detail = { eventId: name, order, from: null, to: 'paid' };
  return { type: 'order.status_changed', orderId: name.slice(0, 1), at: noon, detail };
}
const namesOf = (events: OrderEvent[]) => events.map(({ detail }) => detail.eventId);

/** What the bus got since the last question. */
let asked = 0;
function arrived(): unknown[] {
  const news = bus.events.slice(asked).map(({ detail }) => detail.eventId);
  asked = bus.events.length;
  return news;
}

test('an event has the source, the type and the time of the contract', async () => {
  const event = anEvent('a1', { reference: '注文' });
  assert.deepEqual(await publish([event]), { left: [], code: null });
  const { id, ...published } = bus.events.at(-1) ?? { id: '' };
  assert.match(id, /^[0-9a-f-]{36}$/);
  assert.deepEqual(published, {
    version: '0',
    'detail-type': 'order.status_changed',
    source: 'zeus.payments',
    account: '000000000000',
    time: '2026-11-20T03:00:00Z',
    region: 'ap-northeast-1',
    resources: [],
    detail: event.detail,
  });
  assert.deepEqual(arrived(), ['a1']);
});

test('more events than one request takes arrive all, those of one order in their order', async () => {
  const names = Array.from({ length: 25 }, (_, i) => String.fromCharCode(97 + i));
  const events = [1, 2].flatMap(n => names.map(name => anEvent(`${name}${n}`)));
  assert.deepEqual(await publish(events), { left: [], code: null });
  const all = arrived() as string[];
  assert.equal(all.length, 50);
  for (const name of names) assert.ok(all.indexOf(`${name}1`) < all.indexOf(`${name}2`), name);
});

test('what follows a refused event of the same order waits, other orders do not', async () => {
  refused.add('a1');
  const events = ['a1', 'b1', 'a2', 'b2', 'a3', 'c1'].map(name => anEvent(name));
  const { left, code } = await publish(events);
  assert.deepEqual([namesOf(left), code], [['a1', 'a2', 'a3'], 'InternalFailure']);
  assert.deepEqual(arrived(), ['b1', 'c1', 'b2']);
  refused.clear();
  assert.deepEqual(await publish(left), { left: [], code: null });
  assert.deepEqual(arrived(), ['a1', 'a2', 'a3']);
});

test('a request holds no more bytes than the bus takes; an event that is larger is refused alone', async () => {
  const half = 'あ'.repeat(40_000);
  const whole = 'あ'.repeat(90_000);
  const events = [anEvent('a1', { half }), anEvent('b1', { half }), anEvent('c1', { half }), anEvent('d1', { whole })];
  const { left, code } = await publish(events);
  assert.deepEqual([namesOf(left), code], [['d1'], 'ValidationException']);
  assert.deepEqual(arrived(), ['a1', 'b1', 'c1']);
});

test('a bus that does not answer has taken nothing', async () => {
  const events = [anEvent('a1'), anEvent('b1')];
  const { left, code } = await eventBus(busAt('http://127.0.0.1:9'), 'orders')(events);
  assert.deepEqual(left, events);
  assert.ok(code);
});

test('no events, no request', async () => {
  assert.deepEqual(await eventBus(busAt('http://127.0.0.1:9'), 'orders')([]), { left: [], code: null });
});
