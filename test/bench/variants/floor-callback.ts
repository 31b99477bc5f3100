import { floorCallback } from './floor.ts';
import { sdkClient } from './sdk-client.ts';

export const handler = floorCallback(sdkClient());
