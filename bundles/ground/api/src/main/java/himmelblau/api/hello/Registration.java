package himmelblau.api.hello;

import himmelblau.api.domain.HelloKind;
import himmelblau.api.hsm.Key;
import org.osgi.annotation.versioning.ConsumerType;

/** Registers a new Hello key with a directory. */
@ConsumerType
@FunctionalInterface
public interface Registration<X extends Exception> {
  HelloKind register(Key key) throws X;
}
