import { floorCharge } from './floor.ts';
import { ownClient } from './own-client.ts';

export const handler = floorCharge(ownClient());
