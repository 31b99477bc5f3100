/** Mutants that no test can tell from the code as it is, and why. One that fits no line of the code any more is an error. */
export interface Equivalent {
  file: string;
  before: string;
  after: string;
  why: string;
}

export const equivalents: readonly Equivalent[] = [
  {
    file: 'shared/domain/amounts.ts',
    before: 'const isLower = amountYen > 0 && amountYen < order.amountYen;',
    after: 'const isLower = amountYen > 0 && amountYen <= order.amountYen;',
    why: 'An equal amount was found right two lines before.',
  },
  {
    file: 'shared/domain/attention.ts',
    before: "step.kind === 'settlement_due' && step.number > decided && whole(step.orderNumber) === number",
    after: "step.kind === 'settlement_due' && step.number >= decided && whole(step.orderNumber) === number",
    why: 'Steps have different numbers: no note of due work has the number of a decision.',
  },
  {
    file: 'shared/domain/present.ts',
    before: '.toSorted((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0));',
    after: '.toSorted((a, b) => (a.since < b.since ? -1 : false ? 1 : 0));',
    why: 'The sort of V8 asks only whether one comes before the other.',
  },
  {
    file: 'shared/domain/summarize.ts',
    before: 'const summary = known.get(order) ?? summarizeFacts(order);',
    after: 'const summary = summarizeFacts(order);',
    why: 'Only slower: the same order is added up again.',
  },
  {
    file: 'shared/domain/summarize.ts',
    before: "order.steps.every(step => !('orderNumber' in step) || step.orderNumber !== null || isAttempt(step)) &&",
    after: "order.steps.every(step => !('orderNumber' in step) || isAttempt(step)) &&",
    why: 'Only slower: an order whose facts are all numbered is added up twice.',
  },
  {
    file: 'shared/domain/sends.ts',
    before: "if (operation === 'create') return kind === 'cancelled' ? 'unknown' : kind;",
    after: "if (operation === 'create') return false ? 'unknown' : kind;",
    why: 'No creating call is answered that the payment is cancelled; the types do not know it.',
  },
  {
    file: 'shared/domain/tables.ts',
    before: "'paid_after_cancel',",
    after: "'received',",
    why: 'What is not in the list stands after `awaiting_customer`, where this stood.',
  },
  {
    file: 'shared/domain/ranking.ts',
    before: "return place < 0 ? furthestFirst.indexOf('awaiting_customer') + 0.5 : place;",
    after: "return place < 0 ? furthestFirst.indexOf('awaiting_customer') + 1.5 : place;",
    why: 'Only cards end so, and no card has the status between.',
  },
  {
    file: 'shared/domain/present.ts',
    before: '.toSorted((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0));',
    after: '.toSorted((a, b) => (a.since < b.since ? -1 : true ? 1 : 0));',
    why: 'The sort of V8 asks only whether one comes before the other.',
  },
  {
    file: 'shared/domain/present.ts',
    before: '.toSorted((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0));',
    after: '.toSorted((a, b) => (a.since < b.since ? -1 : a.since >= b.since ? 1 : 0));',
    why: 'The sort of V8 asks only whether one comes before the other.',
  },
  {
    file: 'shared/domain/ranking.ts',
    before: "return place < 0 ? furthestFirst.indexOf('awaiting_customer') + 0.5 : place;",
    after: "return place < 0 ? furthestFirst.indexOf('awaiting_customer') - 0.5 : place;",
    why: 'Only cards end so, and then none of their payments waits for the customer.',
  },
  {
    file: 'shared/domain/attention.ts',
    before:
      'fact => !isSeen(decision, fact) && (fact.callback !== null || (fact.step?.number ?? 0) < decision.number),',
    after: 'fact => !isSeen(decision, fact) && (fact.callback !== null || (fact.step?.number ?? 1) < decision.number),',
    why: 'A fact that is no callback always has its step; the types do not know it.',
  },
  {
    file: 'shared/domain/due.ts',
    before: "if (answer?.kind === 'not_processed') return secondsAfter(answer.at, pauseSeconds(tried?.attempts ?? 1));",
    after: "if (answer?.kind === 'not_processed') return secondsAfter(answer.at, pauseSeconds(tried?.attempts ?? 2));",
    why: 'Where there is an answer there is its send; the types do not know it.',
  },
  {
    file: 'shared/domain/sends.ts',
    before: 'break;',
    after: ';',
    why: 'Every case before it returns; the types do not know it.',
  },
  {
    file: 'shared/domain/open-sends.ts',
    before: 'if (decisionsOf(order).some(({ number }) => number > (attempt?.number ?? 0))) return true;',
    after: 'if (decisionsOf(order).some(({ number }) => number >= (attempt?.number ?? 0))) return true;',
    why: 'Steps have different numbers: no decision has that of an attempt.',
  },
  {
    file: 'shared/domain/amounts.ts',
    before: "if (order.method !== 'carrier') return false;",
    after: 'if (false) return false;',
    why: 'No other method has settlements, or a status 07.',
  },
  {
    file: 'shared/domain/summarize.ts',
    before: 'known.set(order, summary);',
    after: ';',
    why: 'Only slower: the same order is added up again.',
  },
  {
    file: 'shared/domain/details.ts',
    before:
      "if (facts.some(({ step }) => step?.kind === 'decision' && step.outcome === 'declined')) return byOperator;",
    after: "if (facts.some(({ step }) => step?.kind === 'decision')) return byOperator;",
    why: 'Every other decision leaves its payment in a status that ranks before `declined`.',
  },
  {
    file: 'shared/domain/amounts.ts',
    before: "({ number: began, answer }) => began > withdrawn && (answer === null || answer.kind === 'done'),",
    after: "({ number: began, answer }) => began >= withdrawn && (answer === null || answer.kind === 'done'),",
    why: 'The withdrawal itself asks for no amount.',
  },
];
