/** Injection token for the name of the service that a provider runs in. */
export const SERVICE = Symbol('service');
