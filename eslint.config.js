import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { boundaries } from './eslint.boundaries.js';

const limits = {
  'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
  'max-params': ['error', 4],
};
const noLimits = { 'max-lines-per-function': 'off', 'max-lines': ['error', 600], 'max-params': 'off' };

/** A domain file could run in a browser: no clock, no randomness, no environment. Imports are held by the boundaries rule. */
const pure = {
  'no-restricted-syntax': [
    'error',
    { selector: "MemberExpression[object.name='Date'][property.name='now']", message: 'Time is an argument.' },
    { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Time is an argument.' },
    { selector: "MemberExpression[object.name='Math'][property.name='random']", message: 'Randomness is an argument.' },
    { selector: "MemberExpression[object.name='crypto']", message: 'Ids and randomness are arguments.' },
    { selector: "Identifier[name='process']", message: 'Configuration is an argument.' },
    { selector: 'FunctionDeclaration[async=true]', message: 'Nothing in a domain waits.' },
    { selector: 'ArrowFunctionExpression[async=true]', message: 'Nothing in a domain waits.' },
  ],
};

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.cache/', '.lockstep/', 'coverage/'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommended],
    plugins: { lockstep: { rules: { boundaries } } },
    languageOptions: {
      parserOptions: { project: ['./tsconfig.json', './apps/web/tsconfig.json'], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      ...limits,
      'lockstep/boundaries': 'error',
      'no-useless-assignment': 'off', // it does not see uses in decorators of parameters
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  { files: ['apps/web/**/*.tsx'], rules: { 'max-lines-per-function': ['error', { max: 90, skipBlankLines: true }] } },
  {
    files: ['apps/*/src/domain/**/*.ts', 'libs/{parity,proof}/src/**/*.ts', 'libs/replication/src/pure/**/*.ts'],
    rules: pure,
  },
  {
    files: ['**/*.spec.ts', '**/*-spec.ts', 'test/**', 'bench/**'],
    rules: { ...noLimits, 'no-restricted-syntax': 'off' },
  },
  {
    files: ['**/*.mjs', '*.js'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', URL: 'readonly', setTimeout: 'readonly', fetch: 'readonly' },
    },
  },
);
