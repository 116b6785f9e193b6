import type { FromBrowsing, PageAnswer, PausedPost, ToBrowsing } from './messages.js';
import { tellUnlessExpected } from './trouble.js';
import { Visit, type VisitParts } from './visit.js';

interface Open {
  readonly visit: Visit;
  /** What waits for the filler's answer, by its number. */
  readonly posts: Map<number, (answer: PageAnswer | null) => void>;
}

/** The visits of this process: does what the filler says, and tells it what comes of it. */
export class Visits {
  private readonly open = new Map<number, Open>();
  private lastPost = 0;

  constructor(
    private readonly parts: Omit<VisitParts, 'carry'>,
    private readonly say: (message: FromBrowsing) => void,
  ) {}

  hear(message: ToBrowsing): void {
    void this.obey(message).catch(tellUnlessExpected);
  }

  private async obey(message: ToBrowsing): Promise<void> {
    const { visit: number } = message;
    if (message.do === 'open') return this.begin(number, message.appUrl);
    const one = this.open.get(number);
    if (message.do === 'close') return this.end(number, one);
    if (!one) return;
    if (message.do === 'answer') return this.answer(one, message.post, message.answer);
    this.say({ said: 'submitted', visit: number, how: await one.visit.submit(message.form) });
  }

  private async begin(number: number, appUrl: string): Promise<void> {
    const posts: Open['posts'] = new Map();
    const carry = (request: PausedPost) =>
      new Promise<PageAnswer | null>((resolve) => {
        const post = (this.lastPost += 1);
        posts.set(post, resolve);
        this.say({ said: 'post', visit: number, post, request });
      });
    const visit = new Visit(appUrl, { ...this.parts, carry });
    this.open.set(number, { visit, posts });
    this.say({ said: 'opened', visit: number, failure: await visit.open() });
  }

  private answer({ posts }: Open, post: number, answer: PageAnswer | null): void {
    posts.get(post)?.(answer);
    posts.delete(post);
  }

  private async end(number: number, one: Open | undefined): Promise<void> {
    this.open.delete(number);
    for (const resolve of one?.posts.values() ?? []) resolve(null);
    await one?.visit.close();
    this.say({ said: 'closed', visit: number });
  }
}
