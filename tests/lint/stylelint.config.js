// How style sheets are read. Run from the project's folder.
export default {
    extends: 'stylelint-config-standard',
    reportNeedlessDisables: true,
    reportInvalidScopeDisables: true,
    reportUnscopedDisables: true,
    rules: {
        // The sheets are sent as they are written: dense, and no byte for the looks of the source.
        'at-rule-empty-line-before': null,
        'comment-empty-line-before': null,
        'custom-property-empty-line-before': null,
        'declaration-block-single-line-max-declarations': null,
        'rule-empty-line-before': null,
        'selector-attribute-quotes': 'never',
        'selector-not-notation': null, // the two weigh differently
        // As browsers of three years ago read it
        'media-feature-range-notation': 'prefix',
        'property-no-vendor-prefix': [true, { ignoreProperties: ['text-size-adjust'] }],
        // Longer in two properties, but shorter to read
        'declaration-block-no-redundant-longhand-properties': null,
        'value-keyword-case': ['lower', { camelCaseSvgKeywords: true, ignoreProperties: ['/^--(font|mono)$/'] }],
        // Components stand beside each other; their parts have the weight they need.
        'no-descending-specificity': null,
        // Colours and layers
        'color-named': 'never',
        'declaration-property-value-disallowed-list': { '/^(margin|padding|border|inset)/': ['/^(left|right)$/'] },
        'property-disallowed-list': ['left', 'right', 'margin-left', 'margin-right', 'padding-left', 'padding-right', 'border-left', 'border-right'],
        'function-url-scheme-disallowed-list': ['http', 'https', '//'],
        'at-rule-disallowed-list': ['import'],
    },
};
