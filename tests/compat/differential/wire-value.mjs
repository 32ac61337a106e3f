// What becomes of a value on its way through JSON and binary attachments, and how two of them are compared.

/** The bytes of a Buffer, an ArrayBuffer or a view; undefined for anything else. */
export function bytesOf(value) {
    if (value instanceof ArrayBuffer) return Buffer.from(value);
    if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return undefined;
}

/** The value as the receiver has it: `replaceBytes` makes what stands for binary. */
export function travelled(value, replaceBytes = (bytes) => bytes) {
    const bytes = bytesOf(value);
    if (bytes) return replaceBytes(bytes);
    if (typeof value !== 'object' || value === null || typeof value.toJSON === 'function') return JSON.parse(JSON.stringify(value) ?? 'null');
    if (Array.isArray(value)) return value.map((item) => travelled(item, replaceBytes));
    const result = {};
    for (const [key, item] of Object.entries(value)) {
        if (item === undefined) continue; // JSON leaves such members out
        Object.defineProperty(result, key, { value: travelled(item, replaceBytes), enumerable: true, configurable: true, writable: true });
    }
    return result;
}

/** As text that differs whenever the values do, in the order of keys too. */
export function textOf(value) {
    return JSON.stringify(travelled(value, (bytes) => ({ '(binary)': bytes.toString('hex') })));
}
