/**
 * Named points in the product where a test may break things; without an armed action a point does nothing.
 * `LOCKSTEP_FAILPOINTS="relay:published=kill@3,inbox:committed=throw"` arms them in a process of its own:
 * `kill` ends the process at once with SIGKILL, `throw` throws, `hang` never goes on; `@n` waits for the n-th pass.
 */
export const failpoints = [
  'log:committed',
  'log:numbered',
  'relay:published',
  'relay:marked',
  'inbox:received',
  'inbox:applied',
  'inbox:committed',
  'worker:claimed',
  'worker:acted',
  'worker:recorded',
  'fill:marked-sent',
  'fill:sent',
] as const;
export type Failpoint = (typeof failpoints)[number];
export type FailpointAction = () => void | Promise<void>;

const armed = new Map<Failpoint, FailpointAction>();

export function passing(point: Failpoint): void | Promise<void> {
  return armed.get(point)?.();
}

/** Returns a function that disarms the point again. */
export function armFailpoint(point: Failpoint, action: FailpointAction): () => void {
  armed.set(point, action);
  return () => void armed.delete(point);
}

/** Arms what the text names; an unknown name or action is refused, so that a fault test cannot test nothing. */
export function armFailpoints(spec: string): void {
  for (const part of spec.split(',').filter(Boolean)) {
    const match = /^([a-z-]+:[a-z-]+)=(kill|throw|hang)(?:@(\d+))?$/.exec(part.trim());
    const point = failpoints.find((name) => name === match?.[1]);
    if (!match || !point) throw new Error(`failpoint not understood: ${part}`);
    armFailpoint(point, afterPasses(Number(match[3] ?? 1), actions[match[2] as keyof typeof actions]));
  }
}

const actions = {
  kill: () => process.kill(process.pid, 'SIGKILL'),
  throw: () => {
    throw new Error('failpoint');
  },
  hang: () => new Promise<void>(() => {}),
};

function afterPasses(passes: number, action: () => unknown): FailpointAction {
  let seen = 0;
  return () => {
    seen += 1;
    if (seen === passes) return action() as void | Promise<void>;
  };
}
