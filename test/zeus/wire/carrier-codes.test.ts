import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  doneCodes,
  failureCodes,
  invalidCodes,
  maintenanceCodes,
  meaningOfCarrierCode,
} from '../../../shared/zeus/wire/carrier-codes.ts';

/** `prefix` followed by each number or range of numbers, padded to the width: codes('0', 2, '1-3 7'). */
function codes(prefix: string, digits: number, numbers: string): string[] {
  return numbers.split(' ').flatMap(part => {
    const [from = '', to = from] = part.split('-');
    if (!/^\d+$/.test(from)) return [prefix + from];
    const count = Number(to) - Number(from) + 1;
    return Array.from({ length: count }, (_, i) => prefix + String(Number(from) + i).padStart(digits, '0'));
  });
}

const manual = {
  invalid: [...codes('00000', 3, '0-8 100-103'), ...codes('00010000', 1, '2-7')],
  failure: [
    ...codes('010010', 3, '0-31 100-115'),
    ...codes('0101000', 2, '9-14 20-26 30 31 33 34 36-38 40 80-86 90-96 L0 L1 L2 L3 L4'),
    ...codes('0102', 5, '1101 1301 2101 5101 8451-8454'),
  ],
  maintenance: [...codes('020020', 3, '0-10 100-106'), ...codes('02010000', 1, '0 1 8'), '999999999'],
};

test('the tables hold the codes of the manual, each once, under its result', () => {
  assert.deepEqual(Object.keys(doneCodes), ['-']);
  assert.deepEqual(Object.keys(invalidCodes).sort(), manual.invalid.toSorted());
  assert.deepEqual(Object.keys(failureCodes).sort(), manual.failure.toSorted());
  assert.deepEqual(Object.keys(maintenanceCodes).sort(), manual.maintenance.toSorted());
});

test("the tables have the manual's counts", () => {
  const counts = [doneCodes, invalidCodes, failureCodes, maintenanceCodes].map(table => Object.keys(table).length);
  assert.deepEqual(counts, [1, 19, 96, 22]);
  const all = [doneCodes, invalidCodes, failureCodes, maintenanceCodes].flatMap(table => Object.keys(table));
  assert.equal(new Set(all).size, 138);
});

test('codes are 8 characters for the first group of invalid ones, 9 for the rest', () => {
  const lengths = [invalidCodes, failureCodes, maintenanceCodes].flatMap(Object.keys).map(code => code.length);
  assert.equal(lengths.filter(length => length === 8).length, 13);
  assert.equal(lengths.filter(length => length === 9).length, 124);
});

test('every code has a meaning of one English line', () => {
  for (const table of [doneCodes, invalidCodes, failureCodes, maintenanceCodes]) {
    for (const [code, meaning] of Object.entries(table)) {
      assert.match(meaning, /^[A-Z][ -~]{5,99}$/, code);
      assert.equal(meaningOfCarrierCode(code), meaning);
    }
  }
});

test('an unlisted code is classified by its first two digits', () => {
  assert.equal(meaningOfCarrierCode('00999999'), 'A code not listed, of the kind: a parameter error');
  assert.equal(meaningOfCarrierCode('010777777'), 'A code not listed, of the kind: a failure');
  assert.equal(meaningOfCarrierCode('029'), 'A code not listed, of the kind: maintenance');
  assert.equal(meaningOfCarrierCode('03'), 'A code not listed');
  assert.equal(meaningOfCarrierCode('constructor'), 'A code not listed');
});
