import { start } from './start.ts';
import { startThreeD } from './three-d-secure.ts';

start({ withCvv: false });
startThreeD();
