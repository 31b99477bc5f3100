import { runBookings } from './carrier-status.ts';
import { jstDay } from './clock.ts';
import { expireNumbers } from './cvs-status.ts';
import type { Callback, Gateway } from './gateway.ts';

/** What the gateway does by itself when a new JST day has begun: bookings run, payment numbers end. */
export function passTime(gateway: Gateway): Callback[] {
  const today = jstDay(gateway.clock.now());
  if (gateway.state.day === today) return [];
  gateway.state.day = today;
  return [...runBookings(gateway), ...expireNumbers(gateway)];
}
