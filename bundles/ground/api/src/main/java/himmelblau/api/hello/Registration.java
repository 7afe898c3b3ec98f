package himmelblau.api.hello;

import himmelblau.api.domain.HelloKind;
import himmelblau.api.hsm.Key;

/** Tells a directory about a new Hello key. */
@FunctionalInterface
public interface Registration<X extends Exception> {
  HelloKind register(Key key) throws X;
}
