import { keep, parsePathTokens } from '../secret.ts';
import { textOf } from './secrets-manager.ts';

export const pathTokens = keep(textOf('PATH_TOKEN_SECRET_ID'), parsePathTokens);
