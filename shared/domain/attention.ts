/** What an operator should look at: each reason with the facts that raise it, less what was acknowledged. */
import { decisionsOf, type Fact, type Raised, stepId } from './facts.ts';
import type { Acknowledgement, Decision, Order, Send } from './order.ts';
import { isSeen, type Payment } from './payment.ts';
import type { Summary } from './summarize.ts';
import { duplicates, endedByDecision, money } from './tables.ts';
import { attentionReasons, type Status } from './words.ts';

/** A sale of an amount that we did not ask for: the first amount is, as long as we asked to settle no other. */
export function settledElsewhere(order: Order, facts: readonly Fact[], asked: readonly number[]): Raised[] {
  if (order.operation === 'external') return [];
  const expected = asked.length > 0 ? asked : [order.amountYen];
  const by = facts.filter(({ kind, callback, amountYen, step }) => {
    if (kind === '07' && callback) return amountYen !== null && !expected.includes(amountYen);
    return kind === 'settle_done' && step?.kind === 'send' && step.answer?.kind === 'done' && step.answer.elsewhere;
  });
  const amounts = [...new Set(by.map(({ amountYen }) => amountYen ?? 'not named'))].sort();
  const note = `amount ${amounts.join(', ')}: not asked for by us`;
  return by.length === 0 ? [] : [{ reason: 'settled_elsewhere', groups: by.map(({ id }) => [id]), note }];
}

const unsettled: readonly Status[] = ['authorized', 'settle_scheduled', 'settling', 'cancelling'];

/** What due work noted since the last decision; it stands until the payment is settled or given back. */
export function settlementDue(
  order: Order,
  status: Status,
  number: string | null,
  whole: (n: string | null) => string | null,
): Raised[] {
  if (!unsettled.includes(status)) return [];
  const decided = decisionsOf(order).findLast(({ orderNumber }) => whole(orderNumber) === number)?.number ?? 0;
  return order.steps.flatMap(step =>
    step.kind === 'settlement_due' && step.number > decided && whole(step.orderNumber) === number
      ? [
          {
            reason: 'settlement_due',
            groups: [[stepId(step)]],
            note: step.code ? `${step.day}, code ${step.code}` : step.day,
          },
        ]
      : [],
  );
}

export function raisedByOrder(
  order: Order,
  payments: readonly Payment[],
  status: Status,
  open: readonly Send[],
): Raised[] {
  const raised: Raised[] = [];
  const isOurs = order.operation !== 'external';
  if (order.conflicting) raised.push({ reason: 'conflicting_parameters', groups: [], note: null });
  else if (!isOurs) raised.push({ reason: 'unmatched', groups: [], note: null });
  if ((isOurs && status === 'unknown') || open.some(({ lost }) => lost)) {
    raised.push({ reason: 'outcome_unknown', groups: [], note: null });
  }
  const kinds = duplicates[order.method];
  const taken = payments.map(({ facts }) => facts.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id));
  const groups = taken.filter(ids => ids.length > 0);
  if (groups.length > 1) {
    const numbers = payments.filter((_, i) => taken[i]?.length).map(({ number }) => number);
    raised.push({ reason: 'duplicate_payment', groups, note: `order numbers ${numbers.sort().join(', ')}` });
  }
  return raised;
}

/** Facts that the newest decision had not seen: they move the order out of what was decided, or name other money. */
export function raisedAgainstDecision(
  order: Order,
  facts: readonly Fact[],
  shown: Payment,
  status: Status,
  statusAt: (decision: Decision) => Status,
): Raised[] {
  const decision = decisionsOf(order).at(-1);
  if (!decision) return [];
  const unseen = facts.filter(
    fact => !isSeen(decision, fact) && (fact.callback !== null || (fact.step?.number ?? 0) < decision.number),
  );
  if (unseen.length === 0) return [];
  const before = statusAt(decision);
  // The decision's own ID: an acknowledgement made before it cannot have been about this.
  const raise = (by: readonly Fact[], note: string): Raised[] => [
    { reason: 'contradiction', groups: [[stepId(decision)], ...by.map(({ id }) => [id])], note },
  ];
  if (endedByDecision.includes(before) && before !== status)
    return raise(shown.facts, `decided ${before}, then ${status}`);
  const number = facts.find(({ step }) => step === decision)?.number ?? null;
  const otherMoney = unseen.filter(fact => fact.number === number && isOtherMoney(order, decision, fact));
  const amounts = otherMoney.map(({ kind, amountYen }) => `${kind}${amountYen === null ? '' : ` of ${amountYen}`}`);
  return otherMoney.length === 0 ? [] : raise(otherMoney, `decided ${decision.outcome}, then ${amounts.join(', ')}`);
}

/** A sale after a carrier payment was said to be cancelled, or another amount than the one said to be paid. */
function isOtherMoney({ method }: Order, { outcome, amountYen }: Decision, fact: Fact): boolean {
  if (outcome === 'cancelled') return method === 'carrier' && (fact.kind === '07' || fact.kind === 'settle_done');
  if (outcome !== 'paid' || !money[method].includes(fact.kind)) return false;
  return amountYen !== null && fact.amountYen !== null && fact.amountYen !== amountYen;
}

/** What an acknowledgement had seen does not raise its reason again. */
export function standing(order: Order, raised: readonly Raised[]): Summary['attention'] {
  const acknowledged = order.steps.filter(step => step.kind === 'acknowledgement');
  const left = raised.filter(each => !acknowledged.some(step => covers(step, each)));
  return attentionReasons.flatMap(reason => {
    const first = left.find(each => each.reason === reason);
    return first ? [{ reason, note: first.note }] : [];
  });
}

function covers(step: Acknowledgement, { reason, groups }: Raised): boolean {
  const hadSeen = (id: string) =>
    step.seen.includes(id) || (id.startsWith('step ') && Number(id.slice(5)) < step.number);
  return reason !== 'outcome_unknown' && step.reasons.includes(reason) && groups.every(ids => ids.some(hadSeen));
}
