const UNSTORABLE = /[\0\p{Surrogate}]/gu // with this flag, a surrogate is one without its other half

/** As the database can hold it: what a preview says may have anything in it, and a cut may halve a character. */
export const storable = (text: string) => text.replace(UNSTORABLE, '\ufffd')
