/** Cards on a real table, and a gateway that responds per phone as the test wants. */
import assert from 'node:assert/strict';
import { cardsTable } from '../../shared/aws/cards-table.ts';
import { Masked } from '../../shared/domain/masked.ts';
import type { CardRecord, CardStore } from '../../shared/orders/ports.ts';
import type { Reply } from '../../shared/zeus/wire/transport.ts';
import { noon, standingClock } from './orders.ts';
import { startTable, tableName } from './table.ts';

const says = (body: string): Reply => ({ kind: 'answered', status: 200, body: Buffer.from(body) });

/** What the gateway responds to a deletion. */
export const replies = {
  done: says('SuccessOK'),
  gone: says('failure_order'),
  lost: { kind: 'lost', message: 'lost' },
  down: says('maintenance'),
  notSent: { kind: 'not_sent', message: 'no connection' },
  refused: says('Invalid telno'),
} satisfies Record<string, Reply>;

export const reveal = (phones: Masked[] = []) => phones.map(phone => phone.reveal()).toSorted();

export async function startCards() {
  const { dynamo } = await startTable();
  const cards = cardsTable(dynamo, tableName);
  let count = 0;

  /** A card of its own ID, registered with each phone. */
  async function card(...phones: string[]): Promise<string> {
    const cardId = `CARD-${++count}`;
    for (const phone of phones) await cards.remember(cardId, new Masked(phone));
    return cardId;
  }

  /** The responses for each phone in turn; `during` runs while the first request is out. */
  function gateway(answers: Record<string, Reply[]>, during: () => Promise<unknown> = async () => {}) {
    const sent: string[] = [];
    const send = async (_path: string, _type: string, body: Uint8Array): Promise<Reply> => {
      const phone = new URLSearchParams(Buffer.from(body).toString()).get('telno') ?? '';
      sent.push(phone);
      if (sent.length === 1) await during();
      return answers[phone]?.shift() ?? assert.fail(`no response for ${phone}`);
    };
    const deps = (now = noon, through: CardStore = cards) => ({
      ...standingClock(now),
      cards: through,
      send,
      ipCode: '2019000001',
    });
    return { sent, deps };
  }

  const find = async (cardId: string): Promise<CardRecord> => (await cards.find(cardId)) ?? assert.fail('no record');

  return { cards, card, gateway, find };
}
