/** A card charge with EMV 3-D Secure: shop, browser script, challenge, and browsers that do something else. */
import { newOrder, type Play, payer, playCancel, repeat, seconds } from './acting.ts';

/** Test cards by what becomes of them; local/simulator/test-cards.ts has their numbers. */
const cards = {
  '4111111111111111': 6,
  '4000000000320103': 5,
  '4000000000320202': 1,
  '4000000000320301': 1,
  '4000000000320707': 1,
  '4000000000320806': 1,
  '4000000000321002': 1,
  '4000000000321101': 1,
  '9000000000000001': 2,
} as const;

const sessionSeconds = 3600;

export async function playThreeD(play: Play, n: number): Promise<void> {
  const { town, dice } = play;
  const { gateway } = town.world;
  const key = `secure-${n}`;
  const orderId = newOrder(play, key);
  const amount = dice.chance(0.12) ? 0 : 1000 + dice.below(9000);
  const cardId = amount === 0 || dice.chance(0.25) ? `CARD-${dice.below(2)}` : undefined;
  if (cardId) play.cardIds.add(cardId);
  const number = dice.weighted(cards);
  const first = gateway.tokenOf(number);
  const isFresh = dice.chance(0.7);
  const body = () => ({
    ...payer,
    tokenKey: isFresh ? gateway.tokenOf(number) : first,
    amount,
    ...(cardId && { cardId }),
  });
  await startSessions(play, ['/card/authentications', key], orderId, body);
  if (dice.chance(0.3)) void playCancel(play, orderId, n);
  if (cardId && dice.chance(0.5)) void playStored(play, cardId, n);
}

/** The payer is there again: the stored card, authenticated anew. */
async function playStored(play: Play, cardId: string, n: number): Promise<void> {
  await play.town.world.scheduler.sleep(seconds(play.dice, 100, 700));
  const key = `secure-stored-${n}`;
  const orderId = newOrder(play, key);
  const body = { ...payer, cardId, amount: 500 + play.dice.below(500) };
  await startSessions(play, ['/card/recurring-authentications', key], orderId, () => body);
}

/** A call that was not processed is made again and opens another session: each has a browser. */
async function startSessions(
  play: Play,
  [path, key]: readonly [string, string],
  orderId: string,
  body: () => object,
): Promise<void> {
  const answers = await repeat(play, ['POST', path], key, body, 3);
  const sessions = new Set(answers.flatMap(({ response }) => (response?.browser?.md as string | undefined) ?? []));
  for (const md of sessions) play.sessions.add(md);
  for (const md of sessions) void playBrowser(play, orderId, md);
}

interface Words {
  md: string;
  paRes: string;
  status: string;
}

async function playBrowser(play: Play, orderId: string, md: string): Promise<void> {
  const { town, dice, campaign } = play;
  const { scheduler, policy } = town.world;
  const isOdd = () => dice.chance(campaign.oddBrowser);
  const success = { md, paRes: 'Y', status: 'success' };
  await scheduler.sleep(seconds(dice, 0, 30));
  if (isOdd()) {
    policy.hits.add('browser late');
    await scheduler.sleep(seconds(dice, sessionSeconds - 240, sessionSeconds + 300));
  }
  const other = [...play.sessions].find(each => each !== md);
  if (other && isOdd()) {
    policy.hits.add("another session's md");
    await post(play, orderId, { ...success, md: other });
  }
  if (isOdd()) {
    policy.hits.add('forged words');
    const forged = post(play, orderId, success);
    if (dice.chance(0.5)) await forged;
  }
  const letter = await authenticate(play, md);
  if (letter === null) return void policy.hits.add('browser leaves');
  if (isOdd() && letter.paRes === 'Y') payElsewhere(play, md);
  const words = { md, ...letter };
  const posting = post(play, orderId, words);
  if (isOdd()) {
    policy.hits.add('browser posts twice');
    const status = dice.pick(['success', 'failure', 'maintenance', 'outside']);
    void post(play, orderId, { md, paRes: dice.pick(['Y', 'N', 'A']), status });
  }
  await posting;
  if (dice.chance(0.3)) await post(play, orderId, words);
}

/** Risk step and challenge, as the vendor's script goes through them; null: the payer leaves. */
async function authenticate({ town, dice, campaign }: Play, md: string): Promise<Omit<Words, 'md'> | null> {
  const { gateway, scheduler } = town.world;
  const { status, letter } = gateway.risk(md);
  town.world.tell(() => `the browser is told ${status} ${letter}`);
  if (letter !== 'C') return { status, paRes: letter || 'N' };
  await scheduler.sleep(seconds(dice, 1, 100));
  if (dice.chance(campaign.oddBrowser)) return null;
  const passes = dice.chance(0.8);
  gateway.challenge(md, passes ? 'pass' : 'fail');
  town.world.tell(() => `the payer ${passes ? 'passes' : 'fails'} the challenge`);
  return { status, paRes: passes ? 'Y' : 'N' };
}

/** Whoever knows the session can have it paid, past us. */
function payElsewhere({ town }: Play, md: string): void {
  const paid = town.world.gateway.payElsewhere(md);
  if (!paid) return;
  town.world.policy.hits.add('paid from elsewhere');
  town.world.tell(() => `paid past us: ${paid.entries.map(({ kind }) => kind)}`);
  town.world.recorder.add({ kind: 'paid_elsewhere', entries: paid.entries });
  town.deliver(paid.callbacks);
}

/** As the shop passes it on: the key follows from the words. */
async function post(play: Play, orderId: string, { md, paRes, status }: Words): Promise<void> {
  const key = `done ${md.slice(0, 8)} ${paRes} ${status}`.replaceAll(/[^\w ]/g, '_');
  const path = `/card/charges/${orderId}/completion`;
  await repeat(play, ['POST', path], key, () => ({ md, paRes, status }), 3);
}
