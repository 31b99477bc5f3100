/** Loaded before a process's own code: gives one source file as its mutant has it. The file itself stays as it is. */
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

const { MUTANT } = process.env;
if (MUTANT) {
  const { path, start, end, text } = JSON.parse(MUTANT);
  const mutated = pathToFileURL(path).href;
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (url !== mutated) return loaded;
      const source = String(loaded.source);
      return { ...loaded, source: source.slice(0, start) + text + source.slice(end) };
    },
  });
}
