/**
 * What follows from an answer of the directory: the account is compared and recorded; a refusal may
 * disable the account on this host or end the membership of the host.
 */
@NullMarked
package himmelblau.login.internal.outcome;

import org.jspecify.annotations.NullMarked;
