import { Command } from 'commander';
import { hostAll, type Plan } from '../up/running-services.js';

/** Runs the services of a lab beside the first, in a process of its own, which ends with the installation. */
export const labServicesCommand = (): Command =>
  new Command('lab-services').description('(internal) runs the services of one lab').action(async () => {
    const running = await hostAll(JSON.parse(process.env['LOCKSTEP_LAB_PLAN'] ?? '{}') as Plan);
    process.stdout.write(`${JSON.stringify({ msg: 'ready' })}\n`);
    await new Promise<void>((done) => process.once('SIGTERM', () => done()));
    await running.stop();
  });
