import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Questions on the terminal, answered on standard input; a hidden answer leaves no trace on the screen. */
export function terminal() {
  let hidden = false;
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (!hidden) process.stderr.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
  return {
    async ask(question: string, isHidden: boolean): Promise<string> {
      if (!isHidden) return lines.question(question);
      process.stderr.write(question);
      hidden = true;
      const answer = await lines.question('');
      hidden = false;
      process.stderr.write('\n');
      return answer;
    },
    close: () => lines.close(),
  };
}
