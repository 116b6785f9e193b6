const storageKey = 'lockstep.signed-in';

/** The session cookie cannot be read here; this remembers that there was one, so that visitors are never asked about theirs. */
export function mayBeSignedIn(): boolean {
  try {
    return localStorage.getItem(storageKey) !== null;
  } catch {
    return true; // no storage: only the server knows
  }
}

export function rememberSignIn(isSignedIn: boolean): void {
  try {
    if (isSignedIn) localStorage.setItem(storageKey, 'yes');
    else localStorage.removeItem(storageKey);
  } catch {
    // no storage: the server is asked instead
  }
}
