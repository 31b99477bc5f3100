import http from 'node:http';

/** A fresh connection, as the charge itself makes; no time-out, no check. */
export function post(path: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length };
    const url = new URL(path, process.env.ZEUS_BASE_URL);
    const request = http.request(url, { method: 'POST', headers, agent: false }, response => {
      let text = '';
      response.setEncoding('latin1');
      response.on('data', chunk => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    });
    request.on('error', reject).end(body);
  });
}
