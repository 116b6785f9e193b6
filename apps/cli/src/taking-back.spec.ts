import { foldedBy } from './taking-back.js';
import { services } from '#libs/contracts/src/catalogue.js';
import { loadSchema } from '#libs/local/src/service-host.js';

it('the steps that fold events are steps of their services', async () => {
  for (const service of services) {
    const folded = foldedBy[service];
    if (folded) expect((await loadSchema(service)).migrations.map(({ name }) => name)).toContain(folded);
  }
});
