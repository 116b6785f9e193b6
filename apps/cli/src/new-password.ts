import { callAt, type Gateway } from './api.js';
import { newPassword as reply, type NewPassword } from '#libs/contracts/src/gateway.js';

/** The gateway makes a new password for an account, the first one by default; the old one and its sessions end. */
export const newPassword = (gateway: Gateway, name = 'admin'): Promise<NewPassword> =>
  callAt(gateway, reply, ['POST', `/api/v1/accounts/${encodeURIComponent(name)}/password`]);
