package himmelblau.api.directory;

/** What a lookup came to. Lookups fail soft: never an exception. */
public sealed interface LookupAnswer<T> {
  /** Known. */
  record Found<T>(T value) implements LookupAnswer<T> {}

  /** Known not to exist. */
  record NotFound<T>() implements LookupAnswer<T> {}

  /** Not known before the deadline; asked in the background, so a later try may succeed. */
  record TryAgain<T>() implements LookupAnswer<T> {}

  /** The directory cannot work (not configured, store broken). */
  record Unavailable<T>() implements LookupAnswer<T> {}
}
