import { relative, resolve, sep } from 'node:path';

/**
 * Who may import whom, as data. ESLint shows it in the editor; test/architecture.spec.ts reads the same table and holds it.
 * A lib not listed for a layer is forbidden to it. `libs/x/pure` is the half of x that needs nothing but JavaScript.
 */
export const allowed = {
  'libs/contracts': [],
  'libs/parity': [],
  'libs/proof': [],
  'libs/platform': ['libs/contracts'],
  'libs/egress': ['libs/platform', 'libs/contracts'],
  'libs/replication': ['libs/platform', 'libs/contracts'],
  'libs/replication/pure': [],
  'libs/messaging': ['libs/contracts', 'libs/platform', 'libs/replication', 'libs/replication/pure'],
  'libs/local': ['libs/platform', 'libs/contracts', 'libs/messaging'],
  'libs/testing': '*',
  'apps/web': ['libs/contracts'],
  deploy: ['libs/contracts', 'libs/platform', 'libs/messaging', 'libs/local', 'libs/egress'],
  'apps/journal': [],
  'apps/faulty-student': [],
};
/** Services may use every lib but the one that only tests import. */
const service = (layer) => layer.startsWith('apps/') && !(layer in allowed);
const forbiddenToServices = ['libs/testing'];

/** In a service: what each folder may import of the service and of ours. */
const folders = {
  domain: ['domain', 'libs/contracts', 'libs/parity', 'libs/proof', 'libs/replication/pure'],
};
const ormOnlyIn = /\/(persistence)\/|^libs\/(platform|testing)\/|(^|[-.])spec\.ts$|^test\/|^bench\//;

export const layerOf = (path) => {
  const [top, name, ...rest] = path.split('/');
  if (top !== 'apps' && top !== 'libs') return top;
  return rest[0] === 'src' && rest[1] === 'pure' ? `${top}/${name}/pure` : `${top}/${name}`;
};
const isTest = (file) =>
  /[.-]spec\.tsx?$/.test(file) || /^(test|bench)\//.test(file) || /^apps\/[^/]+\/test\//.test(file);
const folderOf = (file) => /^apps\/[^/]+\/src\/([^/]+)\//.exec(file)?.[1];

/** Returns a sentence when `file` may not import `target` (both relative to the root; packages by name), else undefined. */
export function refuse(file, target) {
  const folder = folderOf(file);
  const ours = /^(apps|libs|test)\//.test(target);
  if (!ours) return refusePackage(file, folder, target);
  if (isTest(file)) return undefined;
  const from = layerOf(file);
  const to = layerOf(target);
  if (folder === 'domain' && from === to && folderOf(target) !== 'domain') return `a domain imports only its domain`;
  if (folder === 'domain' && from !== to && !folders.domain.includes(to)) return `a domain must not import ${to}`;
  if (folder === 'handlers' && folderOf(target) === 'clients') return 'handlers record, workers act: no clients here';
  if (from === to || from.startsWith(`${to}/`) || to.startsWith(`${from}/`)) {
    return from.endsWith('/pure') && !to.endsWith('/pure') ? 'the pure half imports nothing' : undefined;
  }
  if (to.startsWith('apps/')) return `${from} must not import ${to}: an app never imports an app`;
  const list = service(from) ? undefined : allowed[from];
  const fine = list === '*' || (list ? list.includes(to) : service(from) && !forbiddenToServices.includes(to));
  return fine ? undefined : `${from} must not import ${to}`;
}

function refusePackage(file, folder, name) {
  if (isTest(file)) return undefined;
  const pure = folder === 'domain' || /^libs\/(parity|proof)\//.test(file) || layerOf(file).endsWith('/pure');
  if (pure) return `pure code imports no package (${name})`;
  if (name.startsWith('@mikro-orm/') && !ormOnlyIn.test(file)) return 'only persistence knows MikroORM';
  return undefined;
}

const root = import.meta.dirname;
export const boundaries = {
  create(context) {
    const file = relative(root, context.filename).split(sep).join('/');
    const check = (node) => {
      const target = node.source?.value;
      if (typeof target !== 'string') return;
      const path = target.startsWith('#')
        ? target.slice(1)
        : target.startsWith('.')
          ? relative(root, resolve(context.filename, '..', target))
          : target;
      const message = refuse(file, path);
      if (message) context.report({ node, message });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};
