import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cardToken, countDynamoDb, startLocal, until } from '../support/local.ts';

const { gateway, call } = await startLocal();

const body = (tokenKey: string, more = {}) => ({ tokenKey, amount: 8000, phone: '090-1234-5678', email: 'taro@example.com', ...more });
const charge = async (key: string, more = {}, number?: string) =>
  call('POST', '/card/charges', { key, body: body(await cardToken(gateway.url, number), more) });

test('a charge is paid, its callback fills in the card, and the order shows both', async () => {
  const answer = await charge('paid-1', { reference: 'A-1' });
  assert.equal(answer.status, 201);
  const { orderId } = answer.body;
  await gateway.idle();
  const { body: order } = await call('GET', `/orders/${orderId}`);
  console.log(JSON.stringify(order, null, 1), gateway.requests());
  assert.equal(order.status, 'paid');
});
