import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonAnswer, serve } from '../../local/server.ts';
import { readLocalSettings, StartProblem } from '../../local/settings.ts';

const free = { API_PORT: '0', CALLBACK_PORT: '0', GATEWAY_PORT: '0', DYNAMODB_PORT: '0' };

test('port 0 becomes a free one, each another', async () => {
  const { ports, gatewayBaseUrl, dataDir } = await readLocalSettings(free);
  assert.deepEqual([gatewayBaseUrl, dataDir], [null, null]);
  assert.equal(new Set(Object.values(ports)).size, 4);
  for (const port of Object.values(ports)) assert.ok(port > 0);
});

test('the gateway and the folder are taken over', async () => {
  const { gatewayBaseUrl, dataDir } = await readLocalSettings({
    ...free,
    ZEUS_BASE_URL: 'https://gateway.example',
    DATA_DIR: 'data',
  });
  assert.deepEqual([gatewayBaseUrl, dataDir], ['https://gateway.example', 'data']);
});

test('a port in use is named with its variable', async () => {
  const taken = await serve(0, 1, async () => jsonAnswer(200, null));
  const settings = readLocalSettings({ ...free, GATEWAY_PORT: String(taken.port) }, 0);
  await assert.rejects(settings, new StartProblem(`port ${taken.port} is in use: set GATEWAY_PORT to another one`));
  await taken.close();
});

test('one port for two things is one too many', async () => {
  const { ports } = await readLocalSettings(free);
  const port = String(ports.API_PORT);
  await assert.rejects(
    readLocalSettings({ ...free, API_PORT: port, CALLBACK_PORT: port }, 0),
    /is in use: set (API|CALLBACK)_PORT/,
  );
});

test('a port that is given up in time is waited for', async () => {
  const taken = await serve(0, 1, async () => jsonAnswer(200, null));
  const settings = readLocalSettings({ ...free, API_PORT: String(taken.port) }, 60_000);
  await taken.close();
  assert.equal((await settings).ports.API_PORT, taken.port);
});

test('what is no port is named, all of it', async () => {
  const wrong = { ...free, API_PORT: 'x', DYNAMODB_PORT: '65536' };
  await assert.rejects(readLocalSettings(wrong), new StartProblem('not a port: API_PORT, DYNAMODB_PORT'));
});
