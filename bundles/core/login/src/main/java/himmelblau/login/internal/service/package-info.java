/** What the programs that call PAM can show and ask: one table, docs/login-services.md. */
@NullMarked
package himmelblau.login.internal.service;

import org.jspecify.annotations.NullMarked;
