// The pages are modules without a package.json beside them; this tells Node so.
import { register } from 'node:module';
import './signals_that_hold.js';

register('./modules.js', import.meta.url);
