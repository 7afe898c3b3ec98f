package himmelblau.sso.internal;

import java.util.Optional;

/**
 * The request of a program to a resource that a proof of possession is for (sso-broker 1.8).
 *
 * @param kid of the program's own key; empty: the key that is made here for the user
 * @param method of HTTP
 * @param host of the resource, with a port that is not the usual one
 * @param path at the resource
 * @param nonce of the resource
 * @param clientClaims what else the program wants to have signed
 * @param homeAccountId whose proof it is to be
 */
record PopParameters(
    Optional<String> kid,
    Optional<String> method,
    Optional<String> host,
    Optional<String> path,
    Optional<String> nonce,
    Optional<String> clientClaims,
    Optional<String> homeAccountId) {}
