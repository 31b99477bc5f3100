import { newOrder, type Play, pause, payer, postForm, repeat, seconds } from './acting.ts';

export async function playCarrier(play: Play, n: number): Promise<void> {
  const { town, dice } = play;
  const { gateway } = town.world;
  const key = `carrier-${n}`;
  const orderId = newOrder(play, key);
  const carrier = dice.pick(['docomo', 'au', 'softbank'] as const);
  if (dice.chance(0.25)) gateway.gateway.settings.carrierSale = 'immediate';
  const body = { carrier, amount: 3000, name: 'ゼウスタロウ', phone: payer.phone };
  const answers = await repeat(play, ['POST', '/carrier/orders'], key, () => body);
  const form = answers.find(({ response }) => response?.form)?.response.form;
  if (!form) return;
  const visits = dice.chance(0.2) ? 2 : 1;
  for (let visit = 0; visit < visits; visit += 1) void playPayer(play, form.fields);
  await pause(play);
  const acts = dice.below(5);
  for (let act = 0; act < acts; act += 1) {
    const acting = actOnCarrier(play, orderId, `${n}-${act}`);
    if (dice.chance(0.7)) await acting;
    await (dice.chance(0.15) ? town.world.scheduler.sleep(seconds(dice, 1000, 200_000)) : pause(play));
    town.deliver(gateway.passTime());
  }
}

/** The payer posts the form and goes through the carrier's pages, or does not. */
async function playPayer(play: Play, fields: Record<string, string>): Promise<void> {
  const { town, dice } = play;
  const { gateway, scheduler } = town.world;
  await scheduler.sleep(seconds(dice, 0, 30));
  const orderNumber = postForm(town, fields);
  const act = (action: string) => {
    town.world.tell(() => `the payer of ${orderNumber}: ${action}`);
    town.deliver(gateway.carrier(orderNumber, action));
  };
  await scheduler.sleep(seconds(dice, 1, 60));
  const isFirstTry = dice.chance(0.85);
  if (!isFirstTry) act('fail');
  if (!isFirstTry && dice.chance(0.5)) return;
  await scheduler.sleep(seconds(dice, 1, 60));
  if (dice.chance(0.15)) act('next-settlement-fails');
  if (dice.chance(0.15)) act('next-return-fails');
  act('complete');
}

async function actOnCarrier(play: Play, orderId: string, suffix: string): Promise<void> {
  const { town, dice } = play;
  const path = `/carrier/orders/${orderId}`;
  const dayAfter = (days: number) =>
    new Date(town.world.scheduler.now() + 9 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);
  const amount = dice.chance(0.3) ? { amount: 2000 } : {};
  switch (dice.weighted({ now: 5, schedule: 2, gateway: 2, withdraw: 2, return: 3 })) {
    case 'now':
      return void (await repeat(play, ['POST', `${path}/settlement`], `settle-${suffix}`, () => amount, 3));
    case 'schedule': {
      const body = { on: dayAfter(1 + dice.below(3)), ...amount };
      return void (await repeat(play, ['POST', `${path}/settlement`], `book-${suffix}`, () => body, 2));
    }
    case 'gateway': {
      const body = { on: dayAfter(1 + dice.below(3)), by: 'gateway', ...amount };
      return void (await repeat(play, ['POST', `${path}/settlement`], `gateway-${suffix}`, () => body, 3));
    }
    case 'withdraw':
      return void (await repeat(play, ['DELETE', `${path}/settlement`], `withdraw-${suffix}`, () => ({}), 3));
    case 'return':
      return void (await repeat(play, ['POST', `${path}/return`], `return-${suffix}`, () => ({}), 3));
  }
}
