/** What our requests' answers say, in the words of the tables. */
import type { Answer, Order, Send } from './order.ts';
import type { FactKind } from './tables.ts';

/** Null: the answer says nothing about the money. */
export function kindOfAnswer({ method }: Order, { operation }: Send, answer: Answer): FactKind | null {
  switch (answer.kind) {
    case 'unknown':
      return null;
    case 'cancelled':
      return 'return_done';
    case 'refused':
      return operation === 'create' ? 'refused' : null;
    case 'not_processed':
    case 'expired':
      return operation === 'create' ? answer.kind : null;
    case 'done':
      switch (operation) {
        case 'create':
          return method === 'card' ? 'ok' : '01';
        case 'cancel':
          return 'cancel_done';
        case 'return':
          return 'return_done';
        case 'settle':
          return answer.bookedOn === null ? 'settle_done' : null;
        case 'withdraw':
          return null;
      }
  }
}
