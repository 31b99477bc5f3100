import type { Called, Problem } from './api.ts';
import { focusFirstFault, showAlert, showFault } from './field-faults.ts';
import { say, type Words } from './language.ts';

/** Why the payer must act again. `retry`: the same button again; otherwise something must be changed first. */
export interface Refusal {
  retry: boolean;
  words: Words;
  problem?: Problem;
}

/** Null: accepted. A card's token serves once, so nothing that was sent with it is tried again. */
export function refusalOf(called: Called): Refusal | null {
  if (called.kind === 'problem') return { retry: false, words: problemWords(called.problem), problem: called.problem };
  if (called.kind === 'lost') {
    const ja = 'お店と通信できませんでした。もう一度「注文を確定する」を押してください。二重の請求にはなりません。';
    return { retry: true, words: [ja, 'The shop did not answer. Press “Pay” again: you will not be charged twice.'] };
  }
  const { status, failure } = called.order;
  if (status === 'not_processed' && called.order.method === 'card') {
    const ja = 'ゲートウェイにつながらず、請求していません。カード情報をもう一度入力してください。';
    return {
      retry: false,
      words: [ja, 'The gateway is out of reach and nothing was charged. Please enter the card again.'],
    };
  }
  if (status === 'not_processed') {
    const ja = 'ゲートウェイにつながらず、請求していません。もう一度「注文を確定する」を押してください。';
    return {
      retry: true,
      words: [ja, 'The gateway is out of reach and nothing was charged. Please press “Pay” again.'],
    };
  }
  if (status !== 'declined') return null;
  const ja = failure?.payerMessage ?? 'お支払いは成立しませんでした。別の方法をお試しください。';
  return { retry: false, words: [ja, `The payment was declined. ${failure?.message ?? ''}`] };
}

const fieldIds: Record<string, string> = {
  phone: 'phone',
  email: 'email',
  name: 'payer-name',
  installments: 'installments',
  cardId: 'card-id',
  carrier: 'carrier',
  store: 'store',
};

function problemWords({ detail, errors = [] }: Problem): Words {
  const unplaced = errors.filter(({ field }) => !fieldIds[field]).map(({ field, message }) => `${field} ${message}.`);
  const text = [detail, ...unplaced].join(' ');
  return [`ご注文を受け付けられませんでした。（${text}）`, text];
}

/** Above the form, and beside the fields that the API named. */
export function showRefusal({ words, problem }: Refusal): void {
  showAlert(words);
  for (const { field, message } of problem?.errors ?? []) {
    const id = fieldIds[field];
    if (id) showFault(id, say([`ご確認ください（${message}）`, `It ${message}.`]));
  }
  focusFirstFault();
}
