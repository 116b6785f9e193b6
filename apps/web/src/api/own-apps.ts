import { useSyncExternalStore } from 'react';

/**
 * An app that was submitted from this browser. The claim code is its owner's only proof, and nobody can give it again: it stays
 * here, also after the app was withdrawn, since joining again asks for it.
 */
export interface OwnApp {
  readonly appId: string;
  readonly name: string;
  readonly url?: string;
  readonly team?: string;
  /** The name on the board, when it is another one. Nobody but staff could say what is behind it, so all three are kept here. */
  readonly pseudonym?: string;
  readonly claimCode: string;
  readonly isWithdrawn?: boolean;
}

const storageKey = 'lockstep.own-apps';
const listeners = new Set<() => void>();
let remembered: { text: string | null; apps: readonly OwnApp[] } = { text: null, apps: [] };

function read(): readonly OwnApp[] {
  const text = stored();
  if (text !== remembered.text) remembered = { text, apps: parse(text) };
  return remembered.apps;
}

function parse(text: string | null): readonly OwnApp[] {
  try {
    const apps: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(apps) ? apps.filter(isOwnApp) : [];
  } catch {
    return [];
  }
}

const isOwnApp = (value: unknown): value is OwnApp =>
  typeof value === 'object' &&
  value !== null &&
  ['appId', 'name', 'claimCode'].every((key) => typeof (value as Record<string, unknown>)[key] === 'string');

/** A browser may refuse storage altogether (private windows, policies): the code is shown anyway. */
function stored(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return remembered.text;
  }
}

function write(apps: readonly OwnApp[]): void {
  const text = JSON.stringify(apps);
  try {
    localStorage.setItem(storageKey, text);
  } catch {
    remembered = { text, apps };
  }
  for (const listener of listeners) listener();
}

export const rememberOwnApp = (app: OwnApp): void =>
  write([app, ...read().filter((known) => known.appId !== app.appId)]);
export const markWithdrawn = (appId: string): void =>
  write(read().map((known) => (known.appId === appId ? { ...known, isWithdrawn: true } : known)));

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
}

/** Apps of this browser, the newest first; other windows are followed. */
export const useOwnApps = (): readonly OwnApp[] => useSyncExternalStore(subscribe, read);
