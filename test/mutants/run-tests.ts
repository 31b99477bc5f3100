/** Runs the test files of its arguments in this process, up to the first test that fails: prints its name, exit code 1. */
import { run } from 'node:test';

let passed = 0;
run({ files: process.argv.slice(2), isolation: 'none' })
  .on('test:pass', () => {
    passed += 1;
  })
  .on('test:fail', ({ name }) => {
    process.stdout.write(name);
    process.exit(1);
  })
  // A mutant with which no test begins is as good as caught.
  .on('end', () => process.exit(passed > 0 ? 0 : 1))
  .resume();
