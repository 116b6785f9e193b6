/**
 * The judge's process. Reads foreign bodies and nothing else: it has no credentials, no files but the program, little memory.
 * One job at a time over the channel to its parent; it ends with its parent.
 */
import type { JudgeJob } from './judge-job.js';
import { judgeLook } from './judge-look.js';

process.on('message', (job: JudgeJob) => {
  process.send!(judgeLook(job));
});
process.on('disconnect', () => process.exit(0));
