import { spawn } from 'node:child_process';

// Runs a command for as long as its own parent lives: the parent's end, however sudden, closes this process's stdin.
const [command = '', ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
child.on('error', error => {
  console.error(error.message);
  process.exit(1);
});
child.on('exit', code => process.exit(code ?? 1));

const end = () => {
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), 500);
};
process.stdin.on('close', end).resume();
process.on('SIGTERM', end);
// Ctrl-C reaches the whole group at once; when to end is the parent's decision.
process.on('SIGINT', () => {});
