package himmelblau.directory.internal.lookup;

import himmelblau.api.directory.LookupAnswer;
import himmelblau.api.metrics.Counter;
import himmelblau.api.metrics.Metric;

/** Counts lookups that reach the daemon; those that the map answers do not. Thread-safe. */
final class LookupCounter {
  private final Counter lookups =
      new Counter(
          "himmelblau_lookups",
          "Lookups that reached the daemon, by what answered and the result",
          "source",
          "result");

  /** Where an answer came from. */
  enum Source {
    /** What is stored, or known not to exist. */
    CACHE("cache"),
    /** A question was sent for it. */
    DIRECTORY("directory");

    private final String word;

    Source(String word) {
      this.word = word;
    }
  }

  <T> LookupAnswer<T> counted(Source source, LookupAnswer<T> answer) {
    lookups.add(
        source.word,
        switch (answer) {
          case LookupAnswer.Found<T> found -> "found";
          case LookupAnswer.NotFound<T> none -> "not_found";
          case LookupAnswer.TryAgain<T> later -> "try_again";
          case LookupAnswer.Unavailable<T> broken -> "unavailable";
        });
    return answer;
  }

  Metric metric() {
    return lookups.metric();
  }
}
