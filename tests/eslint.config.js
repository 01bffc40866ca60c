// Lints of the scripts under tests/; the screens have their own in ui/.
import js from '@eslint/js';
import globals from 'globals';

export default [
  js.configs.recommended,
  {
    // Functions of these are carried into the page and run there.
    files: ['**/e2e/*.mjs'],
    languageOptions: { globals: globals.browser },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: globals.node },
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-control-regex': 'off',
    },
  },
];
