import { useSyncExternalStore } from 'react';

const storageKey = 'lockstep.single-keys';
const listeners = new Set<() => void>();
let inMemory = true;

function read(): boolean {
  try {
    return localStorage.getItem(storageKey) !== 'off';
  } catch {
    return inMemory;
  }
}

/** Single keys hinder people who speak to their computer, so they can be switched off (WCAG 2.1.4). */
export const useSingleKeys = (): boolean =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, read);

export function setSingleKeys(isOn: boolean): void {
  inMemory = isOn;
  try {
    localStorage.setItem(storageKey, isOn ? 'on' : 'off');
  } catch {
    // no storage: it holds until the page is left
  }
  for (const listener of listeners) listener();
}
