/**
 * The demo shop's own server, as far as EMV 3-D Secure needs one: the vendor's script posts its result to the shop, never
 * to the merchant API, and an order may only be completed by the payer's session that made it.
 *
 *   POST /shop/card/authentications, /shop/card/recurring-authentications   on to the merchant API; the order is this session's
 *   POST /shop/completions/{orderId}                                        termUrl: `{ MD, PaRes, status }` by the script
 *   POST /shop/abandonments/{orderId}                                       the payer gives it up: nothing completes it later
 */
import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, jsonAnswer, type Request } from './server.ts';

/** `running`: completions under way. */
interface Attempt {
  running: number;
  isAbandoned: boolean;
}
type CallApi = (request: Request) => Promise<Answer | null>;

/** The script waits for termUrl; what takes longer goes on, and the page asks for the order. */
const ANSWER_WITHIN_MS = 25_000;
/** A completion answered 503 or 409 is repeated with its key: the script posts only once. */
const MOST_TRIES = 60;

/** Null: a path of another part. */
export function createShopServer(callApi: CallApi, answerWithinMs = ANSWER_WITHIN_MS) {
  const sessions = new Map<string, Map<string, Attempt>>();

  const attemptOf = (request: Request, orderId: string) => sessions.get(sessionOf(request) ?? '')?.get(orderId);

  async function create(request: Request, path: string): Promise<Answer> {
    const session = sessionOf(request) ?? randomUUID();
    const answer = (await callApi({ ...request, path })) ?? notFound;
    const { orderId, status } = parse(answer.body);
    if (typeof orderId !== 'string' || status !== 'awaiting_customer') return answer;
    const attempts = sessions.get(session) ?? new Map<string, Attempt>();
    if (!attempts.has(orderId)) attempts.set(orderId, { running: 0, isAbandoned: false });
    sessions.set(session, attempts);
    const cookie = `shop=${session}; Path=/shop; HttpOnly; SameSite=Strict`;
    return { ...answer, headers: { ...answer.headers, 'set-cookie': cookie } };
  }

  async function complete(request: Request, orderId: string): Promise<Answer> {
    const attempt = attemptOf(request, orderId);
    if (!attempt) return notFound;
    if (attempt.isAbandoned) return state('failed');
    attempt.running += 1;
    const completion = completeAtApi(callApi, request, orderId).finally(() => {
      attempt.running -= 1;
    });
    const late = sleep(answerWithinMs, 'pending', { ref: false });
    return state(await Promise.race([completion, late]));
  }

  function abandon(request: Request, orderId: string): Answer {
    const attempt = attemptOf(request, orderId);
    if (!attempt) return notFound;
    attempt.isAbandoned ||= attempt.running === 0;
    return jsonAnswer(200, { abandoned: attempt.isAbandoned });
  }

  return async (request: Request): Promise<Answer | null> => {
    const [, shop, what = '', id = '', ...more] = request.path.split('/');
    if (shop !== 'shop' || request.method !== 'POST' || more.length > 0) return null;
    // No page of another origin can send this type without asking first, and it is never allowed.
    if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) return jsonAnswer(415, {});
    if (what === 'card' && /^(recurring-)?authentications$/.test(id)) return create(request, `/card/${id}`);
    if (what === 'completions') return complete(request, id);
    return what === 'abandonments' ? abandon(request, id) : null;
  };
}

/** The key comes from what is sent: two posts with different words are two completions, of which the first decides. */
async function completeAtApi(callApi: CallApi, request: Request, orderId: string): Promise<string> {
  const { MD, PaRes, status } = parse(request.body);
  const body = JSON.stringify({ md: MD, paRes: PaRes, status });
  const key = `3ds-${createHash('sha256').update(body).digest('hex')}`;
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  const path = `/card/charges/${orderId}/completion`;
  for (let tries = 1; ; tries += 1) {
    const answer = (await callApi({ ...request, path, rawQuery: '', headers, body: Buffer.from(body) })) ?? notFound;
    const told = parse(answer.body);
    const again = answer.status === 503 || told.code === 'in_progress';
    if (!again || isEnd(told) || tries === MOST_TRIES) return stateOf(told);
    await sleep(1000 * Math.min(Number(answer.headers['retry-after'] ?? 1), 5), null, { ref: false });
  }
}

type Json = Record<string, unknown>;

const isEnd = (told: Json): boolean => stateOf(told) !== 'pending';

/** Of an order, or of the order in a problem. */
function stateOf(told: Json): 'paid' | 'failed' | 'pending' {
  const { status } = typeof told.order === 'object' && told.order ? (told.order as Json) : told;
  if (status === 'paid' || status === 'registered') return 'paid';
  return ['declined', 'expired', 'not_processed'].includes(String(status)) ? 'failed' : 'pending';
}

function sessionOf({ headers }: Request): string | undefined {
  return /(?:^|; )shop=([\w-]{36})(?:;|$)/.exec(headers.cookie ?? '')?.[1];
}

/** What is no JSON object has no fields. */
function parse(body: string | Buffer): Json {
  try {
    return Object(JSON.parse(body.toString()));
  } catch {
    return {};
  }
}

const notFound = jsonAnswer(404, { message: 'Not Found' });
const state = (value: string): Answer => jsonAnswer(200, { state: value });
