package himmelblau.api.domain;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Something that only some directories give after a sign-in, found with {@link Session#feature}.
 * Each feature is an interface of its own, so that {@link Session} does not change when one is
 * added, and a provider implements those that its directory has.
 */
@ConsumerType
public interface SessionFeature {}
