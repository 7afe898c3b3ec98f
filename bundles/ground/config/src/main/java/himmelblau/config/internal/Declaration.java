package himmelblau.config.internal;

/**
 * An option that a bundle declares.
 *
 * @param line where, from 1
 */
record Declaration(Option option, int line) {}
