/** Convenience stores: what the error codes mean. Manual 002, table of error codes (page 7), in our own words. */
import type { Failure } from '../../domain/outcome.ts';

const support = 'お問い合わせ: ゼウス カスタマーサポート(24時間) 0570-08-3000、つながらないときは 03-3498-9888';

type Meaning = Pick<Failure, 'reason' | 'message' | 'payerMessage'>;

const unlisted: Meaning = { reason: 'refused', message: 'A code not listed', payerMessage: null };

const noCode: Meaning = { ...unlisted, message: 'The gateway gave no code' };

const codes: ReadonlyMap<string, Meaning> = new Map(
  Object.entries({
    '800000': {
      reason: 'gateway_error',
      message: 'Faulty settings or data',
      payerMessage: null,
    },
    '800001': {
      reason: 'store_unavailable',
      message: 'The IP code is out of service',
      payerMessage: null,
    },
    '800002': {
      reason: 'store_unavailable',
      message: 'This store is not open to the merchant',
      payerMessage: `このコンビニではお支払いいただけません。${support}`,
    },
    '900000': {
      reason: 'gateway_error',
      message: 'Faulty data between merchant and gateway',
      payerMessage: `入力内容に誤りがあるか、通信に問題があったようです。内容をご確認のうえ、もう一度お手続きください。${support}`,
    },
    '0011': {
      reason: 'gateway_error',
      message: 'Faulty settings between the gateway and the collection agency',
      payerMessage: `お支払い番号を発行できませんでした。${support}`,
    },
    '0008': {
      reason: 'store_unavailable',
      message: 'The store cannot be reached by the collection agency (maintenance)',
      payerMessage: `このコンビニは現在ご利用いただけません。別のコンビニを選んで、もう一度お手続きください。${support}`,
    },
    '0013': {
      reason: 'maintenance',
      message: 'The collection agency cannot be reached by the gateway (maintenance)',
      payerMessage: `ただいまコンビニでのお支払いを受け付けられません。${support}`,
    },
  } satisfies Record<string, Meaning>),
);

/** What a code means, in the answer and in a notification alike. */
export function failureOfCvsCode(code: string | null): Failure {
  const { reason, message, payerMessage } = code === null ? noCode : (codes.get(code) ?? unlisted);
  return { reason, code, parameter: null, message, payerMessage };
}
