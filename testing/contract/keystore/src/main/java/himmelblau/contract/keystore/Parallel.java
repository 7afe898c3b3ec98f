package himmelblau.contract.keystore;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs the same work on several threads and fails when one of them does. */
final class Parallel {
  private Parallel() {}

  /** Work that knows which thread it is on. */
  interface Work {
    void run(int number) throws Exception;
  }

  static void run(int threads, Work work) throws Exception {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int number = i;
        running.add(
            executor.submit(
                () -> {
                  work.run(number);
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
  }
}
