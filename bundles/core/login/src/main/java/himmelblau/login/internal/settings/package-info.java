/**
 * The options of {@code himmelblau.conf} that this bundle reads, as checked records; also the list
 * of who may use this host ({@code pam_allow_groups}).
 */
@NullMarked
package himmelblau.login.internal.settings;

import org.jspecify.annotations.NullMarked;
