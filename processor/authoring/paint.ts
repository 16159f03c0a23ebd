/** How a part of a text looks in a terminal: a colour of Node's `styleText`. */
export type Colour = 'red' | 'green' | 'yellow' | 'bold' | 'dim' | 'cyan'

/** Colours a text for a terminal, or leaves it as it is. */
export type Paint = (colour: Colour, text: string) => string
