// The pages are modules without a package.json beside them; this tells Node so.
import { register } from 'node:module';

register('./modules.js', import.meta.url);
