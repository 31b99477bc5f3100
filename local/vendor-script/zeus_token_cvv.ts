import { start } from './start.ts';

start({ withCvv: true });
