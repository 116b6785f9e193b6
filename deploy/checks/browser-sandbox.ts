import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../checkout.js';
import { about, unless, type Findings } from '../findings.js';
import { appOf, readText, type Layout } from '../layout.js';

/** What Chromium's sandbox does on its way down, and what must stay refused although user namespaces are open. */
const sandboxCalls = ['clone', 'clone3', 'unshare', 'chroot', 'prctl', 'seccomp'];
const refusedCalls = ['mount', 'umount2', 'pivot_root', 'setns', 'bpf', 'init_module', 'keyctl', 'perf_event_open'];

interface SeccompProfile {
  readonly defaultAction: string;
  readonly syscalls: readonly { readonly names: readonly string[]; readonly action: string }[];
}

/** The container with the browser has a seccomp profile that leaves Chromium its sandbox, and little else. */
export function checkBrowserSandbox({ compose }: Layout, read = readText): Findings {
  const filler = Object.values(compose.services).find((service) => appOf(service) === 'filler');
  const path = filler?.security_opt?.map((option) => /^seccomp[=:](.+)$/.exec(option)?.[1]).find(Boolean);
  if (path === undefined)
    return ["docker-compose.yml, filler: name a seccomp profile, or Chromium's sandbox cannot start"];
  if (!existsSync(join(root, path))) return [`docker-compose.yml, filler: its seccomp profile ${path} does not exist`];
  const { defaultAction, syscalls } = JSON.parse(read(path)) as SeccompProfile;
  const refused = syscalls.filter(({ action }) => action === 'SCMP_ACT_ERRNO').flatMap(({ names }) => names);
  return about(path, [
    ...unless(defaultAction === 'SCMP_ACT_ALLOW', 'defaultAction must be SCMP_ACT_ALLOW: it lists what is refused'),
    ...sandboxCalls.flatMap((call) => unless(!refused.includes(call), `the sandbox needs ${call}`)),
    ...refusedCalls.flatMap((call) => unless(refused.includes(call), `${call} must be refused`)),
  ]);
}
