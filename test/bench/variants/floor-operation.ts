export { operation as handler } from './floor.ts';
