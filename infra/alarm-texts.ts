import { attentionReasons } from './attention.ts';
import type { Text } from './texts.ts';

/** By the alarm's ID: what happened, and the operator's first step. */
const texts: Record<string, Text> = {
  'CallbackRefused-path': {
    en: "A request from an allowed address had a wrong path token or service. First step: compare the three callback URLs in the gateway's console with those that npm run callback-urls prints.",
    ja: '許可したアドレスからの結果通知の URL が正しくありません。最初の作業: 管理画面に登録した3つの URL を npm run callback-urls の出力と比べてください。',
  },
  CallbackUnreadable: {
    en: 'A callback had no status, or neither sendpoint nor order number, or was too large. First step: ask the vendor whether the contract includes all parameters.',
    ja: '結果通知にステータスがないか、sendpoint と注文番号の両方がないか、大きすぎます。最初の作業: 契約にすべての項目が含まれているかゼウスに確認してください。',
  },
  CallbackNotStored: {
    en: "A callback was neither stored nor queued and was answered ERR500. First step: have it sent again from the gateway's console.",
    ja: '結果通知を保存できず ERR500 を返しました。最初の作業: 管理画面から再送してください。',
  },
  CallbacksWaiting: {
    en: 'Callbacks have waited in the queue for 15 minutes and cannot be stored. First step: look for the error in the log of callback-retry; they are retried for a day, then kept 13 days as dead letters.',
    ja: '結果通知が15分以上保存できずに待機しています。最初の作業: callback-retry のログでエラーを確認してください。1日再試行した後、13日間デッドレターキューに残ります。',
  },
  DueWorkFailures: {
    en: 'Due work failed or no longer runs: booked settlements may miss their day. First step: look for the error in the log of due-work, and check that its schedule is enabled.',
    ja: '定期処理が失敗しているか、動いていません。予約した実売上が予定日に送られないおそれがあります。最初の作業: due-work のログとスケジュールの状態を確認してください。',
  },
  DueWorkLeft: {
    en: 'Due work left orders unfinished in three runs in a row. First step: look at its log for slow answers of the gateway.',
    ja: '定期処理が3回続けて処理しきれませんでした。最初の作業: due-work のログで ZEUS の応答の遅れを確認してください。',
  },
  OldestUnknown: {
    en: "An outcome has been unknown for an hour and no callback came. First step: look it up in the gateway's console and record a resolution.",
    ja: '結果が1時間以上確定せず、結果通知も届いていません。最初の作業: 管理画面で取引を調べ、結果を記録してください。',
  },
  'DeadLetters-callbacks': {
    en: 'Storing callbacks failed for a day; the queue keeps them for 13 more. First step: docs/go-live.md, "Callbacks that could not be stored".',
    ja: '結果通知を1日保存できませんでした。キューにはあと13日残ります。最初の作業: docs/go-live.ja.md の「保存できなかったコールバック」。',
  },
  'DeadLetters-events': {
    en: 'Publishing changes of orders failed. The queue holds pointers to stream records, which last 24 hours. First step: docs/go-live.md, "Events that could not be published".',
    ja: '注文の変更を配信できませんでした。キューにはストリームの位置だけがあり、内容は24時間で消えます。最初の作業: docs/go-live.ja.md の「発行できなかったイベント」。',
  },
  EventsLate: {
    en: 'Events are published 15 minutes late. First step: look for the error in the log of publish. The stream keeps changes for 24 hours.',
    ja: 'イベントの配信が15分以上遅れています。最初の作業: publish のログでエラーを確認してください。ストリームの内容は24時間で消えます。',
  },
  ApiFailures: {
    en: 'A request was answered 5xx: an error of ours, maintenance of the gateway, or a request cut off after 30 s. First step: find the route and the request ID in the access log.',
    ja: 'API が 5xx を返しました（内部エラー、ZEUS のメンテナンス、30秒での打ち切りのいずれか）。最初の作業: アクセスログでルートとリクエスト ID を確認してください。',
  },
  TableThrottles: {
    en: "DynamoDB throttled requests. First step: compare the load on the dashboard with the table's limits.",
    ja: 'DynamoDB がリクエストを制限しました。最初の作業: ダッシュボードの負荷とテーブルの上限を比べてください。',
  },
  Errors: {
    en: 'A function failed or ran out of time; no answer of the contract needs that. First step: the log of the function that the mail names.',
    ja: '関数がエラーになったか、時間切れになりました。最初の作業: メールにある関数のログを確認してください。',
  },
  Throttles: {
    en: "A function was throttled: its share of the account's concurrency is used up. First step: npm run check-account, and docs/go-live.md, section 3.",
    ja: '関数の同時実行数が上限に達しました。最初の作業: npm run check-account を実行し、docs/go-live.ja.md の3章を見てください。',
  },
};

/** The description of an alarm, Japanese first. */
export function alarmText(id: string): string {
  const [kind = '', part] = id.split('-');
  const reason = kind === 'Attention' && part ? attentionReasons[part] : undefined;
  if (reason) return bilingual({ en: `${part}: ${reason.en}`, ja: `要確認 ${part}: ${reason.ja}` });
  const text = texts[id];
  if (text) return bilingual(text);
  return bilingual({ en: `Part of the alarm ${kind}.`, ja: `アラーム ${kind} の一部です。` });
}

const bilingual = ({ ja, en }: Text): string => `${ja}\n${en}`;
