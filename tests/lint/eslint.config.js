// How every script of the project is read: pages, their worker, tests. Run from the project's folder.
// What one file needs differently stands here, by name: comments that switch a rule off are not heard.
import js from '@eslint/js';
import globals from 'globals';

// Text from others becomes text only, and no text becomes code.
const MAKES_MARKUP = ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'setHTMLUnsafe', 'parseHTMLUnsafe', 'createContextualFragment', 'srcdoc'];
const noMarkup = MAKES_MARKUP.map((property) => ({ property, message: 'Build elements, and set textContent.' }));

export default [
    { linterOptions: { noInlineConfig: true } },
    js.configs.recommended,
    {
        languageOptions: { ecmaVersion: 2022, sourceType: 'module' },
        rules: {
            // Text stays text
            'no-restricted-properties': ['error', ...noMarkup,
                { object: 'document', property: 'write' }, { object: 'document', property: 'writeln' },
                { object: 'window', property: 'eval' }, { object: 'globalThis', property: 'eval' }],
            'no-restricted-syntax': ['error', {
                selector: 'CallExpression[callee.property.name="setAttribute"][arguments.0.value=/^(on|style$|srcdoc$)/i]',
                message: 'The pages\' policy forbids it: listeners by addEventListener, looks by style sheets.',
            }, {
                selector: 'NewExpression[callee.name="DOMParser"]',
                message: 'Build elements, and set textContent.',
            }],
            'no-eval': 'error',
            'no-implied-eval': 'error',
            'no-new-func': 'error',
            'no-script-url': 'error',
            // Nothing stands there unused, or twice
            'no-unused-vars': ['error', { args: 'after-used', argsIgnorePattern: '^_', caughtErrors: 'all', ignoreRestSiblings: true }],
            'no-duplicate-imports': 'error',
            'no-else-return': 'error',
            'no-lonely-if': 'error',
            'no-unneeded-ternary': 'error',
            'no-useless-call': 'error',
            'no-useless-computed-key': 'error',
            'no-useless-concat': 'error',
            'no-useless-constructor': 'error',
            'no-useless-rename': 'error',
            'no-useless-return': 'error',
            'no-extra-bind': 'error',
            // What is nearly always a mistake
            'array-callback-return': 'error',
            'default-case-last': 'error',
            'eqeqeq': ['error', 'always', { null: 'ignore' }],
            'no-constructor-return': 'error',
            'no-control-regex': 'off', // names are cleaned of just those
            'no-extend-native': 'error',
            'no-new-wrappers': 'error',
            'no-param-reassign': 'error',
            'no-return-assign': 'error',
            'no-self-compare': 'error',
            'no-sequences': 'error',
            'no-shadow': ['error', { allow: ['before', 'after'] }], // Node's hooks of tests
            'no-template-curly-in-string': 'error',
            'no-throw-literal': 'error',
            'no-unreachable-loop': 'error',
            'no-use-before-define': ['error', { functions: false, classes: false, variables: false }],
            'prefer-promise-reject-errors': 'error',
            'radix': 'error',
            // One way to write it
            'no-array-constructor': 'error',
            'no-labels': 'error',
            'no-multi-assign': 'error',
            'no-proto': 'error',
            'no-var': 'error',
            'no-void': 'error',
            'object-shorthand': 'error',
            'prefer-const': ['error', { destructuring: 'all' }],
            'prefer-exponentiation-operator': 'error',
            'prefer-object-has-own': 'error',
            'prefer-object-spread': 'error',
            'prefer-rest-params': 'error',
            'prefer-spread': 'error',
            'yoda': 'error',
        },
    },
    {
        files: ['public/**'],
        languageOptions: { globals: globals.browser },
        rules: {
            'max-lines': ['error', { max: 400, skipBlankLines: true }],
            'no-alert': 'error',
            'no-console': ['error', { allow: ['warn'] }],
        },
    },
    {
        // Every sentence of a language
        files: ['public/js/i18n/??.js'],
        rules: { 'max-lines': 'off' },
    },
    {
        // It reads the project's own sprite.
        files: ['public/js/ui/icon.js'],
        rules: { 'no-restricted-syntax': 'off' },
    },
    {
        files: ['tests/**', 'bench/**'],
        languageOptions: { globals: globals.node },
        rules: { 'no-script-url': 'off' }, // among what has to be refused
    },
    {
        // What they give to evaluate() runs in a page.
        files: ['tests/e2e/**'],
        languageOptions: { globals: { ...globals.browser, ...globals.node } },
    },
    {
        // A page of 2013, and the script library that its server gave it.
        files: ['tests/e2e/classic/main.js', 'tests/e2e/classic.test.mjs'],
        languageOptions: { globals: { io: 'readonly' } },
    },
    {
        files: ['tests/e2e/classic/main.js'],
        languageOptions: { sourceType: 'script' },
        rules: { 'no-redeclare': ['error', { builtinGlobals: false }], 'no-restricted-properties': 'off', 'no-shadow': 'off', 'no-var': 'off', 'prefer-rest-params': 'off', 'prefer-spread': 'off' },
    },
    {
        // An answer to JSONP is a script: it is run as a browser would.
        files: ['tests/compat/probes/framing.test.mjs'],
        rules: { 'no-new-func': 'off' },
    },
    {
        // Numbers that no double holds.
        files: ['tests/compat/clients.test.mjs'],
        rules: { 'no-loss-of-precision': 'off' },
    },
];
