import { Injectable } from '@nestjs/common';
import { viewOf, type Trial } from './preflight-view.js';
import { Problem } from '#libs/contracts/src/problem.js';
import {
  BeginPreflight,
  BeginTrialWrite,
  GetPreflight,
  GetTrialWrite,
  type PreflightView,
  type ReadPreflight,
} from '#libs/contracts/src/preflight.js';
import { Requests } from '#libs/messaging/src/requests.js';

/** One look at an app, of which the comparator does the reading and the filler the writing. */
@Injectable()
export class Preflights {
  constructor(private readonly requests: Requests) {}

  async begin(preflightId: string, url: string): Promise<PreflightView> {
    await this.requests.ask(BeginPreflight, { preflightId, url });
    return viewOf(preflightId, await this.read(preflightId), 'not-asked');
  }

  async show(preflightId: string): Promise<PreflightView> {
    const preflight = await this.read(preflightId);
    const trial = preflight.isOver && preflight.isReadable ? await this.trial(preflightId) : 'not-asked';
    return viewOf(preflightId, preflight, trial);
  }

  /** Only into an app that shows what an app of this lab shows: nobody else's is written to. */
  async write(preflightId: string): Promise<PreflightView> {
    const preflight = await this.read(preflightId);
    if (!preflight.isOver || !preflight.isReadable) {
      const why = preflight.isOver ? 'could not be read' : 'is still being read';
      throw new Problem('conflict', `The app ${why}: nothing is written to it.`, 'Write once all of it could be read.');
    }
    await this.requests.ask(BeginTrialWrite, { preflightId, url: preflight.url });
    return viewOf(preflightId, preflight, await this.trial(preflightId));
  }

  private async read(preflightId: string): Promise<ReadPreflight> {
    const { preflight } = await this.requests.ask(GetPreflight, { preflightId });
    if (preflight) return preflight;
    const next = 'Check the address again.';
    throw new Problem('not-found', 'This pre-flight is not known here: each is kept for an hour.', next);
  }

  /** What was read stays worth showing while the filler is away. */
  private async trial(preflightId: string): Promise<Trial> {
    try {
      const { trial } = await this.requests.ask(GetTrialWrite, { preflightId });
      return !trial ? 'not-asked' : (trial.line ?? 'under-way');
    } catch (error) {
      if (!(error instanceof Problem) || error.type !== 'service-down') throw error;
      const sentence = `Our side failed: ${error.document.detail}`;
      return { check: 'write', state: 'unknown', sentence, next: 'Check again in a moment.', ms: null };
    }
  }
}
