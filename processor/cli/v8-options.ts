/**
 * Options of V8 that the command runs with, and that who embeds the engine may give to `node`.
 *
 * The engine's loops are made of many small functions. V8 takes them into one another up to a budget of instructions
 * that suits applications; with more of it the engine spends about 5 % less (bench/README.md).
 */
export const V8_OPTIONS: readonly string[] = ['--max-inlined-bytecode-size-cumulative=2500']
