package himmelblau.api.directory;

/** The result of a lookup. Lookups never throw an exception. */
public sealed interface LookupAnswer<T> {
  /** Known. */
  record Found<T>(T value) implements LookupAnswer<T> {}

  /** Known not to exist. */
  record NotFound<T>() implements LookupAnswer<T> {}

  /**
   * No answer before the deadline; the query continues in the background, so a later attempt may
   * succeed.
   */
  record TryAgain<T>() implements LookupAnswer<T> {}

  /** The directory cannot work (not configured, store broken). */
  record Unavailable<T>() implements LookupAnswer<T> {}
}
