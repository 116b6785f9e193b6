import { callAt } from './api.js';
import type { NewPassword } from '#libs/contracts/src/gateway.js';

/** The gateway makes a new password for an account, the first one by default; the old one and its sessions end. */
export const newPassword = (
  gateway: { readonly url: string; readonly token: string | undefined },
  name = 'admin',
): Promise<NewPassword> => callAt(gateway, 'POST', `/api/v1/accounts/${encodeURIComponent(name)}/password`);
