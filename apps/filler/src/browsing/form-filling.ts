import type { BrowsingLimits, FormToSubmit, Submitted } from './messages.js';
import { fillForm, lookAtForm, pressButton } from './page-forms.js';
import type { Expected } from './request-gate.js';
import { DocumentGone, type Tab } from './tab.js';
import { tellUnlessExpected } from './trouble.js';
import { inTime } from '../in-time.js';

/** The filler answers every request sooner. */
const answerMsMax = 14_000;
const lookAgainMs = 30;
/** A page may be loaded anew while its form is filled; then it is filled once more, within this time. */
const fillMsMax = 15_000;

export interface FillingPage {
  readonly limits: Pick<BrowsingLimits, 'readyMsMax' | 'requestMsMax'>;
  unlessOver<T>(work: Promise<T>): Promise<T>;
  /** Waits for the forms, opens the page again if it must; false when they do not come. */
  showsForms(): Promise<boolean>;
}

/** Fills one form and presses its button, once: after that nothing is tried again, whatever becomes of the page. */
export class FormFilling {
  private isTouched = false;

  constructor(
    private readonly tab: Tab,
    private readonly form: FormToSubmit,
    private readonly expected: Expected,
    private readonly page: FillingPage,
  ) {}

  async submit(): Promise<Submitted['how']> {
    try {
      for (const end = performance.now() + fillMsMax; performance.now() < end; await this.pause()) {
        if (!(await this.page.showsForms())) return this.orBroken('untouched');
        const pressed = await this.fillAndPress().catch(unlessDocumentGone);
        if (pressed === 'no-form') return this.orBroken('untouched');
        if (pressed === 'not-ready') return 'not-pressed';
        if (pressed === 'pressed') return await this.outcome();
      }
      return 'not-pressed';
    } catch (error) {
      // The page, its browser or its visit is over: what became of the write is all that counts now.
      tellUnlessExpected(error);
      return this.orBroken('untouched');
    }
  }

  /** `changed`: the page was loaded anew meanwhile. */
  private async fillAndPress(): Promise<'pressed' | 'changed' | 'not-ready' | 'no-form'> {
    const { id, text, note } = this.form;
    // From the first key on a page may send what is typed.
    this.isTouched = true;
    if (!(await this.call(this.tab.call(fillForm, id, text, note)))) {
      this.isTouched = false;
      return 'no-form';
    }
    for (const end = performance.now() + this.page.limits.readyMsMax; performance.now() < end; await this.pause()) {
      const { ready, values } = await this.call(this.tab.call(lookAtForm, id));
      if (!ready) continue;
      return (await this.press(id, values)) ? 'pressed' : 'changed';
    }
    return 'not-ready';
  }

  /** A press whose answer does not come may have been one. */
  private async press(id: string, values: string): Promise<boolean> {
    try {
      return await this.call(this.tab.call(pressButton, id, values));
    } catch (error) {
      if (error instanceof DocumentGone) return true;
      throw error;
    }
  }

  private async outcome(): Promise<Submitted['how']> {
    const isSeen = await this.within(this.expected.seen, this.page.limits.requestMsMax);
    if (!isSeen) return 'no-request';
    return (await this.within(this.expected.answered, answerMsMax)) ? 'answered' : 'broken';
  }

  private orBroken(how: Submitted['how']): Submitted['how'] {
    return this.isTouched ? 'broken' : how;
  }

  private call<T>(work: Promise<T>): Promise<T> {
    return this.page.unlessOver(work);
  }

  private pause(): Promise<void> {
    return this.page.unlessOver(new Promise((done) => setTimeout(done, lookAgainMs)));
  }

  private async within(fact: Promise<void>, msMax: number): Promise<boolean> {
    const happened = fact.then(() => true);
    return (await this.page.unlessOver(inTime(happened, msMax))) ?? false;
  }
}

function unlessDocumentGone(error: unknown): 'changed' {
  if (!(error instanceof DocumentGone)) throw error;
  return 'changed';
}
