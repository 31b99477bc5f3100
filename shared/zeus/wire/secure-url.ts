const thisMachine = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Whether a URL may be called, or followed by a payer: absolute, https (http only to this machine itself), and without user
 * information, which makes one host look like another.
 */
export function isSecureUrl(text: string): boolean {
  if (!/^https?:\/\/[^\\@/?#\s]+([/?#][^\\\s]*)?$/.test(text) || !URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || thisMachine.includes(hostname);
}
