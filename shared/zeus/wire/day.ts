/** A day as the gateway writes it (YYYYMMDD, JST) in our writing, YYYY-MM-DD; null where the calendar has no such day. */
export function dayFromWire(wire: string): string | null {
  const day = /^\d{8}$/.test(wire) ? `${wire.slice(0, 4)}-${wire.slice(4, 6)}-${wire.slice(6)}` : '';
  const time = Date.parse(day);
  // Date.parse takes 02-30 for 03-02, so the way back must give the same day.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day) ? day : null;
}

/** YYYY-MM-DD as the gateway writes it. */
export function dayToWire(day: string): string {
  return day.replaceAll('-', '');
}
