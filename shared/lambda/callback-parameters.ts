/** The parameters of a callback, as bytes: of the body, or of the query where there is none (contract 2). */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** In bytes; the gateway's own callbacks have a few hundred. */
const longest = 16_384;

/** Asked before anything looks into it. */
export const isTooLong = ({ body = '', isBase64Encoded, rawQueryString }: APIGatewayProxyEventV2): boolean =>
  Buffer.byteLength(body, isBase64Encoded ? 'base64' : 'utf8') > longest || rawQueryString.length > longest;

/** The bytes as they were sent: values are Shift_JIS, which no parser before this one may have touched. */
export function rawParameters({ body = '', isBase64Encoded, rawQueryString }: APIGatewayProxyEventV2): Buffer {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  return bytes.toString('latin1').trim() === '' ? Buffer.from(rawQueryString, 'latin1') : bytes;
}
