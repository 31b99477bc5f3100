export { charge as handler } from './floor.ts';
