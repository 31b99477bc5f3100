/** Words of secure.cgi's answers (000 p.43): plain text, line ends as set. */
import { answer, type Call, type Gateway, type Reply } from './gateway.ts';

export function line(gateway: Gateway, ...lines: string[]): string {
  return lines.map(text => text + gateway.settings.lineEnd).join('');
}

/** The answer to a parameter that breaks its row; nothing happened and the token stays good. */
export function invalid(gateway: Gateway, call: Call, parameter: string): Reply {
  call.record.violations.push(`parameter ${parameter} refused`);
  return answer(line(gateway, `${gateway.settings.invalidWord} ${parameter}`));
}
