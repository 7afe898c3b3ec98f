package himmelblau.api.hello;

import himmelblau.api.domain.HelloKind;
import himmelblau.api.hsm.Key;

/** Registers a new Hello key with a directory. */
@FunctionalInterface
public interface Registration<X extends Exception> {
  HelloKind register(Key key) throws X;
}
