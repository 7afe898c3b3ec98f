/**
 * The dialogue with the user in one PAM call: the texts, the questions, what was typed so far,
 * where the call comes from, and how an attempt ends without success.
 */
@NullMarked
package himmelblau.login.internal.conversation;

import org.jspecify.annotations.NullMarked;
