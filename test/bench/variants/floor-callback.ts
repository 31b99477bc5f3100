export { callback as handler } from './floor.ts';
