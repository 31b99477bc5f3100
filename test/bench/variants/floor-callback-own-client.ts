import { floorCallback } from './floor.ts';
import { ownClient } from './own-client.ts';

export const handler = floorCallback(ownClient());
