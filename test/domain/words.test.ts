import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FactKind } from '../../shared/domain/tables.ts';
import { lines, listed } from '../../shared/domain/tables.ts';
import {
  type AttentionReason,
  attentionReasons,
  type CarrierStatus,
  type DecisionOutcome,
  type HistoryEvent,
  type Status,
  statuses,
} from '../../shared/domain/words.ts';

const accept = <T>(_word: T): void => {};

test('a misspelt status, fact, reason, event or decision does not compile (checked by `npm run types`)', () => {
  accept<Status>('authorized');
  // @ts-expect-error another spelling
  accept<Status>('authorised');
  accept<FactKind>('settle_done');
  // @ts-expect-error another word
  accept<FactKind>('settled');
  accept<CarrierStatus>('07');
  // @ts-expect-error the manual lists no 04 for carriers
  accept<CarrierStatus>('04');
  accept<AttentionReason>('settled_elsewhere');
  // @ts-expect-error another spelling
  accept<AttentionReason>('settled_elswhere');
  accept<HistoryEvent>('carrier_07');
  accept<HistoryEvent>('settle_booked');
  // @ts-expect-error no such callback
  accept<HistoryEvent>('carrier_7');
  // @ts-expect-error a cancel cannot be booked
  accept<HistoryEvent>('cancel_booked');
  accept<DecisionOutcome>('cancelled');
  // @ts-expect-error another spelling
  accept<DecisionOutcome>('canceled');
});

test('every status and reason stands once', () => {
  assert.equal(new Set(statuses).size, statuses.length);
  assert.equal(new Set(attentionReasons).size, attentionReasons.length);
});

test('every listed callback is a fact of the table of its method', () => {
  for (const method of ['card', 'carrier', 'cvs'] as const) {
    const known = lines[method].flatMap(({ when }) => when);
    for (const kind of Object.values(listed[method])) assert.ok(known.includes(kind), `${method} ${kind}`);
  }
});
