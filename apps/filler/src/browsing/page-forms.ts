/// <reference lib="dom" />
/**
 * What happens inside the foreign page. These functions are sent to the browser as text, so each stands alone. They run in a world of
 * their own: they share the page's elements and nothing of its scripts, so that a page can neither replace what they call nor throw
 * into them. They find the three forms of the reference app by the ids that are its contract, and fill them as a person would.
 */

/**
 * Whether all three forms are mounted in a page that is not about to be left, and the status that the document came with (0 when there
 * was none). Also listens from now on for the page's leaving: what is pressed after that is lost with the document.
 */
export const lookAtPage = (): { mounted: boolean; status: number } => {
  const leavingMsMax = 2_000; // a download is announced like a page, and nothing is left for it
  const ours = globalThis as unknown as { lockstep?: { leavingAt: number; isLeaving(): boolean } };
  if (!ours.lockstep) {
    const state = {
      leavingAt: Number.NEGATIVE_INFINITY,
      isLeaving: () => performance.now() - state.leavingAt < leavingMsMax,
    };
    ours.lockstep = state;
    const { navigation: moves } = globalThis as unknown as { navigation?: EventTarget };
    moves?.addEventListener('navigate', (event) => {
      const { sameDocument } = (event as unknown as { destination: { sameDocument: boolean } }).destination;
      if (!sameDocument) state.leavingAt = performance.now();
    });
  }
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  const mounted = ['entry-input', 'mood-select', 'legacy-value-input'].every((id) =>
    document.getElementById(id)?.closest('form'),
  );
  return { mounted: mounted && !ours.lockstep.isLeaving(), status: navigation?.responseStatus ?? 0 };
};

/**
 * Gives the page time to do what it does after an answer, as loading itself anew: a form that is sent in the moment before is lost with
 * its document. The page's own clock, so that a page that is slow has longer.
 */
export const letPageReact = (): Promise<void> => {
  const reactionMs = 80;
  return new Promise((done) => setTimeout(done, reactionMs));
};

/** Puts text into the fields of one form, as typing does; false when a field is not there. `note`: the text area beside the mood. */
export const fillForm = (id: string, text: string, note: string | null): boolean => {
  const field = document.getElementById(id);
  const beside = field?.closest('form')?.querySelector('textarea') ?? null;
  const takesText = [HTMLInputElement, HTMLSelectElement, HTMLTextAreaElement].some((kind) => field instanceof kind);
  if (!takesText || (note !== null && !beside)) return false;
  const put = (element: HTMLInputElement, value: string) => {
    element.value = value;
    element.dispatchEvent(new Event('input', { bubbles: true }));
    element.dispatchEvent(new Event('change', { bubbles: true }));
  };
  put(field as HTMLInputElement, text);
  if (note !== null) put(beside as unknown as HTMLInputElement, note);
  return true;
};

/** What the fields hold now, and whether the form's own button can be pressed. A button without a type submits, as the page's do. */
export const lookAtForm = (id: string): { ready: boolean; values: string } => {
  const field = document.getElementById(id) as HTMLInputElement | null;
  const form = field?.closest('form');
  const button = form?.querySelector<HTMLButtonElement>(
    'button:not([type="button"]):not([type="reset"]), input[type="submit"]',
  );
  const values = JSON.stringify([field?.value, form?.querySelector('textarea')?.value]);
  return { ready: button !== null && button !== undefined && !button.disabled, values };
};

/** Presses the button if the fields still hold `values`: in a page that was loaded anew meanwhile they do not; nor in one that is leaving. */
export const pressButton = (id: string, values: string): boolean => {
  const { lockstep } = globalThis as unknown as { lockstep?: { isLeaving(): boolean } };
  if (lockstep?.isLeaving()) return false;
  const field = document.getElementById(id) as HTMLInputElement | null;
  const form = field?.closest('form');
  if (JSON.stringify([field?.value, form?.querySelector('textarea')?.value]) !== values) return false;
  const button = form?.querySelector<HTMLButtonElement>(
    'button:not([type="button"]):not([type="reset"]), input[type="submit"]',
  );
  if (!button || button.disabled) return false;
  button.click();
  return true;
};
