import { startThreeD } from './three-d-secure.ts';

startThreeD();
