import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

const tauri = {
  group: ['@tauri-apps/*'],
  message: 'Only src/host.ts and src/generated speak to Tauri; call host() instead.',
};
const nouns = {
  group: [
    '**/work_order/*',
    '**/person/*',
    '**/sync/*',
    '**/search/*',
    '**/views/*',
    '**/generated/*',
    '**/host',
  ],
  message: 'shared knows no noun; move the code to its noun.',
};

const inlineStyle = {
  selector: 'SvelteAttribute[key.name="style"]',
  message: 'The content policy forbids style attributes; use a class or a style: directive.',
};

export default ts.config(
  { ignores: ['**/dist/**', '**/test/pictures/**', '**/src/generated/**'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-restricted-imports': ['error', { patterns: [tauri] }],
      eqeqeq: 'error',
    },
  },
  { files: ['**/src/host.ts'], rules: { 'no-restricted-imports': 'off' } },
  {
    files: ['**/src/shared/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [tauri, nouns] }] },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: { 'no-undef': 'off', 'prefer-const': 'off', 'no-restricted-syntax': ['error', inlineStyle] },
  },
  { files: ['**/*.ts'], rules: { 'no-undef': 'off' } },
);
