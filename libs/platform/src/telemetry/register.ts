/**
 * Loaded with `node --import` before anything else, so that pg and undici are traced from their first import on.
 * HTTP servers are traced by our own hook (http-trace.ts), which knows routes and refuses a stranger's trace context.
 */
import { register } from 'import-in-the-middle/register-hooks.mjs';

register({ include: ['pg', 'pg-pool'] });
const { registerInstrumentations } = await import('@opentelemetry/instrumentation');
const { PgInstrumentation } = await import('@opentelemetry/instrumentation-pg');
const { installTelemetry } = await import('./install.js');
const { routingProvider } = await import('./providers.js');

installTelemetry();
registerInstrumentations({
  tracerProvider: routingProvider,
  instrumentations: [new PgInstrumentation({ requireParentSpan: true, ignoreConnectSpans: true })],
});
