import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listedCodes, secureCodes, secureRefusal } from '../../../shared/zeus/wire/secure-codes.ts';

/** The code list, typed a second time: a prefix and its endings a line. */
const typed = `
020301 05 06 07 08
020302 07 08 09
020801 13 14 15
01 001 002 003 004 005 006 007 008 009 999
0 2000012 2010101 2010102 2020103 2020204 2040103 2060103 2060109 2060112 2070112 2070134 2080116
020501 10
020502 10
020503 10
020504 10
020505 10
020506 11
020507 10
020508 35
020509 18
020510 10
020511 35
020512 10
020513 10
020514 10
020515 10
020516 10
020517 10
020518 10
020519 35
020520 11
00 0 1 2 3 4 5 6 7 8
02090 138 230 332 333 431
021301 10 14 17 18
021302 10 14 17
021303 37
021304 14 37
021305 14 17
021306 19 20 21 40
021307 14 17 25
021308 14 17 25
021309 22
021310 14 17
021311 17 23 24
021312 14 17 23 24
021313 10 14 17 25 26
021314 14 17 37
021315 27 28 29 37
021316 14 17
021317 17
021318 10 18
021319 14
021001 10 12 14 17
021002 14
021004 31
021101 10 12 14 17
021103 17
errc00 1002 2004 2007 2008
errd00 1005 2004 2006 2007 2008
errb001 016
errb002 012 013 015 019 020 021 022 023 024 025 026 028 029 033 037 038 039 041 043 044 045 046 047 048 052 053 054 055
errb000 000
errz999 999`;

const codes = typed
  .trim()
  .split('\n')
  .flatMap(line => {
    const [prefix = '', ...endings] = line.split(' ');
    return endings.map(ending => prefix + ending);
  });

test('check 32: every code stands in the table, once, and no other', () => {
  assert.deepEqual(listedCodes.toSorted(), codes.toSorted());
  assert.equal(secureCodes.size, listedCodes.length);
});

test('every meaning is one plain line', () => {
  for (const [code, [message]] of secureCodes) assert.match(message, /^[A-Z][ -~]{5,}[^.]$/, code);
});

test('an unlisted code is kept; an authentication that failed has words for the payer', () => {
  assert.deepEqual(secureRefusal('authentication_failed', '12345678'), {
    kind: 'refused',
    failure: {
      reason: 'authentication_failed',
      code: '12345678',
      parameter: null,
      message: 'A code not listed',
      payerMessage:
        'カードの本人認証を完了できませんでした。別のカードをお試しいただくか、カード会社にご確認ください。',
    },
    orderNumber: null,
    truth: null,
  });
});
