import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { engineFaults, licenceFaults, newest, pinnedNodes } from './support/dependencies.ts';
import { run } from './support/run.ts';

// npm run -s dependencies
//
// Checks licences and engines of all that is locked, and asks the registry for the newest Node 24 of each platform.
// Exit code 0: nothing to do.

await run(async () => {
  const { optionalDependencies } = readJson('package.json');
  const lock = readJson('package-lock.json');
  const pinned = pinnedNodes(optionalDependencies);
  const faults = [
    ...licenceFaults(lock),
    ...Object.values(pinned).flatMap(node => engineFaults(lock, node)),
    ...Object.entries(pinned).flatMap(([name, version]) => {
      const held = newest(versionsOf(name), 24);
      return held === version ? [] : [`${name}@${version}: the registry holds ${held ?? 'no Node 24'}`];
    }),
  ];
  for (const fault of faults) console.log(fault);
  if (faults.length === 0)
    console.log('Licences and engines hold, and every pinned Node is the newest 24 of its platform.');
  return faults.length === 0 ? 0 : 1;
});

function readJson(name: string) {
  return JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'));
}

function versionsOf(name: string): string[] {
  return [JSON.parse(execFileSync('npm', ['view', name, 'versions', '--json'], { encoding: 'utf8' }))].flat();
}
