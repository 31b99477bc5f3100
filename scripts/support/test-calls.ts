import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { externalOrderId } from '../../shared/domain/identity.ts';
import type { Service } from './callback-urls.ts';

/** One call as the gateway might write it; `query` is latin1, one character a byte. */
export interface TestCall {
  service: Service;
  method: 'GET' | 'POST';
  form: string;
  query: string;
  /** Where the call is kept: it is about no order. */
  orderId: string;
  expected: Expected;
}

/** What must have arrived: everything that stood before and after the name. */
export interface Expected {
  status: 'declined';
  amount: number;
  orderNumber: string;
  gatewayStatus: string;
  code: string | null;
}

/**
 * `ゼソポ タ` in Shift_JIS: second bytes that are `[`, `\`, `|` and `^` in ASCII, and a space. The gateway may write it in
 * any of these ways; no request line can hold a plain space or a byte beyond ASCII.
 */
export const nameForms: { form: string; name: string; methods: TestCall['method'][] }[] = [
  { form: 'every byte escaped', name: '%83%5B%83%5C%83%7C+%83%5E', methods: ['GET', 'POST'] },
  { form: 'escaped in lower case', name: '%83%5b%83%5c%83%7c+%83%5e', methods: ['GET', 'POST'] },
  { form: 'first bytes escaped only', name: '%83[%83\\%83|+%83^', methods: ['GET', 'POST'] },
  { form: 'nothing escaped', name: '\x83[\x83\\\x83|+\x83^', methods: ['POST'] },
  { form: 'space as %20', name: '%83%5B%83%5C%83%7C%20%83%5E', methods: ['GET', 'POST'] },
  { form: 'plain space', name: '\x83[\x83\\\x83| \x83^', methods: ['POST'] },
];

/** The card's calls bring no name; their free texts are ASCII. */
const cardForms: typeof nameForms = [
  { form: 'symbols escaped', name: 'CHECK%5C%7C%5B+1', methods: ['GET', 'POST'] },
  { form: 'symbols not escaped', name: 'CHECK\\|[+1', methods: ['GET', 'POST'] },
];

/** One call of each form, each about a payment of 1 yen and upwards that failed: nothing that anybody could take for money. */
export function testCalls(deploymentId: string, run: string, ipCodes: Partial<Record<Service, string>>): TestCall[] {
  const calls = (['card', 'carrier', 'cvs'] as const).flatMap(service => {
    const ipCode = ipCodes[service];
    const forms = service === 'card' ? cardForms : nameForms;
    if (ipCode === undefined) return [];
    return forms.flatMap(({ form, name, methods }) => methods.map(method => ({ service, ipCode, form, name, method })));
  });
  return calls.map(({ service, ipCode, form, name, method }, index) => {
    const orderNumber = `callback-check-${run}-${index + 1}`;
    const amount = index + 1;
    const { query, gatewayStatus, code } = writers[service]({ ipCode, name, orderNumber, amount });
    const expected = { status: 'declined', amount, orderNumber, gatewayStatus, code } as const;
    return { service, method, form, query, orderId: externalOrderId(deploymentId, service, orderNumber), expected };
  });
}

interface Values {
  ipCode: string;
  name: string;
  orderNumber: string;
  amount: number;
}

/** Parameters in the order of the manuals' tables, the name between them. */
const writers: Record<Service, (values: Values) => { query: string; gatewayStatus: string; code: string | null }> = {
  card: ({ ipCode, name, orderNumber, amount }) => ({
    query: `result=NG&clientip=${ipCode}&ordd=${orderNumber}&money=${amount}&telno=0000000000&email=check%40example.com&sendid=${name}&sendpoint=callback-check&cardnumber=0000&div=01`,
    gatewayStatus: 'NG',
    code: null,
  }),
  carrier: ({ ipCode, name, orderNumber, amount }) => ({
    query: `clientip=${ipCode}&money=${amount}&username=${name}&telno=0000000000&sendpoint=callback-check&order_no=${orderNumber}&carrier_type=D&status=02&error_code=010010007`,
    gatewayStatus: '02',
    code: '010010007',
  }),
  cvs: ({ ipCode, name, orderNumber, amount }) => ({
    query: `clientip=${ipCode}&money=${amount}&username=${name}&telno=0000000000&sendpoint=callback-check&order_no=${orderNumber}&pay_cvs=D002&status=02&error_code=0008`,
    gatewayStatus: '02',
    code: '0008',
  }),
};

/** Byte for byte: no URL parser may touch the query. Resolves with status and body. */
export function send(url: string, { method, query }: TestCall): Promise<{ status: number; text: string }> {
  const { protocol, hostname, port, pathname } = new URL(url);
  const isPost = method === 'POST';
  const request = protocol === 'https:' ? httpsRequest : httpRequest;
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': Buffer.byteLength(query, 'latin1'),
  };
  const options = {
    method,
    hostname,
    port,
    path: isPost ? pathname : `${pathname}?${query}`,
    ...(isPost && { headers }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(options, async answer => {
      let text = '';
      answer.setEncoding('latin1').on('data', chunk => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      answer.on('error', reject);
    });
    sent.setTimeout(40_000, () =>
      sent.destroy(new Error('No answer within 40 s, which is all that the gateway waits.')),
    );
    sent.on('error', reject);
    sent.end(isPost ? Buffer.from(query, 'latin1') : undefined);
  });
}
