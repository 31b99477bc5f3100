/** An error that the operator can put right: printed as it is, without a stack. */
export class Complaint extends Error {}

/** Runs a script's body, which answers its exit code. Only what AWS or the network says is passed on, never a value that was read. */
export async function run(body: (args: string[]) => Promise<number>): Promise<void> {
  try {
    process.exitCode = await body(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Complaint ? error.message : describe(error));
    process.exitCode = 2;
  }
}

function describe(error: unknown): string {
  const { name, message } = error instanceof Error ? error : new Error('unknown');
  return `${name}: ${message}`;
}

/** The values of `--name value` options, and what is left. Nothing secret is taken from here: arguments are seen by every process. */
export function readOptions(
  args: string[],
  names: readonly string[],
): { options: Map<string, string>; rest: string[] } {
  const options = new Map<string, string>();
  const rest: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const name = args[i]?.replace(/^--/, '') ?? '';
    const value = args[i + 1];
    if (!args[i]?.startsWith('--')) rest.push(name);
    else if (!names.includes(name)) throw new Complaint(`There is no such option; there are: ${list(names)}.`);
    else if (value === undefined) throw new Complaint(`--${name} needs a value.`);
    else {
      options.set(name, value);
      i += 1;
    }
  }
  return { options, rest };
}

const list = (names: readonly string[]): string => names.map(name => `--${name}`).join(', ');

export async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
