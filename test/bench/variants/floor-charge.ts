import { floorCharge } from './floor.ts';
import { sdkClient } from './sdk-client.ts';

export const handler = floorCharge(sdkClient());
