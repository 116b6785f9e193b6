/// <reference lib="dom" />
/**
 * What happens inside the foreign page. These functions are sent to the browser as text, so each stands alone; they find the
 * three forms of the reference app by the ids that are its contract, and fill them as a person would.
 */

/** True when all three forms are mounted. */
export const formsAreMounted = (): boolean =>
  ['entry-input', 'mood-select', 'legacy-value-input'].every((id) => document.getElementById(id)?.closest('form'));

/**
 * Puts text into the fields of one form, as typing does (the value's own setter, then an input event, so that React and its
 * like notice). Returns false when a field is not there. `note`: the text area beside the mood.
 */
export const fillFields = (id: string, text: string, note: string | null): boolean => {
  const put = (element: Element | null | undefined, value: string): boolean => {
    if (!(element instanceof HTMLElement) || !('value' in element)) return false;
    const prototype = Object.getPrototypeOf(element) as object;
    Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(element, value);
    element.dispatchEvent(new Event('input', { bubbles: true }));
    element.dispatchEvent(new Event('change', { bubbles: true }));
    return true;
  };
  const field = document.getElementById(id);
  return put(field, text) && (note === null || put(field?.closest('form')?.querySelector('textarea'), note));
};

/** True when the form's own button can be pressed. A button without a type submits, as the page's buttons do. */
export const canSubmit = (id: string): boolean => {
  const button = document
    .getElementById(id)
    ?.closest('form')
    ?.querySelector('button:not([type="button"]):not([type="reset"]), input[type="submit"]');
  return button !== null && button !== undefined && !(button as HTMLButtonElement).disabled;
};

export const pressSubmit = (id: string): void => {
  const form = document.getElementById(id)?.closest('form');
  form?.querySelector<HTMLElement>('button:not([type="button"]):not([type="reset"]), input[type="submit"]')?.click();
};
