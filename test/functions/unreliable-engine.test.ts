/** The deployed handlers, their own clients and retries, over an engine that gives up for a while. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callBack, cardParameters } from '../support/callbacks.ts';
import { cardCalls } from '../support/card.ts';
import { startGate } from '../support/gate.ts';
import { startLocal, until } from '../support/local.ts';
import { startUnreliableEngine } from '../support/unreliable-engine.ts';

const [local, gate] = await Promise.all([startLocal(), startGate()]);
const engine = await startUnreliableEngine(local.engine.endpoint);
// The handlers read it when they are first called.
process.env.AWS_ENDPOINT_URL_DYNAMODB = engine.url;
const { gateway } = local;
const { charge, read, sent } = cardCalls(local);

/** More than the client's own three attempts. */
const forAWhile = 4;

/** A charge that has reached the gateway; its answer comes after `release`, when the engine has just given up. */
async function chargeOnHold(key: string) {
  gateway.reset();
  gateway.settings({ callbacks: { card: gate.url } });
  gateway.arm({ endpoint: 'charge', fault: 'callback-first' });
  const answer = charge(key);
  await until(async () => gate.entered(), 'the request to arrive');
  return { answer, release: gate.release };
}

function withoutCallbacks(): void {
  gateway.reset();
  gateway.settings({ callbacks: { card: null } });
}

test('the outcome of a charge is tried until it is stored', async () => {
  const { answer, release } = await chargeOnHold('outcome');
  engine.loseRequests(forAWhile);
  release();
  const { status, body } = await answer;
  assert.deepEqual([status, body.status, (await read(body.orderId)).status, engine.left()], [201, 'paid', 'paid', 0]);
});

test('an outcome that was stored, but whose response was lost, is stored once', async () => {
  const { answer, release } = await chargeOnHold('response-lost');
  engine.loseAnswers(forAWhile);
  release();
  const { status, body } = await answer;
  const { history } = await read(body.orderId);
  assert.deepEqual([status, body.status, history.length, sent().length], [201, 'paid', 2, 1]);
});

test('a claim whose answer was lost is known again, and sent once', async () => {
  withoutCallbacks();
  engine.loseAnswers(2);
  const { status, body } = await charge('claim');
  assert.deepEqual([status, body.status, sent().length, gateway.ledger().length], [201, 'paid', 1, 1]);
});

test('a claim that cannot be stored sends nothing: 500, and the same key charges once when the engine is back', async () => {
  withoutCallbacks();
  engine.loseRequests(3);
  assert.deepEqual([(await charge('no-claim')).status, sent().length], [500, 0]);
  assert.deepEqual([(await charge('no-claim')).status, sent().length], [201, 1]);
});

test('a card that cannot be noted is not registered: 503, and the same key registers it when the engine is back', async () => {
  withoutCallbacks();
  const options = { body: { cardId: 'CARD-U' } };
  engine.loseRequests(3, 'UpdateItem');
  const first = await charge('no-note', options);
  assert.deepEqual([first.status, first.body.status, sent().length, engine.left()], [503, 'not_processed', 0, 0]);
  assert.match(String(first.headers['retry-after']), /^[1-9]\d*$/);
  const second = await charge('no-note', options);
  assert.deepEqual([second.status, gateway.cards().map(card => card.sendid)], [201, ['CARD-U']]);
});

test('a callback is tried until it is stored', async () => {
  withoutCallbacks();
  gateway.arm({ endpoint: 'charge', fault: 'lost-answer' });
  const { body } = await charge('callback');
  const ordd = gateway.orders()[0]?.orderNumber ?? '';
  engine.loseRequests(forAWhile);
  const { statusCode, body: text } = await callBack(cardParameters({ sendpoint: body.orderId, ordd }));
  assert.deepEqual([statusCode, text, (await read(body.orderId)).status, engine.left()], [200, 'successok', 'paid', 0]);
});
