import { eventBridgeClient, eventBus } from '../../aws/event-bus.ts';
import { clock } from '../clock.ts';
import { readBusName } from '../settings.ts';

export const live = { ...clock, publish: eventBus(eventBridgeClient(), readBusName()) };
