/** Grows when the same packages are bundled in another way. */
export const VENDOR_FORMAT = 3
